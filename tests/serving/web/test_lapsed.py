"""Records that are older than today: what has lapsed in between is said, and nobody chooses what is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
from fastapi.testclient import TestClient

from serving.records.events import DecisionMade, TrialSet
from serving.records.identity import form_token
from serving.records.journal import Journal

CASE = "000000000000002"
Browse = Callable[[str], Any]
Bearer = Callable[[str], dict[str, str]]
SENT = {"accepted": [{"target_kind": "bank", "target_code": "0005"}], "grounds": "記録による"}


@pytest.fixture
def eight_months_later(clock: Any) -> None:  # noqa: ANN401
    clock.moment = datetime(2026, 11, 27, 0, 30, tzinfo=UTC)


@pytest.fixture
def years_later(clock: Any) -> None:  # noqa: ANN401
    clock.moment = datetime(2030, 6, 30, 0, 30, tzinfo=UTC)


def test_on_the_day_of_the_records_nothing_is_said(browse: Browse) -> None:
    assert "lapse" not in browse("officer").get(f"/cases/{CASE}").text


@pytest.mark.usefixtures("eight_months_later")
def test_what_has_lapsed_since_is_told_and_the_case_stays_open(browse: Browse) -> None:
    client = browse("officer")
    page = client.get(f"/cases/{CASE}").text
    said = "今日(R8.11.27)までに、未納1件・133,000円が時効完成予定日を迎えています"
    assert said in page
    assert "新しい記録を取り込んでください" in page
    assert "選定を確定する" in page
    assert "1 debt(s) of ¥133,000" in client.get(f"/cases/{CASE}?lang=en").text


@pytest.mark.usefixtures("eight_months_later")
def test_choosing_changes_neither_day_nor_arrears(
    client: TestClient, bearer: Bearer, journal: Journal
) -> None:
    who = bearer("officer")
    place = f"/api/v1/cases/{CASE}"
    before = client.post(f"{place}/recommendations", headers=who).json()["advice"]
    record = client.get(place, headers=who).json()["profile"]
    assert client.post(f"{place}/decisions", json=SENT, headers=who).status_code == 201
    reply = {"target_kind": "bank", "target_code": "9900", "requested_on": "2026-11-20",
             "replied_on": "2026-11-26", "result": "none"}  # fmt: skip
    assert client.post(f"{place}/replies", json=reply, headers=who).status_code == 201
    after = client.get(place, headers=who).json()
    for told in ("day", "arrears", "gates"):
        assert after["advice"][told] == before[told]
    assert after["profile"]["arrears"] == record["arrears"]
    assert after["profile"]["day"] == before["day"] == "2026-04-01"
    kept = client.get(f"{place}/replies", headers=who).json()
    assert kept[0]["replied_on"] == "2026-11-26"


@pytest.mark.usefixtures("years_later")
def test_a_case_that_has_lapsed_in_full_is_not_ranked_and_not_chosen(
    client: TestClient, browse: Browse, bearer: Bearer, journal: Journal
) -> None:
    officer = browse("officer")
    page = officer.get(f"/cases/{CASE}").text
    assert "すべて時効完成予定日を迎えています" in page
    assert "選定を確定する" not in page
    assert "三菱UFJ銀行" not in page.split('id="history"')[0]
    who, place = bearer("officer"), f"/api/v1/cases/{CASE}"
    for method, sent in (("recommendations", None), ("decisions", SENT)):
        answer = client.post(f"{place}/{method}", json=sent, headers=who)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "case_lapsed")
    assert client.get(place, headers=who).json()["advice"]["targets"] == []
    token = {"form_token": form_token(officer.cookies["tegakari"])}
    supposed = officer.post(f"/cases/{CASE}/what-if", data=token | {"fact": "note", "note": "無職"})
    assert supposed.status_code == 409
    assert journal.entries(kinds=(DecisionMade.__name__, "RecommendationShown", "CaseOpened")) == []


def test_a_case_opened_blind_that_lapses_is_no_longer_asked_about(
    browse: Browse,
    clock: Any,  # noqa: ANN401
    journal: Journal,
) -> None:
    journal.append("supervisor", TrialSet("", 1.0, 0.0, "everything blind"))
    assert f'action="/cases/{CASE}/blind"' in browse("officer").get(f"/cases/{CASE}").text
    clock.moment = datetime(2030, 6, 30, 0, 30, tzinfo=UTC)
    officer = browse("officer")
    assert "すべて時効完成予定日を迎えています" in officer.get(f"/cases/{CASE}").text
    sent = {"form_token": form_token(officer.cookies["tegakari"]), "nothing": "1"}
    answer = officer.post(f"/cases/{CASE}/blind", data=sent)
    assert answer.status_code == 409
    assert "時効完成予定日を迎えたため" in answer.text


def test_a_choice_whose_case_has_lapsed_since_is_not_sent(
    client: TestClient,
    bearer: Bearer,
    clock: Any,  # noqa: ANN401
) -> None:
    who, place = bearer("officer"), f"/api/v1/cases/{CASE}"
    client.post(f"{place}/recommendations", headers=who)
    assert client.post(f"{place}/decisions", json=SENT, headers=who).status_code == 201
    clock.moment = datetime(2030, 6, 30, 0, 30, tzinfo=UTC)
    answer = client.post("/api/v1/batches", json={}, headers=bearer("officer"))
    assert answer.json()["error"]["code"] == "batch_empty"


@pytest.mark.usefixtures("years_later")
def test_the_worklist_marks_and_counts_what_has_lapsed(browse: Browse, town: ModuleType) -> None:
    page = browse("supervisor").get("/cases?mark=lapsed").text
    assert "記録後に全額時効 <strong>12</strong>" in page
    assert '<span class="tag dark">記録後に全額時効</span>' in page
    assert "三菱UFJ銀行" not in page.split("<tbody>")[1]
    assert "条件に合う事案はありません" in browse("supervisor").get("/cases?show=open").text


@pytest.mark.usefixtures("eight_months_later")
def test_what_can_be_pursued_still_is_not_marked(browse: Browse) -> None:
    assert "記録後に全額時効 0" in browse("supervisor").get("/cases").text
