from __future__ import annotations

import csv
import io
from collections.abc import Callable
from threading import Barrier, Thread
from types import ModuleType
from typing import Any, Protocol

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from sqlalchemy import Engine

from serving.desk.exchange import open_exchange
from serving.records.entry import Clock
from serving.records.events import DecisionMade
from serving.records.exchange_events import BatchMade
from serving.records.identity import Identity, Role, User
from serving.records.journal import Journal
from serving.settings import Settings

Bearer = Callable[[str], dict[str, str]]
Targets = list[dict[str, str]]
THREE: Targets = [
    {"target_kind": "bank", "target_code": "0005"},
    {"target_kind": "employer", "target_code": "E00001"},
    {"target_kind": "bank", "target_code": "9900"},
]
PASSWORD = "correct-horse-battery"


class Moving(Protocol):
    def pass_minutes(self, minutes: float) -> None: ...


def decided(client: TestClient, who: dict[str, str], debtor: str, targets: Targets = THREE) -> int:
    place = f"/api/v1/cases/{debtor}"
    client.post(f"{place}/recommendations", headers=who)
    answer = client.post(
        f"{place}/decisions", json={"accepted": targets, "grounds": "記録による"}, headers=who
    )
    assert answer.status_code == 201, answer.text
    return int(answer.json()["decision_id"])


def made(client: TestClient, who: dict[str, str], decision: int | None = None) -> dict[str, Any]:
    answer = client.post("/api/v1/batches", json={"decision_id": decision}, headers=who)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def logged_in(client: TestClient, role: str) -> str:
    """Log in to the pages and return the token of their forms."""
    client.cookies.clear()
    text = client.get("/login").text
    token = text.split('name="form_token" value="')[1].split('"')[0]
    client.post("/login", data={"form_token": token, "name": role, "password": PASSWORD})
    return client.get("/batches").text.split('name="form_token" value="')[1].split('"')[0]


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
    assert client.post("/api/v1/batches", json={"decision_id": 9999}, headers=who).status_code == 409


