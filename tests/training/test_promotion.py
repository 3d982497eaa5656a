from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from features.ledger.snapshot import Ledger, Municipality, ledger_of
from features.matrix import CATALOGUE_VERSION
from features.town.build import build_town
from features.town.style import STYLES
from models.bundle import Bundle
from models.plan import PlanTerms
from models.ranker import RankerSettings
from training.copies import digest_of
from training.first_rounds import FirstRounds
from training.group_rules import KINDS, no_group_worse
from training.marks import Scores, scores_of
from training.promotion import (
    CHECKS,
    better_than_champion,
    better_than_know_how,
    calibrated,
    judge,
    same_catalogue,
)
from training.reproduction import reproducible
from training.school import unlearnt
from training.standings import RANKINGS
from training.trial import Contender, Evidence, Showing, settings_of, try_out
from training.verdict import Outcome, RuleResult, Verdict

CASES, TARGETS = 200, 4
DAY = date(2026, 4, 1)


def rounds() -> FirstRounds:
    """Every case asked four targets and got four answers; the second of them hit."""
    case = np.repeat(np.arange(CASES), TARGETS)
    asked = pd.DataFrame(
        {
            "case": case,
            "target": np.tile(np.arange(TARGETS), CASES),
            "place": np.tile(np.arange(1, TARGETS + 1), CASES),
            "first": True,
            "answered": True,
            "hit": (np.tile(np.arange(TARGETS), CASES) == 1).astype(float),
            "balance": np.where(np.tile(np.arange(TARGETS), CASES) == 1, 50_000.0, 0.0),
        }
    )
    cases = pd.DataFrame(
        {
            "debtor_id": [f"{n:015d}" for n in range(CASES)],
            "day": pd.Timestamp(DAY),
            "arrears": 100_000.0,
            "months": 12.0,
        }
    )
    return FirstRounds(cases, asked, {})


def showing(number: int, hit_at: np.ndarray, probability: float = 0.25, know_how: int = 2) -> Showing:
    """A contender that puts the hit of each case at ``hit_at`` (1 = first); the rules put it second."""
    found = rounds()
    table = found.asked.copy()
    place = np.repeat(hit_at, TARGETS).astype(float)
    target = table["target"].to_numpy()
    others = np.where(target < 1, target + 1, target)  # 1, 2, 3 for the targets that do not hit
    table["ranker"] = np.where(target == 1, place, others + (others >= place))
    for name in RANKINGS:
        if name != "ranker":
            table[name] = np.where(target == 1, know_how, others + (others >= know_how)).astype(float)
    table["probability"] = probability
    scores: Scores = scores_of(table, found)
    return Showing(number, False, table, scores)


def evidence(
    challenger: Showing | None, champion: Showing | None, groups: pd.DataFrame | None = None
) -> Evidence:
    found = rounds()
    band = groups if groups is not None else pd.DataFrame({by: ["a"] * CASES for by in KINDS})
    ledger = ledger_of(Municipality("999999", "町", DAY), {})
    return Evidence(ledger, DAY, found, band, challenger, champion)


FIRST, THIRD = np.full(CASES, 1), np.full(CASES, 3)


def test_a_challenger_that_is_better_case_by_case_passes() -> None:
    (result,) = better_than_champion(evidence(showing(2, FIRST), showing(1, THIRD)))
    assert result.outcome is Outcome.PASSED
    assert result.low is not None
    assert result.low > 0
    assert (result.bound, result.cases) == (0.0, CASES)


@pytest.mark.parametrize("theirs", [FIRST, np.where(np.arange(CASES) % 2 == 0, 1, 1)])
def test_being_equal_is_not_enough(theirs: np.ndarray) -> None:
    (result,) = better_than_champion(evidence(showing(2, FIRST), showing(1, theirs)))
    assert result.outcome is Outcome.FAILED


