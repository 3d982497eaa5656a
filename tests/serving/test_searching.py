from __future__ import annotations

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


def test_a_parameter_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="trials は 1 以上"):
        search_folder(Settings(tmp_path), tmp_path, {}, {"trials": 0})


def test_sending_without_a_server_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="送り先のサーバーが指定されていません"):
        send_waiting(Settings(tmp_path))


def test_nothing_to_send_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    send_waiting(Settings(tmp_path, tracking_uri="http://127.0.0.1:9"))
    assert "送るものはありません" in capsys.readouterr().out
