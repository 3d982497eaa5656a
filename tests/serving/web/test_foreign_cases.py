"""Where officers see their own cases alone, no form tells a case of somebody else from none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from serving.app import build_app
from serving.records.identity import form_token
from serving.records.journal import Journal
from serving.settings import Settings

Clock = Any
Browse = Callable[[str], TestClient]
UNKNOWN = "999999999999999"
FORMS = [
    ("what-if", {"fact": "account", "named": "x"}),
    ("what-if", {"fact": "note", "note": "x"}),
    ("replies", {"target_kind": "bank", "target_code": "x", "result": "none"}),
    ("replies", {"target": "bank|0005", "result": "none"}),
    ("decline", {"reason": "多忙"}),
    ("decline", {"withdrawn": "1", "staff_id": "T002"}),
    ("decisions", {"add:bank": "x", "why:bank": "y", "grounds": "z"}),
    ("blind", {"nothing": "1", "grounds": "z"}),
    ("reasons", {"recommendation": "1"}),
]


@pytest.fixture
def client(engine: Engine, clock: Clock, settings: Settings, town: ModuleType) -> Iterator[TestClient]:
    app = build_app(replace(settings, officer_scope="own"), town.fake_office(), clock, engine)
    with TestClient(app, follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(("form", "sent"), FORMS)
def test_a_form_tells_no_foreign_case_from_an_unknown_one(
    browse: Browse, journal: Journal, town: ModuleType, form: str, sent: dict[str, str]
) -> None:
    client, foreign = browse("officer"), town.IDS[1]
    token = {"form_token": form_token(client.cookies["tegakari"])}
    answers = [client.post(f"/cases/{each}/{form}", data=sent | token) for each in (foreign, UNKNOWN)]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].text.replace(foreign, UNKNOWN) == answers[1].text
    refused = journal.entries(kinds=("CaseRefused",))
    assert [(entry.debtor_id, entry.facts["ground"]) for entry in refused] == [(foreign, "foreign")]
