from __future__ import annotations

import pytest
from sqlalchemy import Engine

from serving.problems import Problem
from serving.records.journal import Journal
from serving.records.model_events import ShadowSet
from serving.settings import Settings
from serving.terminal.shadowing import end_shadow
from training.copies import SHADOW, Pointer, point_at, pointed

NONE = "影で採点しているモデルはありません"


def shadows(journal: Journal) -> list[str]:
    return [entry.facts["model_version"] for entry in journal.entries(kinds=("ShadowSet",))]


def test_where_no_shadow_scores_ending_it_says_so_and_writes_nothing(
    settings: Settings, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    end_shadow(settings, "課長", "試行の終わり")
    assert NONE in capsys.readouterr().out
    assert shadows(journal) == []


def test_a_shadow_is_ended_once(
    settings: Settings, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    (settings.home / "models").mkdir()
    point_at(settings.home / "models", Pointer(4, "digest"), SHADOW)
    journal.append("command", ShadowSet("", "4", "課長", "試行"))
    end_shadow(settings, "課長", "試行の終わり")
    assert NONE not in capsys.readouterr().out
    assert pointed(settings.home / "models", SHADOW) is None
    end_shadow(settings, "課長", "試行の終わり")
    assert NONE in capsys.readouterr().out
    assert shadows(journal) == ["4", ""]


def test_a_pointer_that_a_broken_command_left_is_taken_away(settings: Settings, journal: Journal) -> None:
    (settings.home / "models").mkdir()
    point_at(settings.home / "models", Pointer(4, "digest"), SHADOW)
    end_shadow(settings, "課長", "試行の終わり")
    assert pointed(settings.home / "models", SHADOW) is None
    assert shadows(journal) == [""]


def test_ending_needs_a_name_and_a_reason_all_the_same(settings: Settings, engine: Engine) -> None:
    with pytest.raises(Problem, match="承認した人の名前と理由"):
        end_shadow(settings, "", "")
