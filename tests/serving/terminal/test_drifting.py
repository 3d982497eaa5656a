from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from serving.drift_wording import told
from serving.office.drift_file import FILE, keep_drift, last_drift
from serving.terminal.drifting import COLUMNS, drift_lines, drift_table
from serving.wording import wording
from training.drift import Sign
from training.drift_watch import DriftReport

Client = Any
PASSWORD = "correct-horse-battery"
NONE = math.nan
REPORT = DriftReport(
    "3",
    "2026-04-01",
    "2026-05-01",
    812,
    (
        Sign("input", "arrears", NONE, NONE, 0.05, 0.2),
        Sign("input", "household_size", NONE, NONE, 0.91, 0.2),
        Sign("outcome", "bank", 0.2, 0.1, 0.06, 0.05),
        Sign("institution", "bank|0099", 1.0, 0.0, 1.0, 0.0, named="甲銀行"),
        Sign("calibration", "probability", NONE, NONE, NONE, 0.03, judged=False),
    ),
)


def test_what_is_beyond_its_bound_comes_first_with_what_to_do() -> None:
    lines = list(drift_lines(REPORT, Path("town")))
    assert "第3版" in lines[0]
    assert any("の判明率が20.0%から10.0%" in line for line in lines)
    assert any("甲銀行" in line and "一覧からなくなった" in line for line in lines)
    assert lines[-1] == "再学習を検討してください: tegakari train town"
    assert drift_table(REPORT)["flagged"].tolist() == [1, 1, 1, 0, 0]
    assert tuple(drift_table(REPORT).columns) == COLUMNS


def test_a_quiet_month_is_called_so() -> None:
    quiet = DriftReport("3", "2026-04-01", "2026-05-01", 812, REPORT.signs[:1])
    assert list(drift_lines(quiet, Path("town")))[-1] == "基準を超える変化はありません。"


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("what", ["input", "missing", "score", "calibration", "outcome", "institution"])
def test_every_sign_has_a_sentence(language: str, what: str) -> None:
    assert len(told(Sign(what, "x", 0.1, 0.2, 1.0, 0.2, named="甲"), wording(language))) > 10


def test_the_report_is_read_as_it_was_kept(tmp_path: Path) -> None:
    keep_drift(tmp_path / "home", REPORT)
    again = last_drift(tmp_path / "home")
    assert again is not None
    assert str(again) == str(REPORT)
    (tmp_path / "home" / FILE).write_text("{", encoding="utf-8")
    assert last_drift(tmp_path / "home") is None


@pytest.mark.parametrize(
    ("role", "status"), [("data", 200), ("auditor", 200), ("supervisor", 200), ("officer", 403)]
)
def test_the_page_is_for_those_who_look_after_models(client: Client, role: str, status: int) -> None:
    page = client.get("/login").text
    token = page.split('name="form_token" value="')[1].partition('"')[0]
    client.post("/login", data={"name": role, "password": PASSWORD, "form_token": token})
    assert client.get("/drift").status_code == status
    keep_drift(client.app.state.settings.home, REPORT)
    if status == 200:
        text = client.get("/drift").text
        assert "甲銀行" in text
        assert "基準を超える変化が3件" in text
        assert "beyond their bounds" in client.get("/drift?lang=en").text
