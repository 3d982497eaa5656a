"""A case is reckoned on the day of its records, however much later something is told."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.archive import Archive
from features.candidates import candidates_of
from features.follow_up import FollowUp
from features.law import open_cases, routed
from features.ledger.snapshot import Ledger
from features.ledger.told import FOUND, NONE, Told
from features.matrix import build_matrix
from features.profile import PROFILE_FEATURES
from models.advice import CaseAdvice
from models.adviser import Adviser
from models.follow_up import follow_up
from models.what_if import what_if
from training.course import Lesson

LATE = 240
OWN_OF_INQUIRIES = {each.name for each in PROFILE_FEATURES if each.record in ("inquiries", "replies")}
"""Facts of a case that what was told itself changes."""


@pytest.fixture(scope="module")
def adviser(small_ledger: Ledger, small_lesson: Lesson, small_archive: Archive) -> Adviser:
    return Adviser(small_lesson.bundle, small_ledger, small_archive)


@pytest.fixture(scope="module")
def cases(adviser: Adviser) -> list[CaseAdvice]:
    """Cases with a full list of targets, those whose next debt lapses within the 240 days first."""
    found = open_cases(adviser.ledger, adviser.ledger.day)
    free = [str(each) for each in found["debtor_id"][~routed(adviser.ledger, found)]]
    debts = adviser.ledger["debts"]
    ahead = debts["prescribes_on"] - pd.Timestamp(adviser.ledger.day)
    lapse = set(debts.loc[(ahead > pd.Timedelta(0)) & (ahead <= pd.Timedelta(days=LATE)), "debtor_id"])
    full = [each for each in adviser.advise(free[:150]) if len(each.targets) == 10]
    assert lapse & {each.debtor_id for each in full}
    return sorted(full, key=lambda each: each.debtor_id not in lapse)[:8]


def told_of(advice: CaseAdvice, places: int, answered: bool, later: int) -> list[Told]:
    asked = advice.day + timedelta(days=later)
    replied = asked + timedelta(days=9) if answered else None
    results = [NONE, FOUND, NONE] if answered else [""] * 3
    yen = [None, 15_000, None] if answered else [None] * 3
    targets = advice.targets[:places]
    return [
        Told(advice.debtor_id, t.target_kind, t.target_code, asked, replied, result, balance)
        for t, result, balance in zip(targets, results, yen, strict=False)
    ]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_moves_with_the_days_between_the_records_and_what_is_told(
    adviser: Adviser, cases: list[CaseAdvice], data: st.DataObject
) -> None:
    advice = cases[data.draw(st.integers(0, len(cases) - 1))]
    places, answered = data.draw(st.integers(1, 3)), data.draw(st.booleans())
    later = data.draw(st.integers(1, 400))
    at_once = follow_up(adviser, advice.debtor_id, told_of(advice, places, answered, 0))
    assert follow_up(adviser, advice.debtor_id, told_of(advice, places, answered, later)) == at_once


def test_choosing_alone_leaves_the_facts_of_a_case_as_they_were(
    adviser: Adviser, cases: list[CaseAdvice]
) -> None:
    for before in cases:
        after = follow_up(adviser, before.debtor_id, told_of(before, 3, answered=False, later=LATE))
        assert (after.day, after.arrears, after.gates) == (before.day, before.arrears, before.gates)
        assert after.finding is not None
        assert before.finding is not None
        assert after.finding.hard == before.finding.hard


def test_untouched_targets_keep_their_facts(adviser: Adviser, cases: list[CaseAdvice]) -> None:
    for before in cases:
        said = told_of(before, 3, answered=False, later=LATE)
        one = adviser.cases_of([before.debtor_id])
        quick = FollowUp(adviser.archive, [each.by(adviser.ledger.day) for each in said])
        was = build_matrix(adviser.archive, candidates_of(adviser.archive, one))
        now = build_matrix(quick, candidates_of(quick, one))
        assert now.pairs.target.tolist() == was.pairs.target.tolist()
        keys = {(each.target_kind, each.target_code) for each in said}
        targets = was.pairs.targets.iloc[was.pairs.target]
        left = [key not in keys for key in zip(targets["target_kind"], targets["target_code"], strict=True)]
        facts = [name for name in was.values if name not in OWN_OF_INQUIRIES]
        pd.testing.assert_frame_equal(now.values.loc[left, facts], was.values.loc[left, facts])


def test_a_supposition_is_reckoned_on_the_same_day(adviser: Adviser, cases: list[CaseAdvice]) -> None:
    at_once, later = (told_of(cases[0], 2, answered=True, later=days) for days in (0, LATE))
    supposed = what_if(adviser, cases[0].debtor_id, [], told=later)
    assert (supposed.day, supposed.arrears) == (cases[0].day, cases[0].arrears)
    assert supposed == what_if(adviser, cases[0].debtor_id, [], told=at_once)
