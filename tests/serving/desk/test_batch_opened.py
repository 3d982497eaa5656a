"""Who opened a batch, and who was refused one, as the journal keeps it."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from serving.records.exchange_events import BatchMade
from serving.records.identity import Identity, Role
from serving.records.journal import Journal
from serving.records.trail import Search, Trail

Bearer = Callable[[str], dict[str, str]]
Browse = Callable[[str], TestClient]
PASSWORD = "correct-horse-battery"
BANK = {"target_kind": "bank", "target_code": "0005"}
ASKED = "kind=bank&code=0005"
VIEWS = ("BatchTaken", "BatchRefused", "PageViewed")


def batch_of(client: TestClient, who: dict[str, str], debtor: str) -> int:
    place = f"/api/v1/cases/{debtor}"
    client.post(f"{place}/recommendations", headers=who)
    sent = {"accepted": [BANK], "grounds": "記録による"}
    decision = client.post(f"{place}/decisions", json=sent, headers=who).json()["decision_id"]
    made = client.post("/api/v1/batches", json={"decision_id": decision}, headers=who)
    return int(made.json()["batch_id"])


def views_since(journal: Journal, seq: int) -> list[dict[str, Any]]:
    entries = [entry for entry in journal.entries(since=seq + 1) if entry.kind in VIEWS]
    return [{"kind": entry.kind, **entry.facts} for entry in entries]


@pytest.mark.parametrize("form", ["page", "csv", "xlsx", "letters", "api"])
def test_a_batch_that_was_opened_is_one_entry(
    client: TestClient, bearer: Bearer, browse: Browse, town: ModuleType, journal: Journal, form: str
) -> None:
    number, headers = batch_of(client, bearer("officer"), town.RANKED), bearer("officer")
    place = f"/batches/{number}"
    addresses = {
        "page": place,
        "csv": f"{place}/request.csv?{ASKED}",
        "xlsx": f"{place}/request.xlsx?{ASKED}",
        "letters": f"{place}/letters",
        "api": f"/api/v1{place}",
    }
    browse("officer")
    before = journal.head()[0]
    assert client.get(addresses[form], headers=headers).status_code == 200
    (view,) = views_since(journal, before)
    assert (view["kind"], view["batch"], view["form"], view["restricted"]) == (
        "BatchTaken", number, form, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "asked",
    ["request.csv?kind=bank&code=none", "request.xlsx?kind=", "letters?kind=bank&code=none", "letters"],
)
def test_what_is_not_in_a_batch_was_not_handed_out(
    browse: Browse, town: ModuleType, journal: Journal, asked: str
) -> None:
    item = {
        "number": "1310012604000000001001", "decision": 1, "debtor_id": town.RANKED, **BANK, "means": "2",
        "actor": "officer", "staff_id": "T002", "articles": "",
    }  # fmt: skip
    number = journal.append("officer", BatchMade(town.RANKED, "2026-04-02", "T002", (item,))).seq
    client = browse("officer")
    before = journal.head()[0]
    assert client.get(f"/batches/{number}/{asked}").status_code == 404
    assert views_since(journal, before) == []


def test_who_opened_a_protected_batch_or_was_refused_it_is_found(
    *,
    client: TestClient,
    bearer: Bearer,
    browse: Browse,
    town: ModuleType,
    identity: Identity,
    journal: Journal,
    engine: Engine,
) -> None:
    identity.add_user("colleague", PASSWORD, Role.OFFICER)
    number = batch_of(client, bearer("officer"), town.PROTECTED)
    before = journal.head()[0]
    browse("colleague")
    assert client.get(f"/batches/{number}/request.csv?{ASKED}").status_code == 403
    assert client.get(f"/batches/{number + 10_000}").status_code == 404
    browse("supervisor").get(f"/batches/{number}/request.csv?{ASKED}")
    refused, taken = views_since(journal, before)
    assert refused == {
        "kind": "BatchRefused", "debtor_id": town.PROTECTED, "batch": number, "form": "csv",
        "ground": "protected", "restricted": True,
    }  # fmt: skip
    assert (taken["kind"], taken["restricted"]) == ("BatchTaken", True)
    for search in (Search(only="skips"), Search(case=town.PROTECTED)):
        found = Trail(engine, journal).page(search, 50).entries
        told = [(entry.actor, entry.kind) for entry in found if entry.seq > before]
        assert told == [("supervisor", "BatchTaken"), ("colleague", "BatchRefused")]
