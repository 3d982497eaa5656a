"""A case that is paid and not yet closed says so on its line and on its page; it is ranked as before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import MappingProxyType, ModuleType
from typing import Any

import pandas as pd
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from features.ledger.snapshot import Ledger
from serving.app import build_app
from serving.desk.worklist import Worklist
from serving.office.ledger_office import LedgerOffice
from serving.office.office import Versions
from serving.records.events import TrialSet
from serving.records.journal import Journal
from serving.settings import Settings

PAID, OWING = "000000000000003", "000000000000005"
SAID = {"ja": "徴収すべき残額がありません", "en": "Nothing is left to collect"}
Browse = Callable[[str], Any]
Bearer = Callable[[str], dict[str, str]]


def paid(ledger: Ledger) -> Ledger:
    debts = ledger["debts"][ledger["debts"]["debtor_id"] == PAID]
    payments = debts[["debt_id"]].assign(
        payment_id=[f"X{n}" for n in range(len(debts))],
        paid_on=pd.Timestamp("2026-03-01"),
        amount=debts["principal"],
    )
    frames = dict(ledger.frames) | {"payments": pd.concat([ledger["payments"], payments], ignore_index=True)}
    return replace(ledger, frames=MappingProxyType(frames))


@pytest.fixture
def client(engine: Engine, clock: Any, settings: Settings, town: ModuleType) -> Iterator[TestClient]:  # noqa: ANN401
    ledger = paid(town.tiny_ledger())
    matching = town.fake_office().assignments()
    office = LedgerOffice(ledger, town.FakeAdviser(), matching, Versions("tegakari/3", "paid"))
    Worklist(engine, office).prepare()
    with TestClient(build_app(settings, office, clock, engine), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_of_the_case_says_what_is_left_to_do(browse: Browse, language: str) -> None:
    client = browse("officer")
    page = client.get(f"/cases/{PAID}?lang={language}").text
    assert SAID[language] in page
    assert 'name="accept"' in page  # ranked as before
    assert SAID[language] not in client.get(f"/cases/{OWING}?lang={language}").text


def test_it_is_said_where_the_case_is_chosen_blind(browse: Browse, journal: Journal) -> None:
    journal.append("supervisor", TrialSet("", blind=1.0, ground="試行"))
    page = browse("officer").get(f"/cases/{PAID}").text
    assert "選定を確定し、推薦を見る" in page
    assert SAID["ja"] in page


def test_the_worklist_marks_counts_and_lists_it(client: TestClient, browse: Browse, bearer: Bearer) -> None:
    browse("supervisor")
    page = client.get("/cases?mark=paid_up").text
    assert "残額なし・要完結 <strong>1</strong>" in page
    rows = page.split("<tbody>")[1]
    assert f"/cases/{PAID}" in rows
    assert rows.count('<th scope="row">') == 1
    assert '<span class="tag dark">残額なし・要完結</span>' in rows
    told = client.get("/api/v1/cases?mark=paid_up", headers=bearer("supervisor")).json()["cases"]
    assert [(each["debtor_id"], each["paid_up"]) for each in told] == [(PAID, True)]
