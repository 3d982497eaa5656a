from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from fastapi.testclient import TestClient

from serving.records.journal import Journal

Bearer = Callable[[str], dict[str, str]]


def reply(**other: object) -> dict[str, Any]:
    given = {"target_kind": "bank", "target_code": "0005", "requested_on": "2026-03-20",
             "replied_on": "2026-04-01", "result": "none"}  # fmt: skip
    return given | other


def targets(client: TestClient, place: str, who: dict[str, str]) -> tuple[int, list[str]]:
    advice = client.get(place, headers=who).json()["advice"]
    return advice["round"], [target["target_code"] for target in advice["targets"]]


def test_a_reply_ranks_the_case_anew_and_stays_on_record(
    client: TestClient, bearer: Bearer, town: ModuleType, journal: Journal
) -> None:
    who, place = bearer("officer"), f"/api/v1/cases/{town.RANKED}"
    assert targets(client, place, who)[0] == 1
    entered = client.post(f"{place}/replies", json=reply(), headers=who)
    assert entered.status_code == 201, entered.text
    assert entered.json()["round"] == 2
    again, shown = targets(client, place, who)
    assert again == 2
    assert "0005" not in shown
    kept = client.get(f"{place}/replies", headers=who).json()
    assert [(each["target_code"], each["result"]) for each in kept] == [("0005", "none")]
    assert journal.entries(kinds=("ReplyReceived",))[0].facts["replied_on"] == "2026-04-01"
    assert journal.verify() is None


def test_a_correction_is_a_new_entry_and_a_withdrawal_takes_it_back(
    client: TestClient, bearer: Bearer, town: ModuleType, journal: Journal
) -> None:
    who, place = bearer("officer"), f"/api/v1/cases/{town.RANKED}/replies"
    first = client.post(place, json=reply(), headers=who).json()["reply_id"]
    right = reply(result="found", balance=80_000, corrects=first)
    second = client.post(place, json=right, headers=who).json()["reply_id"]
    assert [each["balance"] for each in client.get(place, headers=who).json()] == [80_000]
    assert client.post(place, json=reply(corrects=first), headers=who).status_code == 409
    back = client.delete(place, params={"reply_id": second}, headers=who)
    assert back.json()["round"] == 1
    assert client.get(place, headers=who).json() == []
    assert len(journal.entries(kinds=("ReplyReceived",))) == 3
    assert client.delete(place, params={"reply_id": second}, headers=who).status_code == 409


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"replied_on": "2026-03-19"}, "reply_days"),
        ({"replied_on": "2026-04-03"}, "reply_days"),
        ({"result": "found"}, "reply_balance"),
        ({"balance": 5}, "reply_balance"),
        ({"result": "found", "balance": -1}, "invalid"),
        ({"target_code": "nowhere"}, "target_unknown"),
        ({"corrects": 99}, "reply_unknown"),
        ({"result": "perhaps"}, "invalid"),
    ],
)
def test_what_cannot_be_is_refused_and_not_written(
    client: TestClient, bearer: Bearer, town: ModuleType, journal: Journal, wrong: dict[str, Any], code: str
) -> None:
    place = f"/api/v1/cases/{town.RANKED}/replies"
    answer = client.post(place, json=reply(**wrong), headers=bearer("officer"))
    assert answer.json()["error"]["code"] == code
    assert journal.entries(kinds=("ReplyReceived",)) == []


def test_the_same_reply_twice_is_refused(client: TestClient, bearer: Bearer, town: ModuleType) -> None:
    who, place = bearer("officer"), f"/api/v1/cases/{town.RANKED}/replies"
    assert client.post(place, json=reply(), headers=who).status_code == 201
    assert client.post(place, json=reply(), headers=who).json()["error"]["code"] == "reply_twice"


