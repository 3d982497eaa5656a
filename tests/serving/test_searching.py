from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from serving.problems import Problem
from serving.settings import Settings
from serving.terminal.searching import search_folder, send_waiting, told
from training.experiment import Experiment
from training.metrics import DIRECTIONS, Figure
from training.search import SHOWN, Found


def found(low: float, **change: float) -> Found:
    figures = {name: Figure(0.5, 0.4, 0.6, DIRECTIONS[name]) for name in SHOWN}
    gain = {name: Figure(low + 0.01, low, low + 0.02, DIRECTIONS[name]) for name in SHOWN}
    present = Experiment(Path("town"))
    best = Experiment(Path("town"), **change)  # type: ignore[arg-type]
    return Found(best, present, (), figures, figures, gain, 40, "2025-01-01")


def test_better_settings_are_told_with_the_command_that_trains_with_them() -> None:
    lines = "\n".join(told(found(0.01, rounds=240, learning_rate=0.0312), Path("town")))
    assert "偶然とはいえない差" in lines
    assert "tegakari train town --rounds 240 --learning-rate 0.0312" in lines
    assert "差 +0.020 [+0.010, +0.030]" in lines
    assert re.findall(r"[a-z0-9]+_[a-z0-9_]+", lines) == []


def test_a_difference_within_chance_is_told_as_such() -> None:
    assert any("偶然の範囲内" in line for line in told(found(-0.01, rounds=240), Path("town")))


def test_where_the_present_settings_are_best_nothing_is_to_be_done() -> None:
    assert told(found(0.0), Path("town"))[-1].startswith("現在の設定が最良でした")


@pytest.mark.parametrize(
    ("given", "terms", "told"),
    [
        ({}, {"trials": 0}, "trials は 1 以上"),
        ({}, {"folds": 0}, "folds は 1 以上"),
        ({}, {"share": math.nan}, "share は 0 と 1 の間"),
        ({"rounds": 500}, {}, "rounds は探索の範囲 80〜400"),
        ({"leaves": 64}, {}, "leaves は探索の範囲 7〜31"),
        ({"learning_rate": 0.5}, {}, "learning_rate は探索の範囲"),
        ({"least_rows": 5}, {}, "least_rows は探索の範囲"),
        ({"unasked_weight": math.nan}, {}, "unasked_weight は 0 以上"),
        ({"seed": 2**31}, {}, "seed は 2,147,483,647 以下"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_read(
    tmp_path: Path, given: dict[str, float], terms: dict[str, float], told: str
) -> None:
    """The folder is empty: a search that read it first would refuse the folder."""
    with pytest.raises(Problem, match=told):
        search_folder(Settings(tmp_path / "home"), tmp_path, given, terms)
    assert list(tmp_path.iterdir()) == []


def test_trials_of_before_that_cannot_be_read_are_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "search.db").write_text("no database at all" * 100, encoding="utf-8")
    with pytest.raises(Problem, match=r"search\.db.*読み取れません.*別の場所に移して"):
        search_folder(Settings(tmp_path), tmp_path, {}, {})


def test_a_folder_that_is_not_there_is_told_before_the_registry_is_asked(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="フォルダが見つかりません"):
        search_folder(Settings(tmp_path, tracking_uri="http://127.0.0.1:9"), tmp_path / "x", {}, {})


def test_sending_without_a_server_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="送り先のサーバーが指定されていません"):
        send_waiting(Settings(tmp_path))


def test_nothing_to_send_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    send_waiting(Settings(tmp_path, tracking_uri="http://127.0.0.1:9"))
    assert "送るものはありません" in capsys.readouterr().out
