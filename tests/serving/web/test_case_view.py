from __future__ import annotations

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
        told = sum(reason.weight for reason in (*shown.first, *shown.more)) + shown.common
        assert told == pytest.approx(sum(reason.weight for reason in target.reasons))
        assert len(shown.first) <= 2
        assert max(abs(r.weight) for r in (*shown.first, *shown.more)) <= view.scale if shown.first else True


def test_a_sentence_of_most_targets_is_told_once(advice: CaseAdvice) -> None:
    view = case_view(advice)
    common = {reason.sentence for reason in view.common}
    assert len(common) == len(view.common)
    assert not any(r.sentence in common for shown in view.targets for r in (*shown.first, *shown.more))


def test_a_routed_case_has_nothing_to_lay_out(town: ModuleType) -> None:
    view = case_view(town.FakeAdviser().advise([town.ROUTED])[0])
    assert (view.targets, view.common, view.scale) == ((), (), 1.0)
