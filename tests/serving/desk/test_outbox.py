from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from fastapi.testclient import TestClient

from serving.records.journal import Journal

Bearer = Callable[[str], dict[str, str]]
THREE = [{"target_kind": "bank", "target_code": "0005"}, {"target_kind": "employer", "target_code": "E00001"},
         {"target_kind": "bank", "target_code": "9900"}]  # fmt: skip


def decided(
    client: TestClient, who: dict[str, str], debtor: str, targets: list[dict[str, str]] = THREE
) -> int:
    place = f"/api/v1/cases/{debtor}"
    client.post(f"{place}/recommendations", headers=who)
    answer = client.post(f"{place}/decisions", json={"accepted": targets}, headers=who)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["decision_id"])


def made(client: TestClient, who: dict[str, str], decision: int | None = None) -> dict[str, Any]:
    answer = client.post("/api/v1/batches", json={"decision_id": decision}, headers=who)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_choice_goes_out_once(
    client: TestClient, bearer: Bearer, town: ModuleType, journal: Journal
) -> None:
    who = bearer("officer")
    decision = decided(client, who, town.RANKED)
    first = made(client, who, decision)
    assert [each["target_code"] for each in first["inquiries"]] == ["0005", "E00001", "9900"]
    assert len({each["number"] for each in first["inquiries"]}) == 3
    assert first["requested_on"] == "2026-04-02"
    assert made(client, who, decision) == first
    assert len(journal.entries(kinds=("BatchMade",))) == 1
    nothing = client.post("/api/v1/batches", json={}, headers=who)
    assert nothing.json()["error"]["code"] == "batch_empty"