def test_many_clicks_at_once_make_one_batch(
    client: TestClient, bearer: Bearer, town: ModuleType, engine: Engine, clock: Clock, settings: Settings,
    identity: Identity,
) -> None:  # fmt: skip
    """Each click through a desk of its own, as processes beside each other would."""
    decision = decided(client, bearer("officer"), town.RANKED)
    office, start, numbers = town.fake_office(), Barrier(6), list[int]()

    def click() -> None:
        journal = Journal(engine, clock)
        exchange = open_exchange(office, journal, clock, settings, identity)
        start.wait()
        numbers.append(exchange.outbox.make(User(1, "officer", Role.OFFICER), decision))

    threads = [Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal = Journal(engine, clock)
    assert len(set(numbers)) == 1
    assert len(numbers) == 6
    assert len(journal.entries(kinds=("BatchMade",))) == 1
    assert journal.verify() is None


def test_batches_are_numbered_within_the_fiscal_year(
    client: TestClient, bearer: Bearer, town: ModuleType, clock: Moving, journal: Journal
) -> None:
    who = bearer("officer")
    old = BatchMade("", requested_on="2026-03-31")  # from before there were numbers within a year
    seq = journal.append("officer", old).seq
    told = [made(client, who, decided(client, who, each)) for each in town.IDS[:2]]
    assert [(each["fiscal_year"], each["number"]) for each in told] == [(2026, 1), (2026, 2)]
    clock.pass_minutes(365 * 24 * 60)
    who = bearer("officer")
    later = made(client, who, decided(client, who, town.IDS[2]))
    assert (later["fiscal_year"], later["number"]) == (2027, 1)
    logged_in(client, "officer")
    page = client.get("/batches").text
    for name in ("令和9年度 第1号", "令和8年度 第2号", "令和8年度 第1号", f"照会 第{seq}号"):
        assert name in page
    assert "照会書 令和8年度 第1号" in client.get(f"/batches/{told[0]['batch_id']}/letters").text


def test_batches_made_at_once_have_numbers_of_their_own(
    client: TestClient, bearer: Bearer, town: ModuleType, engine: Engine, clock: Clock, settings: Settings,
    identity: Identity,
) -> None:  # fmt: skip
    decisions = [decided(client, bearer("officer"), each) for each in town.IDS[:6]]
    office, start = town.fake_office(), Barrier(6)

    def click(decision: int) -> None:
        exchange = open_exchange(office, Journal(engine, clock), clock, settings, identity)
        start.wait()
        exchange.outbox.make(User(1, "officer", Role.OFFICER), decision)

    threads = [Thread(target=click, args=(each,)) for each in decisions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = Journal(engine, clock).entries(kinds=("BatchMade",))
    assert sorted(entry.facts["in_year"] for entry in entries) == [1, 2, 3, 4, 5, 6]
    assert {entry.facts["fiscal_year"] for entry in entries} == {2026}


def test_a_public_office_is_asked_to_cooperate_in_its_own_words(
    client: TestClient, bearer: Bearer, town: ModuleType
) -> None:
    who = bearer("officer")
    vehicle, bank = {"target_kind": "vehicle", "target_code": ""}, THREE[0]
    told = made(client, who, decided(client, who, town.RANKED, [bank, vehicle]))
    articles = {each["target_kind"]: each["articles"] for each in told["inquiries"]}
    assert articles["bank"].startswith("国税徴収法第141条（")
    assert articles["vehicle"].startswith("国税徴収法第146条の2（")
    logged_in(client, "officer")
    place = f"/batches/{told['batch_id']}/letters"
    letter = client.get(place, params={"kind": "vehicle"}).text
    for word in ("協力依頼", "御協力をお願いします", "登録番号", "{{生年月日}}"):
        assert word in letter
    assert "残高" not in letter
    assert "第141条" not in letter
    assert "残高（円）" in client.get(place, params={"kind": "bank", "code": "0005"}).text


def test_the_articles_follow_what_is_owed(client: TestClient, bearer: Bearer, town: ModuleType) -> None:
    who = bearer("officer")
    told = made(client, who, decided(client, who, town.RANKED))
    assert {each["articles"] for each in told["inquiries"]} == {
        "国税徴収法第141条（地方税法第331条第6項及び国民健康保険法第79条の2、地方自治法第231条の3第3項による）"
    }


def test_a_target_that_still_waits_is_not_asked_again(
    client: TestClient, bearer: Bearer, town: ModuleType
) -> None:
    who, chief = bearer("officer"), bearer("supervisor")
    first = decided(client, who, town.RANKED, THREE[:2])
    place = f"/api/v1/cases/{town.RANKED}"
    client.post(f"{place}/recommendations", headers=chief)
    again = [{**THREE[0], "reason": "別の支店"}]  # what waits is proposed no more; it can still be added
    sent = {"added": again, "accepted": THREE[2:], "grounds": "記録による"}
    second = client.post(f"{place}/decisions", json=sent, headers=chief).json()["decision_id"]
    together = made(client, chief)
    assert [each["target_code"] for each in together["inquiries"]] == ["0005", "E00001", "9900"]
    again_sent = client.post("/api/v1/batches", json={"decision_id": second}, headers=chief)
    assert again_sent.status_code in (201, 409)
    assert made(client, who, first) == together
    client.post(f"{place}/recommendations", headers=who)
    sent = {"added": again, "grounds": "記録による"}
    third = client.post(f"{place}/decisions", json=sent, headers=who).json()["decision_id"]
    assert client.post("/api/v1/batches", json={"decision_id": third}, headers=who).status_code == 409
    logged_in(client, "officer")
    assert "回答待ちの照会あり" in client.get("/batches").text


def test_a_protected_case_goes_out_alone_and_to_few(
    client: TestClient, bearer: Bearer, town: ModuleType, identity: Identity
) -> None:
    identity.add_user("colleague", PASSWORD, Role.OFFICER)
    who, other = bearer("officer"), bearer("colleague")
    ordinary, protected = decided(client, who, town.RANKED), decided(client, who, town.PROTECTED)
    everything = made(client, who)
    assert {each["debtor_id"] for each in everything["inquiries"]} == {town.RANKED}
    assert client.post("/api/v1/batches", json={"decision_id": protected}, headers=other).status_code == 403
    alone = made(client, who, protected)
    assert alone["restricted"] is True
    place = f"/api/v1/batches/{alone['batch_id']}"
    allowed = {role: client.get(place, headers=bearer(role)).status_code
               for role in ("officer", "supervisor", "auditor", "colleague", "data")}  # fmt: skip
    assert allowed == {"officer": 200, "supervisor": 200, "auditor": 200, "colleague": 403, "data": 403}
    assert made(client, who, ordinary)["batch_id"] == everything["batch_id"]
    logged_in(client, "colleague")
    assert f"/batches/{alone['batch_id']}" not in client.get("/batches").text
    assert client.get(f"/batches/{alone['batch_id']}/letters").status_code == 403
    logged_in(client, "officer")
    letter = client.get(f"/batches/{alone['batch_id']}/letters").text
    assert "{{住所}}" not in letter
    assert "{{カナ氏名}}" in letter
    assert town.SECRET_POSTCODE not in letter
    table = client.get(f"/batches/{alone['batch_id']}/request.csv", params={"kind": "bank", "code": "0005"})
    assert "{{住所}}" not in table.content.decode("utf-8-sig")


def test_only_who_may_decide_makes_a_batch(client: TestClient, bearer: Bearer, town: ModuleType) -> None:
    decided(client, bearer("officer"), town.RANKED)
    for role in ("auditor", "data"):
        assert client.post("/api/v1/batches", json={}, headers=bearer(role)).status_code == 403
    logged_in(client, "auditor")
    page = client.get("/batches").text
    assert town.RANKED in page
    assert "照会を作成する" not in page


def test_a_choice_is_set_aside_with_a_reason(
    client: TestClient, bearer: Bearer, town: ModuleType, journal: Journal
) -> None:
    decision = decided(client, bearer("officer"), town.RANKED)
    token = logged_in(client, "officer")
    form = {"form_token": token, "decision": str(decision)}
    assert client.post("/batches/aside", data=form | {"reason": " "}).status_code == 422
    assert client.post("/batches/aside", data=form | {"reason": "窓口で照会済み"}).status_code == 303
    assert "送付を待つ選定はありません" in client.get("/batches").text
    assert journal.entries(kinds=("ChoiceSetAside",))[0].facts["reason"] == "窓口で照会済み"
    assert client.post("/batches/aside", data=form | {"reason": "再度"}).status_code == 409


def test_a_case_that_the_law_stops_is_held(
    client: TestClient, bearer: Bearer, town: ModuleType, journal: Journal, settings: Settings, clock: Clock,
    identity: Identity,
) -> None:  # fmt: skip
    """The choice was made before the welfare came to the records."""
    entry = journal.entry(decided(client, bearer("officer"), town.RANKED))
    assert entry is not None
    facts = entry.facts | {"debtor_id": town.ROUTED}
    journal.append("officer", DecisionMade(**facts))
    journal.append("officer", DecisionMade(**facts | {"debtor_id": "000000000000999"}))
    exchange = open_exchange(town.fake_office(), journal, clock, settings, identity)
    waiting = exchange.outbox.waiting(User(1, "officer", Role.OFFICER))
    assert [{line.held for line in each.lines} for each in waiting] == [{""}, {"routed"}, {"closed"}]


def test_the_files_hold_what_the_institution_needs_and_no_name(
    client: TestClient, bearer: Bearer, town: ModuleType, journal: Journal
) -> None:
    who = bearer("officer")
    told = made(client, who, decided(client, who, town.RANKED))
    logged_in(client, "officer")
    place, asked = f"/batches/{told['batch_id']}", {"kind": "bank", "code": "0005"}
    answer = client.get(f"{place}/request.csv", params=asked)
    assert "attachment" in answer.headers["content-disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["照会番号"] == told["inquiries"][0]["number"]
    assert (row["カナ氏名"], row["宛名番号"]) == ("{{カナ氏名}}", town.RANKED)
    assert (row["期間始"], row["期間終"]) == ("2025-04-02", "2026-04-02")
    sheet = load_workbook(io.BytesIO(client.get(f"{place}/request.xlsx", params=asked).content)).active
    assert [cell.value for cell in sheet[2]][:1] == [row["照会番号"]]
    letters = client.get(f"{place}/letters", params={"download": "1"})
    assert letters.text.count('<article class="letter"') == 3
    assert "<style>" in letters.text
    assert "令和8年4月2日" in letters.text
    assert client.get(f"{place}/letters", params=asked).text.count('<article class="letter"') == 1
    assert client.get(f"{place}/request.csv", params={"kind": "bank", "code": "none"}).status_code == 404
    assert client.get("/batches/9999").status_code == 404
    taken = [entry.facts["form"] for entry in journal.entries(kinds=("BatchTaken",))]
    assert taken == ["api", "csv", "xlsx", "letters", "letters"]


@pytest.mark.parametrize("path", ["/batches", "/replies"])
def test_the_pages_stay_small(client: TestClient, bearer: Bearer, town: ModuleType, path: str) -> None:
    who = bearer("officer")
    for debtor in town.IDS[:8]:
        decided(client, who, debtor)
    logged_in(client, "officer")
    assert len(client.get(path).content) < 60_000
