from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from fastapi.testclient import TestClient

from features.ledger.intake import read_folder
from features.ledger.outgoing import write_folder
from serving.desk.loop import joined, journal_tables
from serving.desk.register import Register
from serving.records.journal import Journal
from serving.terminal.table_file import write_tables

Bearer = Callable[[str], dict[str, str]]


@pytest.fixture
def register(
    client: TestClient, bearer: Bearer, town: ModuleType, files: ModuleType, journal: Journal
) -> Register:
    """Two inquiries out, one of them answered; and a reply entered by hand to what the records asked."""
    who, place = bearer("officer"), f"/api/v1/cases/{town.RANKED}"
    client.post(f"{place}/recommendations", headers=who)
    banks = [{"target_kind": "bank", "target_code": code} for code in ("0005", "9900")]
    client.post(f"{place}/decisions", json={"accepted": banks, "grounds": "記録による"}, headers=who)
    batch = client.post("/api/v1/batches", json={}, headers=who).json()
    answer = files.Answered(batch["inquiries"][0]["number"], (("普通", 100), ("定期", 20)))
    assert (
        client.post("/api/v1/replies/file", content=files.flat_rows([answer]), headers=who).status_code == 201
    )
    by_hand = {"target_kind": "bank", "target_code": "0009", "requested_on": "2026-03-20",
               "replied_on": "2026-04-01", "result": "none"}  # fmt: skip
    assert client.post(f"{place}/replies", json=by_hand, headers=who).status_code == 201
    return Register(journal, "130000")


def test_the_journal_comes_out_as_the_tables_of_the_contract(register: Register, town: ModuleType) -> None:
    tables = journal_tables(register.standing(), "130000")
    inquiries, replies = tables["inquiries"], tables["replies"]
    assert inquiries["target_code"].tolist() == ["0005", "9900", "0009"]
    assert inquiries["means"].tolist()[:2] == ["1", "1"]
    assert set(inquiries["debtor_id"]) == {town.RANKED}
    assert replies["inquiry_id"].tolist() == [inquiries["inquiry_id"][0], inquiries["inquiry_id"][2]]
    assert replies["result"].tolist() == ["1", "2"]
    assert replies["balance"].tolist()[0] == 120


def test_records_and_export_read_clean_and_no_id_stands_twice(
    register: Register, town: ModuleType, tmp_path: Path
) -> None:
    ledger = town.tiny_ledger()
    whole = joined(ledger, journal_tables(register.standing(), "130000"))
    # The records' own inquiry of 20 March is answered; the two others are new.
    assert whole["inquiries"]["inquiry_id"].tolist()[:3] == ["Q1", "Q2", "Q3"]
    assert len(whole["inquiries"]) == 5
    assert whole["replies"]["inquiry_id"].tolist()[-1] == "Q3"
    again = joined(whole, journal_tables(register.standing(), "130000"))
    assert len(again["inquiries"]) == 5
    assert len(again["replies"]) == len(whole["replies"])
    write_folder(whole, tmp_path / "whole")
    before = tmp_path / "before"
    write_folder(ledger, before)
    read, old = read_folder(tmp_path / "whole"), read_folder(before)
    assert read.faults == old.faults  # the tiny town has two targets without a code
    assert read.repairs == old.repairs
    assert read.warnings == old.warnings
    assert read.ledger["inquiries"]["inquiry_id"].is_unique
    assert read.ledger["replies"]["balance"].dropna().tolist() == [48_200, 120]
    assert read.ledger.day.isoformat() == "2026-04-02"


def test_the_tables_alone_stand_in_for_those_of_a_folder(
    register: Register, town: ModuleType, tmp_path: Path
) -> None:
    write_folder(town.tiny_ledger(), tmp_path / "town")
    tables = journal_tables(register.standing(), "130000")
    write_tables({tmp_path / "town" / f"{name}.csv": frame for name, frame in tables.items()})
    place = tmp_path / "town" / "municipality.json"
    place.write_text(place.read_text().replace("2026-04-01", "2026-04-02"))
    read = read_folder(tmp_path / "town")
    assert {fault.table for fault in read.faults} <= {"targets"}
    assert read.ledger["inquiries"]["inquiry_id"].tolist() == tables["inquiries"]["inquiry_id"].tolist()
    assert read.ledger["replies"]["balance"].tolist()[0] == 120
