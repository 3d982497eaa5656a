from __future__ import annotations

import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from features.ledger.intake import read_folder
from serving.cli import main
from serving.problems import Problem
from serving.settings import Settings, read_settings
from serving.terminal import commands
from serving.terminal.demo import demo_login, demo_officer, users_file

NAMES = ["town", "check", "train", "backtest", "recommend", "match", "serve", "demo"]

Learnt = Any


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def test_help_answers_within_a_second_and_imports_nothing_heavy() -> None:
    code = "import sys; from serving.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    code += "print([m for m in ('pandas','fastapi','sqlalchemy','mlflow','lightgbm') if m in sys.modules])"
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert time.perf_counter() - started < 3  # a second on a quiet machine
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(name, "--help") == 0
    assert f"tegakari {name}" in capsys.readouterr().out.split("Example:")[1]


def test_a_problem_is_one_sentence_and_exit_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("check", str(tmp_path / "none"), "--home", str(tmp_path)) == 1
    said = capsys.readouterr().err
    assert said.startswith("フォルダが見つかりません: ")
    assert "Traceback" not in said


def test_an_unexpected_error_goes_to_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(commands, "check_folder", broken)
    assert _run("check", str(tmp_path), "--home", str(tmp_path)) == 1
    said = capsys.readouterr().err
    log = tmp_path / "log" / "tegakari.log"
    assert str(log) in said
    assert "Traceback" not in said
    assert "RuntimeError" in log.read_text()


def test_a_busy_port_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert _run("demo", "--port", port, "--home", str(tmp_path)) == 1
    assert "使用中" in capsys.readouterr().err
    assert not (tmp_path / "tegakari.db").exists()


def test_demo_users_are_made_once_and_kept_private(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert demo_login(settings) == demo_login(settings)
    assert stat.S_IMODE(users_file(settings).stat().st_mode) == 0o600


def test_the_demo_officer_is_somebody_in_post(learnt: Learnt) -> None:
    ledger = read_folder(learnt.folder).ledger
    staff = ledger["staff"].set_index("staff_id")
    who = demo_officer(learnt.folder)
    assert staff["left_on"].isna()[who]


def test_settings_come_from_the_command_then_the_environment_then_the_default(tmp_path: Path) -> None:
    environ = {"TEGAKARI_HOME": str(tmp_path), "TEGAKARI_PORT": "9000", "TEGAKARI_SECURE_COOKIES": "1"}
    assert read_settings(environ).port == 9000
    assert read_settings(environ, port=9001).port == 9001
    assert read_settings(environ).secure_cookies
    assert read_settings(environ).records_url == f"sqlite:///{tmp_path.resolve() / 'tegakari.db'}"
    with pytest.raises(Problem, match="TEGAKARI_PORT"):
        read_settings({"TEGAKARI_PORT": "eighty"})
