from __future__ import annotations

import pandas as pd

from features.archive import Archive
from training.course import Lesson
from training.examples import examples_of, first_eves


def test_examples_are_seen_from_the_eve_of_the_first_inquiry(small_archive: Archive) -> None:
    eves = first_eves(small_archive.ledger)
    first = small_archive.ledger["inquiries"].groupby("debtor_id")["requested_on"].min()
    days = first.loc[eves["debtor_id"]].to_numpy() - eves["day"].to_numpy()
    assert set(pd.to_timedelta(days).days) == {1}


def test_no_pair_comes_twice_and_shares_stay_within_the_arrears(small_archive: Archive) -> None:
    found = examples_of(small_archive)
    pairs = pd.DataFrame({"case": found.pairs.case, "target": found.pairs.target})
    assert not pairs.duplicated().any()
    assert found.outcomes.share.min() >= 0.0
    assert found.outcomes.share.max() <= 1.0
    assert set(found.outcomes.hit) == {0.0, 1.0}


def test_what_nobody_answered_is_no_example_of_an_answer(small_archive: Archive) -> None:
    found = examples_of(small_archive)
    replied = small_archive.ledger["replies"]["inquiry_id"].nunique()
    assert 0 < found.asked <= replied


def test_the_same_ledger_teaches_the_same(small_lesson: Lesson, small_archive: Archive) -> None:
    again = examples_of(small_archive)
    assert again.hits == small_lesson.examples.hits
    pd.testing.assert_series_equal(again.arrears, small_lesson.examples.arrears)
