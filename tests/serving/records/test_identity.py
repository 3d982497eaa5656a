from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from serving.problems import Problem
from serving.records.identity import RIGHTS, Identity, Right, Role
from serving.records.journal import Journal

Client = Any
Clock = Any
PASSWORD = "correct-horse-battery"


def test_passwords_and_tokens_are_kept_only_as_hashes(engine: Engine, identity: Identity) -> None:
    token = identity.log_in("officer", PASSWORD).token
    with engine.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM users")).all())
        kept += str(connection.execute(text("SELECT * FROM logins")).all())
    assert PASSWORD not in kept
    assert token not in kept
    assert "$argon2id$" in kept


def test_a_login_expires_and_can_be_ended(identity: Identity, clock: Clock) -> None:
    first, second = (identity.log_in("officer", PASSWORD).token for _ in range(2))
    identity.log_out(first)
    assert identity.user_of(first) is None
    assert identity.user_of(second) is not None
    clock.pass_minutes(10 * 60)
    assert identity.user_of(second) is None


@pytest.mark.parametrize(("name", "password"), [("officer", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_login_does_not_say_what_was_wrong(identity: Identity, name: str, password: str) -> None:
    with pytest.raises(Problem, match="利用者名またはパスワードが違います"):
        identity.log_in(name, password)


def test_too_many_failures_pause_one_name_from_one_place(identity: Identity, clock: Clock) -> None:
    for _ in range(5):
        with pytest.raises(Problem, match="違います"):
            identity.log_in("officer", "wrong", "10.0.0.1")
    with pytest.raises(Problem, match="一時的に"):
        identity.log_in("officer", PASSWORD, "10.0.0.1")
    assert identity.log_in("officer", PASSWORD, "10.0.0.2").user.role is Role.OFFICER
    clock.pass_minutes(11)
    assert identity.log_in("officer", PASSWORD, "10.0.0.1").token


@pytest.mark.parametrize(
    ("name", "password", "said"), [("officer", PASSWORD, "既に使われ"), ("taro", "short", "12文字以上")]
)
def test_an_account_that_cannot_be_made(identity: Identity, name: str, password: str, said: str) -> None:
    with pytest.raises(Problem, match=said):
        identity.add_user(name, password, Role.OFFICER)


def test_who_may_see_cases_and_who_may_change() -> None:
    assert {role for role in Role if Right.CASES in RIGHTS[role]} == {
        Role.OFFICER,
        Role.SUPERVISOR,
        Role.AUDITOR,
    }
    assert {role for role in Role if Right.DECIDE in RIGHTS[role]} == {Role.OFFICER, Role.SUPERVISOR}


def test_a_form_without_its_token_changes_nothing(
    client: Client, bearer: Callable[[str], Any], journal: Journal
) -> None:
    client.get("/login")
    refused = client.post("/login", data={"name": "officer", "password": PASSWORD})
    assert refused.status_code == 403
    assert journal.entries(kinds=("LoggedIn",)) == []


def test_the_cookie_is_closed_to_scripts_and_other_sites(client: Client) -> None:
    page = client.get("/login").text
    token = page.split('name="form_token" value="')[1].split('"')[0]
    answer = client.post("/login", data={"name": "officer", "password": PASSWORD, "form_token": token})
    assert answer.status_code == 303
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("tegakari="))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    for path, status in (
        ("/cases", 200),
        ("/assignments", 403),
        ("/audit", 403),
        ("/cases/9", 404),
        ("/x", 404),
    ):
        assert client.get(path).status_code == status, path
    assert client.post("/logout").status_code == 403
    assert client.get("/cases").status_code == 200