def test_a_reply_makes_what_was_shown_stale(client: TestClient, bearer: Bearer, town: ModuleType) -> None:
    who, place = bearer("officer"), f"/api/v1/cases/{town.RANKED}"
    number = client.post(f"{place}/recommendations", headers=who).json()["recommendation_id"]
    client.post(f"{place}/replies", json=reply(), headers=who)
    choice = {
        "recommendation_id": number,
        "grounds": "口座がある。",
        "accepted": [{"target_kind": "bank", "target_code": "9900"}],
    }
    answer = client.post(f"{place}/decisions", json=choice, headers=who)
    assert answer.json()["error"]["code"] == "recommendation_stale"
    again = client.post(f"{place}/recommendations", headers=who).json()
    assert again["recommendation_id"] != number
    assert again["advice"]["round"] == 2
    choice["recommendation_id"] = again["recommendation_id"]
    assert client.post(f"{place}/decisions", json=choice, headers=who).status_code == 201


def test_what_the_records_hold_by_now_is_no_second_round(
    client: TestClient, bearer: Bearer, town: ModuleType
) -> None:
    """The records have an answer of this bank to an inquiry of 20 July."""
    who, place = bearer("officer"), f"/api/v1/cases/{town.RANKED}"
    client.post(
        f"{place}/replies", json=reply(requested_on="2025-07-01", replied_on="2025-08-03"), headers=who
    )
    assert targets(client, place, who)[0] == 1


def test_only_who_may_decide_enters_a_reply(client: TestClient, bearer: Bearer, town: ModuleType) -> None:
    place = f"/api/v1/cases/{town.RANKED}/replies"
    for role in ("auditor", "data"):
        assert client.post(place, json=reply(), headers=bearer(role)).status_code == 403
    unknown = client.post("/api/v1/cases/999/replies", json=reply(), headers=bearer("officer"))
    assert unknown.status_code == 404


def test_random_slots_are_off_until_a_supervisor_turns_them_on(
    client: TestClient, bearer: Bearer, town: ModuleType, journal: Journal
) -> None:
    place = f"/api/v1/cases/{town.RANKED}"
    who, chief = bearer("officer"), bearer("supervisor")
    assert client.get("/api/v1/slots", headers=who).status_code == 403
    assert client.get("/api/v1/slots", headers=chief).json()["share"] == 0
    assert not any(t["random_slot"] for t in client.get(place, headers=who).json()["advice"]["targets"])
    given = {"share": 0.1, "ground": "試行"}
    assert client.put("/api/v1/slots", json=given, headers=who).status_code == 403
    assert client.put("/api/v1/slots", json=given | {"ground": " "}, headers=chief).status_code == 422
    assert client.put("/api/v1/slots", json=given, headers=chief).json()["share"] == 0.1
    client.post(f"{place}/recommendations", headers=who)
    shown = journal.entries(kinds=("RecommendationShown",))[-1].facts["advice"]["targets"]
    assert [(t["random_slot"], t["slot_probability"]) for t in shown][-1] == (True, 0.1)
    client.put("/api/v1/slots", json={"share": 0, "ground": "終了"}, headers=chief)
    assert not any(t["random_slot"] for t in client.get(place, headers=who).json()["advice"]["targets"])
    routed = client.get(f"/api/v1/cases/{town.ROUTED}", headers=who).json()["advice"]
    assert routed["targets"] == []


def test_the_finding_and_the_precedents_are_in_the_api(
    client: TestClient, bearer: Bearer, town: ModuleType
) -> None:
    advice = client.get(f"/api/v1/cases/{town.RANKED}", headers=bearer("officer")).json()["advice"]
    assert advice["hardship"] == advice["finding"]["probability"]
    assert len(advice["targets"][0]["precedents"]) == 3


def test_the_evidence_sheet_is_for_ranked_cases_and_says_who_decides(
    client: TestClient, town: ModuleType, journal: Journal
) -> None:
    page = client.get("/login")
    token = page.text.split('name="form_token" value="')[1].split('"')[0]
    client.post("/login", data={"form_token": token, "name": "officer", "password": "correct-horse-battery"})
    sheet = client.get(f"/cases/{town.PROTECTED}/hardship")
    assert sheet.status_code == 200
    assert "徴税吏員が判断" in sheet.text
    assert town.SECRET_POSTCODE not in sheet.text
    assert town.SECRET_NOTE not in sheet.text
    assert journal.entries(kinds=("CaseViewed",))[-1].facts["view"] == "hardship"
    assert client.get(f"/cases/{town.ROUTED}/hardship").status_code == 409
