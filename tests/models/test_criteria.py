from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from features.profile import PROFILE_FEATURES
from models.capacity import capacities, hardest, most_hard
from models.criteria import CRITERIA, EARLIER_WORK, ENGLISH, shares_of, told_shares, told_shares_in_english
from models.difficulty import INPUTS
from models.recurrence import known_before, recurring_share


def test_every_published_criterion_reads_columns_that_exist_and_none_twice() -> None:
    named = [column for criterion in CRITERIA for column in criterion.inputs]
    assert set(named) <= set(INPUTS)
    assert len(named) == len(set(named))
    assert len(CRITERIA) == 7


def test_shares_by_criterion_still_add_up() -> None:
    rng = np.random.default_rng(0)
    contributions = pd.DataFrame(rng.normal(0, 0.1, (20, len(INPUTS))), columns=list(INPUTS))
    shares = shares_of(contributions, {"salary": "給与収入"})
    np.testing.assert_allclose(shares.sum(axis=1), contributions.sum(axis=1))
    assert shares["法人"].tolist() == contributions["company"].tolist()
    assert "給与収入" in shares
    assert told_shares(shares.iloc[:0]) == []


def test_every_label_that_moves_the_minutes_has_an_english_name() -> None:
    labels = {feature.name: feature.label for feature in PROFILE_FEATURES}
    shares = shares_of(pd.DataFrame(0.1, index=[0], columns=list(INPUTS)), labels)
    assert set(shares.columns) | {EARLIER_WORK} == set(ENGLISH)
    assert all(name.isascii() for name in ENGLISH.values())
    told = told_shares_in_english(shares, len(shares.columns))
    assert told[0].isascii()
    assert told[0].count("%") == told_shares(shares, len(shares.columns))[0].count("%")


def test_what_is_too_small_to_matter_is_not_told() -> None:
    assert told_shares(pd.DataFrame({"法人": [0.001], "年齢": [-0.001]})) == [""]
    assert told_shares_in_english(pd.DataFrame({"法人": [0.001]})) == [""]


def test_a_debtor_who_took_long_is_expected_to_take_long_again() -> None:
    rng = np.random.default_rng(1)
    debtors = pd.Series(np.tile(np.arange(2000), 2))
    own = rng.normal(0, 0.2, 2000)
    rest = np.tile(own, 2) + rng.normal(0, 0.2, 4000)
    share = recurring_share(rest, debtors)
    assert share == pytest.approx(0.5, abs=0.06)
    before = known_before(rest[:2000], debtors[:2000], share)
    assert np.corrcoef(before, own)[0, 1] > 0.65
    assert before.std() == pytest.approx(0.5 * np.hypot(0.2, 0.2), abs=0.02)
    assert known_before(np.array([0.2, 0.2]), pd.Series(["a", "a"]), 0.5).tolist() == pytest.approx(
        [0.2 / 1.5]
    )
    assert recurring_share(rest[:20], debtors[:20]) == 0


def test_shares_of_a_run_are_whole_and_cover_it() -> None:
    fte = pd.Series([1.0, 0.5, 0.8])
    for cases in (0, 1, 7, 1000):
        assert capacities(fte, cases).sum() >= cases
        loaded = capacities(fte, cases, pd.Series([0.0, 500.0, 3.0]))
        assert loaded.sum() >= cases
        assert (loaded <= np.ceil(1.05 * fte / 2.3 * cases)).all()
    assert most_hard(fte, 23).tolist() == [20, 10, 16]
    assert hardest(pd.Series([3.0, 1.0, 3.0, 2.0, 1.0]), pd.Series(list("abcde"))).tolist() == [
        False, False, True, False, False
    ]  # fmt: skip
