from __future__ import annotations

from datetime import date
from types import ModuleType

import pytest

from models.advice import CaseAdvice
from serving.web.case_view import case_view


@pytest.fixture
def advice(town: ModuleType) -> CaseAdvice:
    found: list[CaseAdvice] = town.FakeAdviser().advise([town.RANKED])
    return found[0]


def test_what_is_shown_and_what_is_common_adds_up(advice: CaseAdvice) -> None:
    view = case_view(advice)
    for shown, target in zip(view.targets, advice.targets, strict=True):
        told = sum(each.reason.weight for each in (*shown.first, *shown.more)) + shown.common
        assert told == pytest.approx(sum(reason.weight for reason in target.reasons))
        assert len(shown.first) <= 2
        assert (
            max(abs(r.reason.weight) for r in (*shown.first, *shown.more)) <= view.scale
            if shown.first
            else True
        )


def test_a_sentence_of_most_targets_is_told_once(advice: CaseAdvice) -> None:
    view = case_view(advice)
    common = {each.reason.sentence for each in view.common}
    assert len(common) == len(view.common)
    assert not any(r.reason.sentence in common for shown in view.targets for r in (*shown.first, *shown.more))


def test_a_routed_case_has_nothing_to_lay_out(town: ModuleType) -> None:
    view = case_view(town.FakeAdviser().advise([town.ROUTED])[0])
    assert (view.targets, view.common, view.scale) == ((), (), 1.0)


def test_the_layout_of_an_advice_follows_the_days_of_the_records(advice: CaseAdvice) -> None:
    early, late = (case_view(advice, {"replies": day}) for day in (date(2025, 1, 1), date(2026, 1, 1)))
    assert case_view(advice, {"replies": date(2025, 1, 1)}) is early
    days = {
        each.day for view in (early, late) for shown in view.targets for each in (*shown.first, *shown.more)
    }
    assert days - {None}
