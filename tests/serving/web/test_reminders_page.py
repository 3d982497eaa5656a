"""Late reminders name who has the case in hand, and who is to take it where that is somebody else."""

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
from serving.office.ledger_office import LedgerOffice
from serving.office.office import Versions
from serving.records.events import AssignmentChanged
from serving.records.journal import Journal
from serving.settings import Settings

VERSIONS = Versions("tegakari/3", "late")


def late(ledger: Ledger, held: dict[str, str]) -> Ledger:
    """Return the ledger with every 督促 late and ``held`` by debtor_id in hand; the others are nobody's."""
    work = ledger["assignments"].head(len(held)).assign(
        debtor_id=list(held), staff_id=list(held.values()), ended_on=pd.NaT
    )  # fmt: skip
    debts = ledger["debts"].assign(demanded_on=pd.Timestamp("2025-09-01"))
    return replace(
        ledger, frames=MappingProxyType(dict(ledger.frames) | {"debts": debts, "assignments": work})
    )


@pytest.fixture
def client(engine: Engine, clock: Any, settings: Settings, town: ModuleType) -> Iterator[TestClient]:  # noqa: ANN401
    """The first is held by T003 and proposed to T002, the second T003's in both, the third proposed alone."""
    ledger = late(town.tiny_ledger(), {town.IDS[0]: "T003", town.IDS[1]: "T003"})
    office = LedgerOffice(ledger, town.FakeAdviser(), town.fake_office().assignments(), VERSIONS)
    chosen = replace(settings, page_size=50)
    with TestClient(build_app(chosen, office, clock, engine), follow_redirects=False) as client:
        yield client


def test_both_are_named_where_they_differ(
    browse: Callable[[str], Any], journal: Journal, town: ModuleType
) -> None:
    client = browse("supervisor")

    def staff(debtor_id: str, language: str = "ja") -> str:
        row = client.get(f"/reminders?lang={language}").text.split(f'">{debtor_id}</a>')[1]
        return row.split("</tr>")[0].rsplit("<td>", 1)[1]

    assert staff(town.IDS[0]) == "T003<br><small>担当案: T002</small></td>"
    assert staff(town.IDS[0], "en") == "T003<br><small>proposed: T002</small></td>"
    assert staff(town.IDS[1], "ja") == "T003</td>"
    assert staff(town.IDS[2]) == "―<br><small>担当案: T002</small></td>"
    journal.append(
        "supervisor", AssignmentChanged(town.IDS[2], "T002", "T004", "調整", VERSIONS.model, VERSIONS.data)
    )
    assert staff(town.IDS[2]) == "―<br><small>担当案: T004</small></td>"
    assert staff(town.IDS[11]) == "―</td>"
