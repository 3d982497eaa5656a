"""Examples from others' cases, where officers see their own cases alone: what happened, not whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from serving.app import build_app
from serving.records.identity import Identity, Role
from serving.settings import Settings

PASSWORD = "correct-horse-battery"
Clock = Any


@pytest.fixture(params=["own", "office"])
def scope(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(
    *, engine: Engine, clock: Clock, settings: Settings, town: ModuleType, scope: str
) -> Iterator[TestClient]:
    """The officer's own cases are the odd ones; precedents are of the sixth, seventh and eighth debtor."""
    app = build_app(replace(settings, officer_scope=scope), town.fake_office(), clock, engine)
    with TestClient(app, follow_redirects=False) as client:
        yield client


def log_in(client: TestClient, role: str) -> None:
    client.cookies.clear()
    token = client.get("/login").text.split('name="form_token" value="')[1].partition('"')[0]
    client.post("/login", data={"name": role, "password": PASSWORD, "form_token": token})


def others(text: str, town: ModuleType) -> set[str]:
    """Return which of the even cases stand in a page or an answer."""
    return {town.IDS[number] for number in (1, 3, 5, 7, 9) if town.IDS[number] in text}


def test_precedents_of_others_are_nobodys(client: TestClient, town: ModuleType, scope: str) -> None:
    log_in(client, "officer")
    page = client.get(f"/cases/{town.RANKED}").text
    named = {"own": set(), "office": {town.IDS[5], town.IDS[7]}}[scope]
    assert others(page, town) == named
    assert ("担当外の事案" in page) is (scope == "own")
    assert f'href="/cases/{town.IDS[6]}"' in page  # the seventh is the officer's own
    assert page.count("類似") == 3


def test_programs_are_told_no_more(client: TestClient, town: ModuleType, scope: str) -> None:
    token = client.post("/api/v1/login", json={"name": "officer", "password": PASSWORD}).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    place = f"/api/v1/cases/{town.RANKED}"
    for answer in (
        client.get(place, headers=headers),
        client.post(f"{place}/recommendations", headers=headers),
    ):
        assert bool(others(answer.text, town)) is (scope == "office")
        past = answer.json()["advice"]["targets"][0]["precedents"]
        assert [bool(each["debtor_id"]) for each in past] == [scope == "office", True, scope == "office"]


def test_the_casebook_names_ones_own_cases_alone(
    client: TestClient, town: ModuleType, scope: str, identity: Identity
) -> None:
    identity.add_user("another", PASSWORD, Role.OFFICER, "T003")
    named = {}
    for name in ("officer", "another", "supervisor"):
        log_in(client, name)
        page = client.get("/casebook").text
        named[name] = (f'href="/cases/{town.RANKED}"' in page, "担当外の事案" in page)
    assert named["officer"] == named["supervisor"] == (True, False)  # the solved case is the officer's own
    assert named["another"] == ((False, True) if scope == "own" else (True, False))
