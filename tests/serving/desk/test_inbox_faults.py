"""Every fault of a file is told in one go: of its cells, and of what does not fit the inquiries."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from fastapi.testclient import TestClient

from serving.exchange.number import InquiryNumber
from serving.records.journal import Journal

Bearer = Callable[[str], dict[str, str]]
HEAD = "照会番号,回答日,該当有無,種別,残高,宛名番号"


@pytest.fixture
def numbers(client: TestClient, bearer: Bearer, town: ModuleType) -> list[str]:
    """The numbers of six inquiries about two debtors."""
    who = bearer("officer")
    banks = [{"target_kind": "bank", "target_code": code} for code in ("0005", "9900", "0009")]
    for debtor in town.IDS[:2]:
        client.post(f"/api/v1/cases/{debtor}/recommendations", headers=who)
        sent = {"accepted": banks, "grounds": "記録による"}
        client.post(f"/api/v1/cases/{debtor}/decisions", json=sent, headers=who)
    told = client.post("/api/v1/batches", json={}, headers=who).json()
    return [each["number"] for each in told["inquiries"]]


def sent(client: TestClient, who: dict[str, str], *rows: str) -> Any:  # noqa: ANN401
    content = "\n".join((HEAD, *rows)).encode()
    return client.post("/api/v1/replies/file", content=content, headers=who)


def told(answer: Any) -> list[tuple[int, str]]:  # noqa: ANN401
    assert answer.status_code == 422, answer.text
    return [(fault["line"], fault["code"]) for fault in answer.json()["error"]["faults"]]


def test_all_kinds_of_faults_come_together(
    client: TestClient, bearer: Bearer, numbers: list[str], journal: Journal
) -> None:
    strange = str(InquiryNumber("130000", 9999, 1))
    answer = sent(
        client,
        bearer("officer"),
        f"{numbers[0]},R8.4.2,有,普通,不明,",
        f"{strange},R8.4.2,無,,,",
        f"{numbers[1]},R8.4.1,無,,,",
        f"{numbers[2]},R8.4.2,有,普通,=1+1,",
        f"{numbers[3]},,無,,,000000000000009",
        f"{numbers[4]},R8.4.2,有,普通,100,",
    )
    assert sorted(told(answer)) == [
        (2, "cell"),
        (3, "number_unknown"),
        (4, "before_asked"),
        (5, "formula"),
        (6, "day_missing"),
        (6, "debtor_wrong"),
    ]
    assert journal.entries(kinds=("ReplyReceived", "ReplyFileImported")) == []
    (refused,) = journal.entries(kinds=("ReplyFileRefused",))
    assert refused.facts["faults"] == 6


def test_a_row_that_cannot_be_read_is_not_held_against_an_earlier_reply(
    client: TestClient, bearer: Bearer, numbers: list[str]
) -> None:
    who = bearer("officer")
    assert sent(client, who, f"{numbers[0]},R8.4.2,有,普通,100,").status_code == 201
    assert told(sent(client, who, f"{numbers[0]},R8.4.2,有,普通,不明,")) == [(2, "cell")]
    assert told(sent(client, who, f"{numbers[0]},R8.4.2,有,普通,200,")) == [(2, "replied_before")]
