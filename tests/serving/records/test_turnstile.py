"""Attempts to log in are checked one by one: a few wait for their turn, a crowd is sent away at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from threading import Event
from typing import Any, Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, text

from serving.problems import Problem
from serving.records.identity import MOST_WAITING, Identity
from serving.records.journal import Journal
from serving.records.turnstile import Turnstile
from serving.settings import Settings

Client = Any
Clock = Any
PASSWORD = "correct-horse-battery"
CROWD = 20


class HeldHasher(PasswordHasher):
    """Checks no password before it is let go."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.go = Event()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        assert self.go.wait(30)
        return super().verify(hash, password)


def test_a_crowd_is_sent_away_and_nobody_who_waits_is_lost(
    engine: Engine, journal: Journal, clock: Clock, settings: Settings
) -> None:
    hasher = HeldHasher()
    identity = Identity(engine, journal, clock, settings, hasher)

    def attempt(_: int) -> str:
        try:
            return identity.log_in("officer", PASSWORD).user.name
        except Problem as problem:
            return problem.code

    let_in = 1 + MOST_WAITING
    with ThreadPoolExecutor(CROWD) as pool:
        every = [pool.submit(attempt, number) for number in range(CROWD)]
        try:
            away = [done.result() for done in islice(as_completed(every, timeout=10), CROWD - let_in)]
        finally:
            hasher.go.set()
    assert away == ["login_busy"] * (CROWD - let_in)
    assert sorted(each.result() for each in every)[-let_in:] == ["officer"] * let_in
    assert len(journal.entries(("LoggedIn",))) == let_in
    assert identity.log_in("officer", PASSWORD).token


def test_a_refused_attempt_leaves_its_place_to_the_next(identity: Identity) -> None:
    for number in range(3 * MOST_WAITING):
        with pytest.raises(Problem, match="利用者名またはパスワードが違います"):
            identity.log_in(f"nobody{number}", "wrong")


def test_who_is_sent_away_is_told_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client.app.state.identity, "_turnstile", Turnstile(0))
    sent = {"name": "officer", "password": PASSWORD}
    answer = client.post("/api/v1/login", json=sent)
    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == "login_busy"
    token = client.get("/login").text.split('name="form_token" value="')[1].split('"')[0]
    page = client.post("/login", data=sent | {"form_token": token})
    assert page.status_code == 429
    assert "ログインが集中している" in page.text


def test_failures_older_than_the_pause_are_not_kept(
    identity: Identity, engine: Engine, clock: Clock, settings: Settings
) -> None:
    def fail(name: str) -> None:
        with pytest.raises(Problem, match="利用者名またはパスワードが違います"):
            identity.log_in(name, "wrong")

    def kept() -> int:
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM login_failures")).scalar_one())

    fail("one")
    fail("two")
    clock.pass_minutes(settings.login_pause_minutes - 1)
    fail("three")
    assert kept() == 3
    clock.pass_minutes(1)
    fail("three")
    assert kept() == 2
