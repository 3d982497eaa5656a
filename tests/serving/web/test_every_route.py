"""What holds for every route: it has a sample, is light, is logged, and lets an auditor change nothing."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

import fastapi._compat.v2 as fields
import pytest
from sqlalchemy import Engine

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

from serving.app import build_app
from serving.records.identity import form_token
from serving.records.journal import Journal
from serving.settings import Settings

Client = Any
Browse = Callable[[str], Client]
Headers = Callable[[str], dict[str, str]]
HEAVIEST = 300_000
VIEWS = {"PageViewed", "CaseViewed", "WorklistViewed", "BatchTaken"}
LIGHT = {"/healthz", "/openapi.json"}


def test_every_route_has_a_sample(client: Client, samples: ModuleType) -> None:
    assert samples.without_sample(client.app) == []


def test_routes_stand_before_the_first_request(
    engine: Engine, settings: Settings, town: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put together later, beside running threads, they warned now and then about the alias of ``page``."""
    app = build_app(settings, town.fake_office(), engine=engine)

    def refuses(*_: object, **__: object) -> None:
        raise AssertionError("a field was made after the app was built")

    monkeypatch.setattr(fields, "TypeAdapter", refuses)
    with TestClient(app, follow_redirects=False) as late:
        assert late.get("/cases?page=2").status_code == 303
        assert late.get("/api/v1/cases?page=2").status_code == 401


def test_a_blind_case_is_among_the_samples(
    client: Client, samples: ModuleType, browse: Browse, bearer: Headers
) -> None:
    numbers = samples.happen(client, bearer("supervisor"))
    address = f"/cases/{numbers['blind']}"
    page = browse("supervisor").get(address).text
    assert f'action="{address}/blind"' in page
    assert "推薦する調査先" not in page
    assert address in samples.read_addresses(numbers, samples.PAGES)


def test_every_page_and_answer_is_light(
    client: Client, samples: ModuleType, browse: Browse, bearer: Headers
) -> None:
    numbers, headers = samples.happen(client, bearer("supervisor")), bearer("auditor")
    browse("auditor")
    addresses = samples.read_addresses(numbers)
    weights = {address: len(client.get(address, headers=headers).content) for address in addresses}
    assert {address: weight for address, weight in weights.items() if weight > HEAVIEST} == {}


def test_an_auditor_reads_everything_and_each_view_is_journalled(
    client: Client, samples: ModuleType, browse: Browse, bearer: Headers, journal: Journal
) -> None:
    numbers, headers = samples.happen(client, bearer("supervisor")), bearer("auditor")
    browse("auditor")
    for address in samples.read_addresses(numbers):
        if address in LIGHT:
            continue
        before = journal.head()[0]
        answer = client.get(address, headers=headers)
        assert answer.status_code == 200, address
        later = journal.entries(since=before + 1)
        assert [entry.actor for entry in later] == ["auditor"] * len(later), address
        assert VIEWS & {entry.kind for entry in later}, address


def test_an_auditor_changes_nothing(
    client: Client, samples: ModuleType, browse: Browse, bearer: Headers, journal: Journal
) -> None:
    headers = bearer("auditor")
    browse("auditor")
    token = form_token(client.cookies["tegakari"])
    before = journal.head()[0]
    for (method, route), (address, sent) in samples.CHANGES.items():
        if route.startswith("/api/"):
            answer = client.request(method, address, json=sent, headers=headers)
        else:
            answer = client.request(method, address, data={**sent, "form_token": token})
        assert answer.status_code == 403, (method, route, answer.text)
    for address in samples.UPLOADS.values():
        sent = {"form_token": (None, token), "file": ("replies.csv", b"x", "text/csv")}
        assert client.post(address, files=sent).status_code == 403
    assert journal.head()[0] == before


def test_a_page_that_is_refused_or_asked_for_by_nobody_is_no_view(
    client: Client, browse: Browse, journal: Journal
) -> None:
    browse("officer")
    before = journal.head()[0]
    assert client.get("/audit").status_code == 403
    assert client.get("/nowhere").status_code == 404
    client.cookies.clear()
    assert client.get("/casebook").status_code == 303
    assert journal.head()[0] == before


def test_a_view_tells_the_page_and_its_filters(client: Client, browse: Browse, journal: Journal) -> None:
    browse("auditor").get("/audit?actor=officer&lang=en&only=holds")
    view = journal.entries(kinds=("PageViewed",))[-1]
    assert (view.actor, view.facts["page"]) == ("auditor", "/audit")
    assert view.facts["filters"] == {"actor": "officer", "only": "holds"}


def test_an_auditor_reads_the_settings_and_gets_no_form(browse: Browse) -> None:
    page = browse("auditor").get("/slots").text
    assert "閲覧だけ" in page
    assert 'name="share"' not in page
    assert 'name="share"' in browse("supervisor").get("/slots").text