def test_chance_is_not_enough() -> None:
    rng = np.random.default_rng(0)
    ours, theirs = (rng.integers(1, 4, CASES) for _ in range(2))
    (result,) = better_than_champion(evidence(showing(2, ours), showing(1, theirs)))
    assert result.outcome is Outcome.FAILED


def test_the_officers_rules_are_a_bar_as_well() -> None:
    assert better_than_know_how(evidence(showing(2, FIRST), None))[0].outcome is Outcome.PASSED
    assert better_than_know_how(evidence(showing(2, THIRD), None))[0].outcome is Outcome.FAILED


def test_a_group_that_loses_is_found_although_everybody_gains() -> None:
    elderly = np.arange(CASES) < 40
    groups = pd.DataFrame({by: np.where(elderly, "65_and_over", "40_to_64") for by in KINDS})
    groups["area"] = ["small"] * 10 + ["large"] * (CASES - 10)
    ours = showing(2, np.where(elderly, 4, 1))
    found = evidence(ours, showing(1, np.full(CASES, 2)), groups)
    assert better_than_champion(found)[0].outcome is Outcome.PASSED
    results = {each.name: each for each in no_group_worse(found)}
    age = results["groups.age"]
    assert (age.outcome, age.cases, age.firm) == (Outcome.FAILED, 40, True)
    assert "65 and over" in age.note_en
    assert "65歳以上" in age.note_ja
    assert "1 groups under 20 cases not judged" in results["groups.area"].note_en


def test_a_group_that_loses_by_chance_alone_is_not_worse() -> None:
    rng = np.random.default_rng(1)
    groups = pd.DataFrame({by: rng.integers(0, 8, CASES).astype(str) for by in KINDS})
    ours, theirs = (rng.integers(1, 4, CASES) for _ in range(2))
    results = no_group_worse(evidence(showing(2, ours), showing(1, theirs), groups))
    assert {each.outcome for each in results} == {Outcome.PASSED}


def test_probabilities_have_to_mean_what_they_say() -> None:
    assert calibrated(evidence(showing(2, FIRST, 0.25), None))[0].outcome is Outcome.PASSED
    (result,) = calibrated(evidence(showing(2, FIRST, 0.6), None))
    assert result.outcome is Outcome.FAILED
    assert result.value == pytest.approx(0.35)


def test_too_few_cases_leave_every_measured_rule_open() -> None:
    few = FirstRounds(rounds().cases[:10], rounds().asked[rounds().asked["case"] < 10], {})
    found = Evidence(evidence(None, None).ledger, DAY, few, pd.DataFrame(), None, None)
    results = [result for check in CHECKS for result in check(found)]
    assert {each.outcome for each in results} == {Outcome.NOT_MEASURABLE}
    assert not Verdict(2, 1, tuple(results), {}).firm  # may be set aside: nothing was measured to be wrong


def test_without_a_usable_champion_only_the_comparison_is_excepted() -> None:
    found = evidence(showing(2, FIRST), None)
    assert better_than_champion(found)[0].outcome is Outcome.EXCEPTED
    assert {each.outcome for each in no_group_worse(found)} == {Outcome.EXCEPTED}
    assert better_than_know_how(found)[0].outcome is Outcome.PASSED


def test_a_verdict_is_plain_json_without_nan() -> None:
    rule = RuleResult("x", "規則", "rule", Outcome.FAILED, float("nan"), None, 1.0)
    facts = Verdict(2, 1, (rule,), MappingProxyType({"cases": 3})).facts
    assert facts["rules"][0]["value"] is None
    assert facts["rules"][0]["outcome"] == "failed"
    assert facts["passed"] is False


def bundle(catalogue: str = CATALOGUE_VERSION) -> Bundle:
    return Bundle(None, None, PlanTerms(), {}, "hash", DAY.isoformat(), (), catalogue)


def test_a_bundle_of_another_catalogue_fails_firmly() -> None:
    assert same_catalogue(Contender(2, bundle(), None)).holds
    verdict = Verdict(2, 1, (same_catalogue(Contender(2, bundle("other"), None)),), {})
    assert [each.name for each in verdict.firm] == ["same_catalogue"]


