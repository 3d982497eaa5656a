from __future__ import annotations

import signal
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


@pytest.mark.parametrize(
    ("arguments", "japanese", "english"),
    [
        ("check", "引数「folder」が指定されていません。", "Missing argument 'folder'."),
        ("recommend x", "オプション「--out」が指定されていません。", "Missing option '--out'."),
        ("check --hme x", "「--hme」というオプションはありません。", "No such option: --hme"),
        ("town x --seed abc", "オプション「--seed」に指定した値が正しくありません。", "valid integer"),
        ("serve --port", "「--port」の値の書き方が正しくありません。", "requires an argument"),
        ("chck", "コマンドの書き方が正しくありません。", "No such command 'chck'."),
        ("check a b", "コマンドの書き方が正しくありません。", "unexpected extra argument"),
    ],
)
def test_what_is_typed_wrongly_is_told_in_both_languages(
    capsys: pytest.CaptureFixture[str], arguments: str, japanese: str, english: str
) -> None:
    assert _run(*arguments.split()) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith(japanese)
    assert english in said[1]


def test_help_that_nobody_asked_for_stays_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("user") == 2
    assert capsys.readouterr().err.startswith("Usage: ")


def test_the_exit_code_of_a_command_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("serving.terminal.drifting.drift_folder", lambda *_: 3)
    assert _run("drift", str(tmp_path), "--home", str(tmp_path)) == 3


def test_ctrl_c_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "serving.cli", "town", str(tmp_path / "town"), "--debtors", "50000"]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert running.stdout is not None
    assert "作っています" in running.stdout.readline()
    running.send_signal(signal.SIGINT)
    assert running.communicate(timeout=60)[1] == "中断しました。 / Interrupted.\n"
    assert running.returncode == 130
    assert list(tmp_path.iterdir()) == []
