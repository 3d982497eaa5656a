"""How long the long commands take and how much memory they need; printed by ``make bench``."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "serving.cli"]
DEBTORS = 8000
MIB = 1024


def measured(*arguments: str) -> tuple[float, float]:
    """Run a command and return its seconds and the most memory it held, in MiB."""
    started = time.perf_counter()
    running = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 0, arguments[0]
    return time.perf_counter() - started, usage.ru_maxrss / MIB


@pytest.mark.measure
def test_the_long_commands_within_ten_minutes_and_six_gibibytes(tmp_path: Path) -> None:
    """A folder of your own is measured with ``make bench FOLDER=...``."""
    given = os.environ.get("FOLDER")
    folder, home = given or str(tmp_path / "town"), ["--home", str(tmp_path / "home")]
    steps = [] if given else [("town", folder, "--debtors", str(DEBTORS))]
    steps += [
        ("check", folder),
        ("train", folder),
        ("recommend", folder, "--out", str(tmp_path / "recs.csv")),
        ("match", folder, "--out", str(tmp_path / "assignments.csv")),
    ]
    took = {step[0]: measured(*step, *home) for step in steps}
    print(f"\n{'command':<12}{'seconds':>10}{'MiB':>10}")
    for name, (seconds, memory) in took.items():
        print(f"{name:<12}{seconds:>10.1f}{memory:>10.0f}")
    assert took["train"][0] + took["recommend"][0] < 600
    assert max(memory for _, memory in took.values()) < 6 * MIB
