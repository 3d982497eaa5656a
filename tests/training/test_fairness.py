from __future__ import annotations

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.ledger.snapshot import Ledger
from training.fairness import COLUMNS, fairness
from training.fairness_rule import fair
from training.first_rounds import FirstRounds
from training.group_rules import KINDS
from training.promotion import CHECKS
from training.trial import Evidence, Showing
from training.verdict import Outcome

CASES = 200


def standings(unfair: bool, seed: int = 0) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    """Six asked targets a case, one of which hits; both rankings put it among the first three of most cases.

    With ``unfair`` the product puts it last for the cases of area 176.
    """
    drawn = np.random.default_rng(seed)
    case = np.repeat(np.arange(CASES), 6)
    hit = np.tile([1.0, 0, 0, 0, 0, 0], CASES)
    noise = drawn.uniform(0, 6, len(case))
    rules = noise - 3 * hit
    ours = drawn.uniform(0, 6, len(case)) - 3 * hit
    area = np.where(np.arange(CASES) % 4 == 0, "176", "179")
    if unfair:
        ours = np.where(area[case] == "176", ours + 6 * hit, ours)
    asked = {"case": case, "target": np.arange(len(case)), "first": True, "answered": True}
    ranks = {"hit": hit, "balance": hit * 1e5, "ranker": ours, "know_how": rules}
    table = pd.DataFrame(asked | ranks)
    groups = pd.DataFrame({"area": area, "age": np.where(np.arange(CASES) < 5, "under_40", "40_to_64")})
    return table, pd.Series(np.full(CASES, 1e5)), groups


def test_a_planted_unfair_ranking_is_caught_and_named() -> None:
    found = fairness(*standings(unfair=True))
    assert tuple(found.table.columns) == COLUMNS
    caught = found.breaches[found.breaches["group"] == "176"]
    assert set(caught["measure"]) == {"without_result", "hit_rate"}
    assert (caught["shift"] > 0.2).all()


@pytest.mark.parametrize("seed", range(10))
def test_a_fair_ranking_raises_no_alarm(seed: int) -> None:
    assert fairness(*standings(unfair=False, seed=seed)).breaches.empty


def test_small_groups_are_counted_but_not_shown() -> None:
    found = fairness(*standings(unfair=False))
    assert "under_40" not in set(found.table["group"])
    assert found.small == 1


def test_the_false_alarm_rate_is_of_targets_that_hold_nothing() -> None:
    table, arrears, groups = standings(unfair=False)
    found = fairness(table.assign(ranker=table["hit"]), arrears, groups).table
    # The hit stands last: the first three asked are all in vain, three of five that hold nothing.
    assert found["false_alarm_rate"].round(6).unique().tolist() == [0.6]


def evidence(ledger: Ledger, unfair: bool, **more: np.ndarray) -> Evidence:
    table, arrears, groups = standings(unfair)
    groups = groups.assign(**more)
    rounds = FirstRounds(pd.DataFrame({"arrears": arrears}), table, {})
    every = groups.assign(**{by: "all" for by in KINDS if by not in groups.columns})
    return Evidence(ledger, date(2026, 4, 1), rounds, every, Showing(2, False, table, {}), None)


def test_an_unfair_challenger_fails_firmly_and_a_fair_one_passes(small_ledger: Ledger) -> None:
    by = {result.name: result for result in fair(evidence(small_ledger, unfair=True))}
    assert by["fair.area"].outcome is Outcome.FAILED
    assert by["fair.area"].firm
    assert "176" in by["fair.area"].note_en
    assert by["fair.debt"].outcome is Outcome.EXCEPTED  # one group alone has nobody to be compared with
    assert all(result.holds for result in fair(evidence(small_ledger, unfair=False)))


def test_a_band_is_noted_in_words(small_ledger: Ledger) -> None:
    table, arrears, groups = standings(unfair=False)
    bands = pd.DataFrame({by: np.where(groups["area"] == "176", "none", "unknown") for by in KINDS})
    bands = bands.assign(age=np.where(groups["area"] == "176", "40_to_64", "65_and_over"))
    rounds = FirstRounds(pd.DataFrame({"arrears": arrears}), table, {})
    seen = Evidence(small_ledger, date(2026, 4, 1), rounds, bands, Showing(2, False, table, {}), None)
    note = {result.name: result for result in fair(seen)}["fair.age"]
    assert re.search("40〜64歳|65歳以上", note.note_ja)
    assert re.search("40 to 64|65 and over", note.note_en)


def test_the_rule_is_one_of_those_for_promotion() -> None:
    assert fair in CHECKS


def test_too_few_cases_leave_fairness_open(small_ledger: Ledger) -> None:
    asked = pd.DataFrame({"first": [True], "case": [0], "hit": [0.0]})
    few = Evidence(
        small_ledger, date(2026, 4, 1), FirstRounds(pd.DataFrame(), asked, {}), pd.DataFrame(), None, None
    )
    assert {result.outcome for result in fair(few)} == {Outcome.NOT_MEASURABLE}
