"""The exchange where officers see their own cases alone: what is others' stays with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from serving.app import build_app
from serving.records.events import AssignmentChanged
from serving.records.identity import Identity, Role
from serving.records.journal import Journal
from serving.settings import Settings

PASSWORD = "correct-horse-battery"
BANK = {"target_kind": "bank", "target_code": "0005"}
ASKED = "kind=bank&code=0005"
Clock = Any


@pytest.fixture(params=["own", "office"])
def scope(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(
    *, engine: Engine, clock: Clock, settings: Settings, town: ModuleType, scope: str, identity: Identity
) -> Iterator[TestClient]:
    """The officer's own cases are the odd ones, another's the even ones."""
    identity.add_user("another", PASSWORD, Role.OFFICER, "T003")
    app = build_app(replace(settings, officer_scope=scope), town.fake_office(), clock, engine)
    with TestClient(app, follow_redirects=False) as client:
        yield client


def bearer(client: TestClient, name: str) -> dict[str, str]:
    token = client.post("/api/v1/login", json={"name": name, "password": PASSWORD}).json()["token"]
    return {"Authorization": f"Bearer {token}"}


def log_in(client: TestClient, name: str) -> str:
    """Log in to the pages and return the token of their forms."""
    client.cookies.clear()
    token = client.get("/login").text.split('name="form_token" value="')[1].partition('"')[0]
    client.post("/login", data={"name": name, "password": PASSWORD, "form_token": token})
    return client.get("/cases").text.split('name="form_token" value="')[1].partition('"')[0]


@pytest.fixture
def decisions(client: TestClient, town: ModuleType) -> dict[str, int]:
    """Return the choices of the officer and of another, one each, by who made them."""
    found = {}
    for name, debtor in (("officer", town.IDS[0]), ("another", town.IDS[1])):
        headers, place = bearer(client, name), f"/api/v1/cases/{debtor}"
        client.post(f"{place}/recommendations", headers=headers)
        answer = client.post(
            f"{place}/decisions", json={"accepted": [BANK], "grounds": "記録による"}, headers=headers
        )
        assert answer.status_code == 201, answer.text
        found[name] = int(answer.json()["decision_id"])
    return found


def batch_of(client: TestClient, name: str, **wanted: int) -> dict[str, Any]:
    answer = client.post("/api/v1/batches", json=wanted, headers=bearer(client, name))
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_what_waits_about_others_cases_is_not_listed_nor_sent(
    client: TestClient, town: ModuleType, decisions: dict[str, int], scope: str
) -> None:
    log_in(client, "officer")
    page = client.get("/batches").text
    assert town.IDS[0] in page
    assert (town.IDS[1] in page) is (scope == "office")
    assert ("担当の事案の照会だけ" in page) is (scope == "own")
    told = batch_of(client, "officer")
    assert {each["debtor_id"] for each in told["inquiries"]} == set(town.IDS[: 1 if scope == "own" else 2])


def test_anothers_choice_is_neither_sent_nor_set_aside(
    client: TestClient, decisions: dict[str, int], scope: str, journal: Journal
) -> None:
    if scope == "office":
        return
    token = log_in(client, "officer")
    sent = {"form_token": token, "decision": str(decisions["another"])}
    for address, more in (("/batches", {}), ("/batches/aside", {"reason": "調整"})):
        answer = client.post(address, data=sent | more)
        assert answer.status_code == 403
        assert "担当外の事案の選定のため" in answer.text
    assert journal.entries(kinds=("BatchMade", "ChoiceSetAside")) == []


def test_of_a_batch_with_others_cases_an_officer_sees_the_own_ones(
    client: TestClient, town: ModuleType, decisions: dict[str, int], scope: str
) -> None:
    number = batch_of(client, "supervisor")["batch_id"]
    log_in(client, "officer")
    page = client.get(f"/batches/{number}").text
    assert town.IDS[0] in page
    assert (town.IDS[1] in page) is (scope == "office")
    assert ("担当外の事案の照会1件も含まれます" in page) is (scope == "own")
    assert ("ほか担当外1件" in client.get("/batches").text) is (scope == "own")
    files = [f"request.csv?{ASKED}", f"request.xlsx?{ASKED}", "letters", f"letters?{ASKED}"]
    for name in files:
        assert client.get(f"/batches/{number}/{name}").status_code == (403 if scope == "own" else 200)
        assert ("request.csv" in page) is (scope == "office")
    log_in(client, "supervisor")
    assert client.get(f"/batches/{number}/{files[0]}").status_code == 200
    told = client.get(f"/api/v1/batches/{number}", headers=bearer(client, "officer")).json()
    assert (len(told["inquiries"]), told["others"]) == ((1, 1) if scope == "own" else (2, 0))


def test_a_batch_of_others_alone_is_closed_and_its_maker_keeps_it(
    client: TestClient, town: ModuleType, decisions: dict[str, int], scope: str, journal: Journal
) -> None:
    if scope == "office":
        return
    number = batch_of(client, "officer", decision_id=decisions["officer"])["batch_id"]
    log_in(client, "another")
    answer = client.get(f"/batches/{number}")
    assert (answer.status_code, "担当の事案を含まない" in answer.text) == (403, True)
    assert f"/batches/{number}" not in client.get("/batches").text
    versions = town.fake_office().versions
    journal.append(
        "supervisor", AssignmentChanged(town.IDS[0], "T002", "T003", "調整", versions.model, versions.data)
    )
    assert client.get(f"/batches/{number}").status_code == 200  # the case is another's now
    log_in(client, "officer")
    assert client.get(f"/batches/{number}/request.csv?{ASKED}").status_code == 200


def test_replies_about_others_cases_are_taken_in_by_those_who_see_them(
    client: TestClient, decisions: dict[str, int], scope: str, files: ModuleType
) -> None:
    batch = batch_of(client, "supervisor")
    content = files.cover_rows([files.Answered(each["number"]) for each in batch["inquiries"]])
    answer = client.post("/api/v1/replies/file", content=content, headers=bearer(client, "officer"))
    assert answer.status_code == (422 if scope == "own" else 201), answer.text
    assert ("担当外の事案への回答です" in answer.text) is (scope == "own")
    log_in(client, "another")
    assert ("取込み" in client.get("/replies").text.split('id="files"')[1]) is (scope == "office")
    taken = client.post("/api/v1/replies/file", content=content, headers=bearer(client, "supervisor"))
    assert taken.status_code == (201 if scope == "own" else 409), taken.text
    listed = client.get("/replies").text.split('id="files"')[1]
    assert ("取込み 1件" in listed, "取込み 2件" in listed) == (scope == "own", scope == "office")
    assert ("取り込まず" in listed) is (scope == "office")
