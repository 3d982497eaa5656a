"""Who leaves loses the account, who forgot a password gets another one, and the journal tells it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from serving.cli import main
from serving.problems import Problem
from serving.records.identity import Identity
from serving.records.journal import Journal
from serving.settings import Settings
from serving.terminal.accounts import close_user, list_users, reopen_user, set_password

Client = Any
PASSWORD = "correct-horse-battery"
OTHER = "another-horse-battery"


def refuse_to_ask() -> str:
    raise AssertionError("the password was asked for")


def test_the_list_tells_everything_but_secrets(
    settings: Settings, identity: Identity, capsys: pytest.CaptureFixture[str], town: ModuleType
) -> None:
    close_user(settings, "auditor")
    capsys.readouterr()
    list_users(settings)
    said = capsys.readouterr().out
    assert f"officer\tofficer(徴税吏員)\t{town.OFFICER}\t利用中" in said.splitlines()
    assert "auditor\tauditor(監査)\t―\t停止" in said.splitlines()
    assert len(said.splitlines()) == 5
    assert "argon2" not in said


def test_a_closed_account_is_out_at_once(
    settings: Settings, identity: Identity, browse: Callable[[str], Client]
) -> None:
    page, token = browse("officer"), identity.log_in("officer", PASSWORD).token
    assert page.get("/cases").status_code == 200
    close_user(settings, "officer")
    assert page.get("/cases").headers["location"] == "/login"
    assert identity.user_of(token) is None
    with pytest.raises(Problem, match="利用者名またはパスワードが違います"):
        identity.log_in("officer", PASSWORD)


def test_a_reopened_account_logs_in_anew(settings: Settings, identity: Identity) -> None:
    token = identity.log_in("officer", PASSWORD).token
    close_user(settings, "officer")
    reopen_user(settings, "officer")
    assert identity.user_of(token) is None
    assert identity.log_in("officer", PASSWORD).token


def test_another_password_ends_the_logins_of_the_old(settings: Settings, identity: Identity) -> None:
    token, others = (identity.log_in(name, PASSWORD).token for name in ("officer", "auditor"))
    set_password(settings, "officer", lambda: OTHER)
    assert identity.user_of(token) is None
    assert identity.user_of(others) is not None
    with pytest.raises(Problem, match="利用者名またはパスワードが違います"):
        identity.log_in("officer", PASSWORD)
    assert identity.log_in("officer", OTHER).token


@pytest.mark.parametrize(
    "change", [close_user, lambda settings, _: set_password(settings, "officer", lambda: OTHER)]
)
def test_a_login_under_way_does_not_outlive_the_change(
    settings: Settings, identity: Identity, monkeypatch: pytest.MonkeyPatch, change: Callable[..., None]
) -> None:
    matches = identity._matches

    def slow(password_hash: str, password: str) -> bool:
        good = matches(password_hash, password)
        change(settings, "officer")
        return good

    monkeypatch.setattr(identity, "_matches", slow)
    with pytest.raises(Problem, match="利用者名またはパスワードが違います"):
        identity.log_in("officer", PASSWORD)


def test_what_a_leaver_chose_keeps_their_number(
    settings: Settings, identity: Identity, town: ModuleType
) -> None:
    close_user(settings, "officer")
    assert identity.named("officer") is None
    assert identity.staff_id_of("officer") == town.OFFICER
    assert identity.staff_id_of("nobody") == ""


def test_what_was_done_is_journalled(settings: Settings, identity: Identity, journal: Journal) -> None:
    close_user(settings, "officer")
    reopen_user(settings, "officer")
    set_password(settings, "officer", lambda: OTHER)
    told = journal.entries(("UserClosed", "UserReopened", "PasswordChanged"))
    assert [each.kind for each in told] == ["UserClosed", "UserReopened", "PasswordChanged"]
    assert {(each.actor, each.facts["name"]) for each in told} == {("command", "officer")}
    assert OTHER not in str([asdict(each) for each in journal.entries()])


def test_an_auditor_reads_who_was_closed(
    settings: Settings, identity: Identity, browse: Callable[[str], Client]
) -> None:
    close_user(settings, "officer")
    page = browse("auditor").get("/audit?kind=UserClosed").text
    assert "利用者officerを停止し、ログインを終わらせました。" in page


def test_what_cannot_be_done_is_refused_in_one_sentence(settings: Settings, identity: Identity) -> None:
    with pytest.raises(Problem, match="停止していません"):
        reopen_user(settings, "officer")
    close_user(settings, "officer")
    with pytest.raises(Problem, match="既に停止しています"):
        close_user(settings, "officer")
    for change in (close_user, reopen_user, lambda each, name: set_password(each, name, refuse_to_ask)):
        with pytest.raises(Problem, match="その利用者はありません"):
            change(settings, "nobody")
    with pytest.raises(Problem, match="12文字以上"):
        set_password(settings, "officer", lambda: "short")


def test_where_there_are_no_records_none_are_made(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="記録がありません"):
        list_users(Settings(home=tmp_path / "home"))
    assert not (tmp_path / "home").exists()


def test_the_commands_are_there(
    settings: Settings, identity: Identity, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = (
        ["close", "officer"],
        ["reopen", "officer"],
        ["password", "officer", "--password", OTHER],
        ["list"],
    )
    for each in typed:
        with pytest.raises(SystemExit, match="0"):
            main(["user", *each, "--home", str(settings.home)])
    said = capsys.readouterr().out
    assert [
        word for word in ("停止しました", "再開しました", "変更しました", "利用中") if word not in said
    ] == []
    assert identity.log_in("officer", OTHER).token
