from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from training.record import TrainingRecord
from training.registry.registry import Registry
from training.registry.server import command_of, environment_of, main
from training.registry.store import default_uri

ROOT = Path(__file__).resolve().parents[3]


def test_a_home_without_a_training_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert re.search(r"学習の記録がありません.*tegakari train", capsys.readouterr().err)
    assert list(tmp_path.iterdir()) == []


def test_a_busy_port_is_told_before_the_start(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"")
    assert main([str(tmp_path), "--port", server.rpartition(":")[2]]) == 1
    assert "MLFLOW_PORT" in capsys.readouterr().err


def test_it_listens_on_this_machine_alone_and_is_silent(tmp_path: Path) -> None:
    command = command_of(tmp_path, 5000)
    assert "--host=127.0.0.1" in command
    assert f"--backend-store-uri={default_uri(tmp_path)}" in command
    assert environment_of({"A": "b"})["MLFLOW_DISABLE_TELEMETRY"] == "true"


def test_make_mlflow_serves_the_home() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^mlflow:.*\n\t@\$\(BIN\)/python -m training\.registry\.server", text, re.M)


@pytest.mark.slow
def test_it_shows_the_runs_of_the_home(
    starter: Callable[..., Any], record: Callable[..., TrainingRecord], bundle: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    version = Registry(default_uri(home), home).log_training(record(rounds=3), bundle)

    def command(port: int) -> list[str]:
        return [sys.executable, "-m", "training.registry.server", str(home), "--port", str(port)]

    served = starter(command, tmp_path / "running", "/health")
    body = json.dumps({"experiment_ids": ["1"]}).encode()
    request = Request(f"{served.url}/api/2.0/mlflow/runs/search", body, {"Content-Type": "application/json"})
    with urlopen(request, timeout=30) as page:
        (run,) = json.load(page)["runs"]
    assert run["info"]["run_id"] == version.run_id
    where = f"{served.url}/get-artifact?run_uuid={version.run_id}&path=model/data/bundle/bundle.json"
    with urlopen(where, timeout=30) as page:
        assert page.read() == b"{}"
    said = (tmp_path / "running" / "log").read_text(encoding="utf-8")
    assert f"{served.url} で" in said


def test_its_help_answers() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "training.registry.server", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "HOME" in done.stdout.upper()
