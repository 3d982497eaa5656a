"""Bad input, as typed: one sentence, exit code 1, no traceback, nothing half-written."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "serving.cli", *arguments, "--home", str(home)]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Return what the reader is told, having checked the form that every refusal has."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr.strip(), "nothing is said"
    assert "予期しない" not in done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town") / "town"
    done = run(folder.parent / "home", "town", str(folder), "--debtors", "60")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def copy(town: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(town, tmp_path / "copy"))


@pytest.fixture
def busy_port() -> Iterator[str]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield str(held.getsockname()[1])


@pytest.mark.parametrize("command", ["check", "train", "recommend", "match"])
def test_a_folder_that_is_not_there(command: str, tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "out.csv")] if command in {"recommend", "match"} else []
    refused(run(tmp_path / "home", command, str(tmp_path / "nowhere"), *out))
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("command", ["recommend", "match"])
def test_an_empty_folder_leaves_no_file(command: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(run(tmp_path / "home", command, str(tmp_path / "empty"), "--out", str(tmp_path / "out.csv")))
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".csv") == []


def test_a_forbidden_column_is_named(copy: Path, tmp_path: Path) -> None:
    debtors = copy / "debtors.csv"
    header, *rows = debtors.read_text(encoding="utf-8").splitlines()
    debtors.write_text("\n".join([f"{header},nationality", *(f"{row},x" for row in rows)]), encoding="utf-8")
    assert "nationality" in refused(run(tmp_path / "home", "check", str(copy)))


def test_every_missing_table_is_named_at_once(copy: Path, tmp_path: Path) -> None:
    for name in ("debts", "staff"):
        (copy / f"{name}.csv").unlink()
    told = refused(run(tmp_path / "home", "check", str(copy)))
    assert "debts" in told
    assert "staff" in told


def test_a_busy_port_is_told_before_the_work(town: Path, busy_port: str, tmp_path: Path) -> None:
    assert busy_port in refused(run(tmp_path / "home", "demo", str(town), "--port", busy_port))


def test_a_setting_that_cannot_be_read(town: Path, tmp_path: Path) -> None:
    told = refused(run(tmp_path / "home", "serve", str(town), TEGAKARI_PORT="eight"))
    assert "TEGAKARI_PORT" in told


def test_a_town_is_never_written_over_something(town: Path, tmp_path: Path) -> None:
    before = sorted((path.name, path.read_bytes()) for path in town.iterdir())
    refused(run(tmp_path / "home", "town", str(town), "--debtors", "60"))
    assert sorted((path.name, path.read_bytes()) for path in town.iterdir()) == before