def test_the_settings_of_a_run_come_back() -> None:
    told = {"rounds": "30", "learning_rate": "0.1", "folder": "town", "learnt": "True", "later_option": "x"}
    assert settings_of(told) == RankerSettings(rounds=30, learning_rate=0.1, threads=2)
    assert settings_of({"learnt": "False"}) is None
    with pytest.raises(ValueError, match="rounds"):
        settings_of({"rounds": "-1"})


@pytest.fixture(scope="module")
def town() -> Ledger:
    return build_town(STYLES["ward"], 1000, 3).ledger


def test_rules_that_were_learnt_from_nothing_are_made_again(town: Ledger, tmp_path: Path) -> None:
    contender = Contender(1, unlearnt(town), None)
    contender.bundle.save(tmp_path)
    assert reproducible(contender, digest_of(tmp_path), town).outcome is Outcome.PASSED
    assert reproducible(contender, "other", town).outcome is Outcome.FAILED
    elsewhere = Contender(1, bundle(), None)
    assert reproducible(elsewhere, "x", town).outcome is Outcome.NOT_MEASURABLE


def test_who_has_seen_the_cases_is_judged_by_settings_alone(town: Ledger) -> None:
    early = town.as_of(date(2025, 1, 1))
    seen, unseen = Contender(2, unlearnt(town), None), Contender(1, unlearnt(early), None)
    found = try_out(town, seen, unseen)
    assert found.challenger is not None
    assert found.champion is not None
    assert (found.challenger.refitted, found.champion.refitted) == (True, False)
    assert found.rounds.cases["day"].min().date() >= found.border > date(2025, 1, 1)
    both = try_out(town, unseen, Contender(3, unlearnt(early), None))
    assert both.challenger is not None
    assert not both.challenger.refitted
    assert both.border == date(2025, 1, 1)
    assert (both.rounds.cases["day"] >= pd.Timestamp(2025, 1, 1)).all()


def test_an_older_champion_that_has_seen_the_cases_learns_from_older_records(town: Ledger) -> None:
    """Of records up to the border, the champion of a hundred days ago would not have had the last hundred."""
    older = town.as_of(town.day - timedelta(days=100))
    challenger, champion = Contender(2, unlearnt(town), None), Contender(1, unlearnt(older), None)
    found = try_out(town, challenger, champion)
    assert found.challenger is not None
    assert found.champion is not None
    assert (found.challenger.refitted, found.champion.refitted) == (True, True)
    assert found.challenger.learnt_to == found.border
    assert found.champion.learnt_to == found.border - timedelta(days=100)
    assert not found.champion.same


def test_of_the_same_day_and_settings_nothing_can_be_measured(town: Ledger) -> None:
    said: list[str] = []
    settings = RankerSettings(rounds=3, threads=1)
    ours = Contender(2, unlearnt(town), settings)
    theirs = Contender(1, unlearnt(town), replace(settings, threads=2))
    found = try_out(town, ours, theirs, said.append)
    (result,) = better_than_champion(found)
    assert result.outcome is Outcome.NOT_MEASURABLE
    assert "差が出ない" in result.note_ja
    assert sum("学習し直しています" in line for line in said) == 1
    other = try_out(town, ours, Contender(1, unlearnt(town), replace(settings, rounds=4)))
    assert other.champion is not None
    assert not other.champion.same


def test_a_further_rule_is_one_more_function(town: Ledger) -> None:
    def fair(found: Evidence) -> tuple[RuleResult, ...]:
        return (RuleResult("fair", "公平", "fair", Outcome.FAILED, cases=len(found.rounds.cases), firm=True),)

    contender = Contender(2, unlearnt(town), None)
    verdict = judge(town, contender, None, checks=(*CHECKS, fair))
    assert [each.name for each in verdict.firm] == ["fair"]
