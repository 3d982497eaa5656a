from __future__ import annotations

import pytest

from training.metrics import Better, Figure
from training.record import LIBRARIES, Part, TrainingRecord, git_commit, library_versions


def test_a_stated_commit_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEGAKARI_COMMIT", "abc123")
    assert git_commit() == "abc123"


def test_without_git_the_commit_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEGAKARI_COMMIT", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    assert git_commit() == "unknown"


def test_every_library_has_a_version() -> None:
    assert set(library_versions()) == {"python", *LIBRARIES}


def test_tags_state_data_code_and_directions() -> None:
    kept = TrainingRecord(
        {}, {"ece": Figure(0.01, better=Better.LOWER)}, "h", {"debts": 2}, 1, 3, "c", {}, "x"
    )
    assert kept.tags == {
        "data_hash": "h", "set_aside": "1", "seed": "3", "catalogue": "c", "git_commit": "x",
        "rows.debts": "2", "direction.ece": "lower",
    }  # fmt: skip


def test_a_part_says_which_way_its_figures_improve() -> None:
    part = Part("fold-1", {"ece": Figure(0.01, better=Better.LOWER)})
    assert part.tags == {"direction.ece": "lower"}
