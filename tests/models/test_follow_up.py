from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from features.archive import Archive
from features.law import open_cases, routed
from features.ledger.snapshot import Ledger
from features.ledger.told import FOUND, NONE, Told
from models.advice import CaseAdvice
from models.adviser import Adviser
from models.follow_up import follow_up
from models.precedents import remember
from models.rounds import SIGNALS, Rounds
from training.course import Lesson


@pytest.fixture(scope="module")
def adviser(small_ledger: Ledger, small_lesson: Lesson, small_archive: Archive) -> Adviser:
    return Adviser(small_lesson.bundle, small_ledger, small_archive)


@pytest.fixture(scope="module")
def free(adviser: Adviser) -> list[str]:
    cases = open_cases(adviser.ledger, adviser.ledger.day)
    return [str(each) for each in cases["debtor_id"][~routed(adviser.ledger, cases)]]


@pytest.fixture(scope="module")
def first(adviser: Adviser, free: list[str]) -> CaseAdvice:
    return next(each for each in adviser.advise(free[:20]) if len(each.targets) == 10)


def told(advice: CaseAdvice, places: int, result: str, balance: int | None = None) -> list[Told]:
    day = advice.day + timedelta(days=9)
    targets = advice.targets[:places]
    return [
        Told(advice.debtor_id, t.target_kind, t.target_code, advice.day, day, result, balance)
        for t in targets
    ]


@pytest.mark.parametrize(("result", "balance"), [(NONE, None), (FOUND, 15_000)])
def test_what_replied_is_not_proposed_again(
    adviser: Adviser, first: CaseAdvice, result: str, balance: int | None
) -> None:
    replies = told(first, 3, result, balance)
    again = follow_up(adviser, first.debtor_id, replies)
    shown = {(t.target_kind, t.target_code) for t in again.targets}
    assert again.round == 2
    assert again.day == first.day
    assert shown
    assert not shown & {(each.target_kind, each.target_code) for each in replies}


def test_what_still_waits_is_not_proposed_again(adviser: Adviser, first: CaseAdvice) -> None:
    best = first.targets[0]
    waiting = Told(first.debtor_id, best.target_kind, best.target_code, first.day + timedelta(days=1))
    shown = {(t.target_kind, t.target_code) for t in follow_up(adviser, first.debtor_id, [waiting]).targets}
    assert (best.target_kind, best.target_code) not in shown


def test_nothing_more_is_planned_once_the_arrears_are_found(adviser: Adviser, first: CaseAdvice) -> None:
    again = follow_up(adviser, first.debtor_id, told(first, 1, FOUND, first.arrears))
    assert not any(target.in_plan for target in again.targets)
    assert "国税徴収法 48" in again.notes[0]
    assert any(target.in_plan for target in first.targets)


def _waiting(advice: CaseAdvice, places: int) -> list[Told]:
    return [Told(advice.debtor_id, t.target_kind, t.target_code, advice.day) for t in advice.targets[:places]]


def test_to_ask_is_no_sign_of_hardship(adviser: Adviser, first: CaseAdvice) -> None:
    """What is out may still be found: that it is not proposed again does not make the debtor poorer."""
    assert first.finding is not None
    for places in (1, 5, 10):
        asked = follow_up(adviser, first.debtor_id, _waiting(first, places)).finding
        assert asked is not None
        assert asked.nothing == pytest.approx(first.finding.nothing, abs=0.01)


def test_where_property_was_found_there_is_no_forecast_of_none(adviser: Adviser, first: CaseAdvice) -> None:
    for balance in (first.arrears, 15_000, None):
        found = follow_up(adviser, first.debtor_id, told(first, 1, FOUND, balance))
        assert found.finding is not None
        assert (found.hardship, found.finding.nothing) == (0.0, 0.0)
        assert not {"suspension_1", "suspension_2"} & {each.name for each in found.finding.suggestions}


def test_what_was_searched_in_vain_makes_property_less_likely(adviser: Adviser, first: CaseAdvice) -> None:
    vain = follow_up(adviser, first.debtor_id, told(first, 5, NONE)).finding
    assert first.finding is not None
    assert vain is not None
    assert vain.nothing > first.finding.nothing
    small = follow_up(adviser, first.debtor_id, told(first, 1, FOUND, 500)).finding
    assert small is not None
    assert small.nothing > 0.0


def test_the_first_round_is_as_it_was(adviser: Adviser, first: CaseAdvice) -> None:
    follow_up(adviser, first.debtor_id, told(first, 3, NONE))
    assert adviser.advise([first.debtor_id])[0] == first


def test_what_answers_teach_is_a_reason_that_adds_up(adviser: Adviser, first: CaseAdvice) -> None:
    bundle = replace(adviser.bundle, rounds=Rounds((2.0,) * len(SIGNALS), 500))
    wiser = Adviser(bundle, adviser.ledger, adviser.archive)
    replies = told(first, 3, NONE)
    plain = {t.target_code + t.target_kind: t for t in follow_up(adviser, first.debtor_id, replies).targets}
    again = follow_up(wiser, first.debtor_id, replies)
    for target in again.targets:
        weights = sum(reason.weight for reason in target.reasons)
        assert target.base + target.rest + weights == pytest.approx(target.score, abs=1e-6)
        lesson = target.reasons[-1]
        assert lesson.feature == "answers_so_far"
        assert "見込みを下げた" in lesson.sentence
        before = plain.get(target.target_code + target.target_kind)
        assert before is None or target.probability < before.probability


def test_precedents_are_of_others_of_the_kind_and_never_protected(adviser: Adviser, free: list[str]) -> None:
    assert adviser.bundle.ranker is not None
    past = remember(adviser.archive, adviser.bundle.ranker)
    debtors = adviser.ledger["debtors"]
    protected = set(debtors.loc[debtors["protected"].eq(1), "debtor_id"])
    assert protected
    assert not protected & set(past.past["debtor_id"])
    wise = Adviser(adviser.bundle, adviser.ledger, adviser.archive, past)
    for advice in wise.advise(free[:10]):
        for target in advice.targets:
            found = target.precedents
            assert len(found) <= 3
            assert {each.target_kind for each in found} <= {target.target_kind}
            assert advice.debtor_id not in {each.debtor_id for each in found}
            assert len({each.debtor_id for each in found}) == len(found)
            assert [e.alike for e in found] == sorted((e.alike for e in found), reverse=True)
            assert all(0 <= each.alike <= 1 for each in found)


def test_a_pair_is_its_own_nearest(adviser: Adviser) -> None:
    assert adviser.bundle.ranker is not None
    past = remember(adviser.archive, adviser.bundle.ranker)
    alike = (past.leaves == past.leaves[7]) @ past.say
    assert alike[7] == pytest.approx(1.0)
    assert np.isclose(past.say.sum(), 1.0)
