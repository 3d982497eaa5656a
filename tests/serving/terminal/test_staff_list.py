from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from features.ledger.outgoing import write_folder
from serving.office.served import remember
from serving.problems import Problem
from serving.records.identity import Identity
from serving.settings import Settings
from serving.terminal.accounts import add_user, ask_password


def password() -> str:
    return "correct-horse-battery"


@pytest.fixture
def folder(town: ModuleType, tmp_path: Path) -> Path:
    write_folder(town.tiny_ledger(), tmp_path / "town")
    return tmp_path / "town"


def test_an_officer_needs_a_staff_number(settings: Settings, identity: Identity) -> None:
    with pytest.raises(Problem, match="職員番号が要ります"):
        add_user(settings, "hanako", "officer", password)
    add_user(settings, "hanako", "auditor", password)
    assert identity.named("hanako") is not None


def test_a_number_that_the_records_do_not_have_is_refused(
    settings: Settings, identity: Identity, folder: Path
) -> None:
    remember(settings, folder)
    with pytest.raises(Problem, match="職員の表にありません"):
        add_user(settings, "hanako", "officer", password, "T999")
    assert identity.named("hanako") is None
    add_user(settings, "hanako", "officer", password, "T003")
    add_user(settings, "taro", "officer", password, " T002 ", folder=folder)
    hanako, taro = identity.named("hanako"), identity.named("taro")
    assert hanako is not None
    assert taro is not None
    assert (hanako.staff_id, taro.staff_id) == ("T003", "T002")


def test_without_records_at_hand_it_is_said_that_nothing_was_checked(
    settings: Settings, identity: Identity, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    add_user(settings, "hanako", "officer", password, "T999")
    assert "職員番号は確かめていません" in capsys.readouterr().out
    with pytest.raises(Problem, match="フォルダを読めません"):
        add_user(settings, "taro", "officer", password, "T002", folder=tmp_path / "nothing")
    assert identity.named("taro") is None


def test_somebody_who_has_left_gets_no_account(
    settings: Settings, identity: Identity, town: ModuleType, tmp_path: Path
) -> None:
    ledger = town.tiny_ledger()
    day, staff = pd.Timestamp(ledger.day), ledger["staff"].copy()
    staff.loc[staff["staff_id"] == "T002", "left_on"] = day
    staff.loc[staff["staff_id"] == "T003", "left_on"] = day + pd.Timedelta(days=1)
    folder = tmp_path / "later"
    write_folder(replace(ledger, frames={**ledger.frames, "staff": staff}), folder)
    with pytest.raises(Problem, match=f"離任しています.離任日 {day:%Y-%m-%d}"):
        add_user(settings, "taro", "officer", password, "T002", folder=folder)
    assert identity.named("taro") is None
    add_user(settings, "hanako", "officer", password, "T003", folder=folder)
    assert identity.named("hanako") is not None


@pytest.mark.parametrize(
    ("name", "role", "number", "told"),
    [
        ("officer", "auditor", "", "既に使われています"),
        (" ", "auditor", "", "1文字以上64文字以内"),
        ("hanako", "chief", "", "役割「chief」はありません"),
        ("hanako", "officer", "", "職員番号が要ります"),
        ("hanako", "officer", "T999", "職員の表にありません"),
    ],
)
def test_the_password_is_asked_for_last(
    settings: Settings, identity: Identity, folder: Path, name: str, role: str, number: str, told: str
) -> None:
    def asked() -> str:
        raise AssertionError("the password was asked for")

    with pytest.raises(Problem, match=told):
        add_user(settings, name, role, asked, number, folder=folder)


def test_where_there_are_no_records_none_are_made_before_the_password(tmp_path: Path) -> None:
    def interrupted() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add_user(Settings(home=tmp_path / "home"), "hanako", "auditor", interrupted)
    assert not (tmp_path / "home").exists()


def test_a_piped_password_has_to_be_there_twice_alike(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("one\ntwo\nthree \nthree \n"))
    assert ask_password() == "three "
    assert "一致しません" in capsys.readouterr().err
    with pytest.raises(Problem, match="パスワードが入力されていません"):
        ask_password()
