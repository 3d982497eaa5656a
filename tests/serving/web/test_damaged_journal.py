"""A journal that was changed behind the program's back: the pages that tell of it still open, and tell."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Engine, text

from serving.records.journal import Journal

Client = Any
DAMAGES = [
    ("RecommendationShown", "body", "{"),
    ("RecommendationShown", "body", "[]"),
    ("RecommendationShown", "body", '{"advice":{}}'),
    ("RecommendationShown", "at", "yesterday"),
    ("RecommendationShown", "actor", "taro"),
    ("DecisionMade", "body", "{"),
    ("DecisionMade", "body", '{"recommendation":7}'),
    ("BatchMade", "body", "{"),
    ("BatchMade", "body", '{"items":[5]}'),
    ("ReplyReceived", "body", '{"replied_on":"soon","balance":"much"}'),
    ("TrialSet", "body", '{"share":"half"}'),
]


def _change(engine: Engine, seq: int, column: str, value: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER journal_no_update"))
        change = text(f"UPDATE journal SET {column} = :value WHERE seq = :seq")
        connection.execute(change, {"value": value, "seq": seq})


@pytest.mark.parametrize(("kind", "column", "value"), DAMAGES)
def test_an_auditor_is_told_of_a_changed_entry(
    browse: Callable[[str], Client],
    bearer: Callable[[str], dict[str, str]],
    client: Client,
    samples: ModuleType,
    journal: Journal,
    engine: Engine,
    kind: str,
    column: str,
    value: str,
) -> None:
    headers = bearer("supervisor")
    samples.happen(client, headers)
    reply = {"target_kind": "bank", "target_code": "0005", "requested_on": "2026-04-01",
             "replied_on": "2026-04-01", "result": "none"}  # fmt: skip
    client.post("/api/v1/cases/000000000000001/replies", headers=headers, json=reply)
    seq = journal.entries((kind,))[0].seq
    browse("auditor").get("/audit")
    _change(engine, seq, column, value)
    pages = ("/audit", "/audit?verify=1", f"/audit?kind={kind}", f"/audit/{seq}", "/audit?only=overrides")
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200, address
    assert "書かれたままではない" in client.get(f"/audit?kind={kind}").text
    assert f"記録番号{seq}が書かれたままではありません" in client.get(f"/audit/{seq}").text
    assert f"記録番号{seq}が書かれたままではありません" in client.get("/audit?verify=1").text
    assert client.get("/audit/export.csv").text.count("tegakari verify --head") == 1
    told = client.get(f"/api/v1/audit/{seq}", headers=bearer("auditor")).json()["entry"]
    assert (told["seq"], told["intact"]) == (seq, False)


def test_a_page_that_rests_on_a_damaged_entry_says_so(
    browse: Callable[[str], Client],
    bearer: Callable[[str], dict[str, str]],
    client: Client,
    samples: ModuleType,
    journal: Journal,
    engine: Engine,
) -> None:
    samples.happen(client, bearer("supervisor"))
    seq = journal.entries(("DecisionMade",))[0].seq
    _change(engine, seq, "body", "{")
    answer = browse("supervisor").get("/cases/000000000000001")
    assert answer.status_code == 500
    assert "記録の一部が書かれたままではなく、読み取れません" in answer.text
