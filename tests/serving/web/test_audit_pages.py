from __future__ import annotations

import csv
import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import StringIO
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Engine

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

from features.ledger.told import Told
from models.advice import CaseAdvice
from models.slots import Slots
from serving.app import build_app
from serving.desk.inputs import inputs_of
from serving.office.office import Versions
from serving.records.events import RecommendationShown
from serving.records.identity import form_token
from serving.records.journal import Journal
from serving.settings import Settings

Client = Any
Browse = Callable[[str], Client]
Headers = Callable[[str], dict[str, str]]
CASE = "000000000000001"


def post(client: Client, path: str, **fields: object) -> Any:  # noqa: ANN401
    return client.post(path, data={"form_token": form_token(client.cookies["tegakari"]), **fields})


@pytest.fixture
def decided(browse: Browse, journal: Journal) -> int:
    """The number of a recommendation: decided with a departure, and answered later."""
    client = browse("officer")
    client.get(f"/cases/{CASE}")
    shown = journal.entries(kinds=("RecommendationShown",))[-1].seq
    answer = post(
        client,
        f"/cases/{CASE}/decisions",
        recommendation=str(shown),
        grounds="給与の支払がある。",
        accept=["bank|0005", "bank|9900"],
        planned=["bank|0005", "employer|E00001", "bank|9900"],
        **{"drop:employer|E00001": "退職済み"},
    )
    assert answer.status_code == 303, answer.text
    answer = post(
        client,
        f"/cases/{CASE}/replies",
        reply_kind="bank",
        reply_code="0005",
        requested_on="2026-04-01",
        replied_on="2026-04-02",
        result="found",
        balance="48200",
    )
    assert answer.status_code == 303, answer.text
    return shown


def test_the_list_tells_what_was_said_and_done(browse: Browse, decided: int) -> None:
    page = browse("auditor").get("/audit?actor=officer").text
    assert "除外: 株式会社中央塗装(退職済み)" in page
    assert "推薦10件(案3件)を表示しました(モデルtegakari/3" in page
    assert "ログインしました(画面)" in browse("auditor").get("/audit?kind=LoggedIn").text
    assert f'href="/audit/{decided}"' in page


def test_departures_are_a_list_of_their_own(browse: Browse, decided: int) -> None:
    page = browse("auditor").get("/audit?only=overrides&lang=en").text
    assert page.count("<tr>") == 2
    assert 'Dropped: <span lang="ja">株式会社中央塗装</span>(<span lang="ja">退職済み</span>)' in page


def test_a_recommendation_is_shown_as_it_was(browse: Browse, decided: int, town: ModuleType) -> None:
    page = browse("auditor").get(f"/audit/{decided}").text
    for _, _, name in town.TARGETS:
        assert name in page
    assert "tegakari/3" in page
    assert "退職済み" in page
    assert "選定を確定しました" in page
    assert "回答を記録しました: 三菱UFJ銀行" in page
    assert "データの版" in page


def test_a_choice_leads_to_what_was_shown(browse: Browse, decided: int, journal: Journal) -> None:
    made = journal.entries(kinds=("DecisionMade",))[-1].seq
    page = browse("auditor").get(f"/audit/{made}").text
    assert f"記録番号{decided}、" in page
    assert "みどり生命保険" in page


def test_a_case_tells_what_a_target_answered_last_and_what_was_dropped(browse: Browse, decided: int) -> None:
    page = browse("officer").get(f"/cases/{CASE}").text
    employer = page.split("株式会社中央塗装</label>")[1].partition("</th>")[0]
    assert "前回の選定で除外" in employer
    assert "前回 R7.12.20" in employer
    assert "前回" not in page.split("ゆうちょ銀行</label>")[-1].partition("</th>")[0]
    assert decided


def test_a_choice_leads_to_the_batch_it_went_out_with(browse: Browse, decided: int, journal: Journal) -> None:
    choice = journal.entries(kinds=("DecisionMade",))[-1].seq
    assert post(browse("officer"), "/batches", decision=str(choice)).status_code == 303
    made = journal.entries(kinds=("BatchMade",))[-1].seq
    for seq in (choice, decided):
        assert f'href="/audit/{made}"' in browse("auditor").get(f"/audit/{seq}").text


def test_it_comes_out_the_same_though_a_reply_came_since(
    browse: Browse, decided: int, journal: Journal
) -> None:
    page = browse("auditor").get(f"/audit/{decided}?recompute=1").text
    assert "表示した内容と同じ" in page
    kept = journal.entries(kinds=("RecommendationRecomputed",))[-1]
    assert (kept.actor, kept.debtor_id) == ("auditor", CASE)
    assert (kept.facts["recommendation"], kept.facts["outcome"]) == (decided, "same")


def test_a_second_round_with_a_random_slot_comes_out_the_same(browse: Browse, journal: Journal) -> None:
    post(browse("supervisor"), "/slots", share="0.1", ground="試行")
    client = browse("officer")
    post(client, f"/cases/{CASE}/replies", reply_kind="bank", reply_code="0005",
         requested_on="2026-04-01", replied_on="2026-04-02", result="none")  # fmt: skip
    client.get(f"/cases/{CASE}")
    shown = journal.entries(kinds=("RecommendationShown",))[-1]
    assert shown.facts["advice"]["round"] == 2
    post(browse("supervisor"), "/slots", share="0.0", ground="終わり")
    page = browse("auditor").get(f"/audit/{shown.seq}?recompute=1").text
    assert "表示した内容と同じ" in page
    assert "10%(種" in page


def test_one_reckoned_on_a_later_day_than_the_records_is_said_to_be_so(
    browse: Browse, decided: int, journal: Journal
) -> None:
    """Once a case was reckoned on the day of the last reply: such an entry is neither same nor different."""
    kept = journal.entry(decided)
    assert kept is not None
    facts = kept.facts
    facts.pop("debtor_id")
    facts["advice"]["day"] = "2026-04-02"
    old = journal.append("officer", RecommendationShown(CASE, **facts))
    page = browse("auditor").get(f"/audit/{old.seq}?recompute=1").text
    assert "いまは再計算できません" in page
    assert "記録の基準日より後の日(R8.4.2)" in page
    again = journal.entries(kinds=("RecommendationRecomputed",))[-1]
    assert (again.facts["outcome"], again.facts["differences"]) == ("moved", [])
    assert "基準日の扱いが違う" in browse("auditor").get("/audit?kind=RecommendationRecomputed").text


def served(engine: Engine, settings: Settings, office: object, seq: int, recompute: bool = True) -> Client:
    client = TestClient(build_app(settings, office, engine=engine), follow_redirects=False)
    token = client.post("/api/v1/login", json={"name": "auditor", "password": "correct-horse-battery"})
    client.cookies.set("tegakari", token.json()["token"])
    return client.get(f"/audit/{seq}", params={"recompute": int(recompute)})


def test_every_difference_is_listed(
    *, engine: Engine, settings: Settings, town: ModuleType, decided: int, journal: Journal
) -> None:
    class Changed(town.FakeAdviser):  # type: ignore[name-defined,misc]
        def advise(
            self, debtor_ids: Sequence[str], top: int = 10, slots: Slots | None = None
        ) -> list[CaseAdvice]:
            found = super().advise(debtor_ids, top, slots)
            moved = replace(found[0].targets[1], probability=0.5)
            return [replace(found[0], targets=(found[0].targets[0], moved, *found[0].targets[2:]))]

    answer = served(engine, settings, town.fake_office(Changed()), decided)
    assert "次の1か所" in answer.text
    assert "推薦[2]の判明の見込み" in answer.text
    kept = journal.entries(kinds=("RecommendationRecomputed",))[-1]
    assert kept.facts["differences"] == ["targets[1].probability"]


def test_other_records_are_asked_for(
    engine: Engine, settings: Settings, town: ModuleType, decided: int, journal: Journal
) -> None:
    data = journal.entry(decided).facts["data_version"]  # type: ignore[union-attr]
    answer = served(engine, settings, town.fake_office(None, Versions("tegakari/3", "other")), decided)
    assert f"必要なデータ: {data}" in answer.text
    assert journal.entries(kinds=("RecommendationRecomputed",))[-1].facts["outcome"] == "needs"


def test_a_model_that_is_gone_is_asked_for_and_one_that_is_kept_is_used(
    *, engine: Engine, settings: Settings, town: ModuleType, decided: int
) -> None:
    office = town.fake_office(None, Versions("tegakari/4", town.tiny_ledger().fingerprint))
    assert "必要なモデル: tegakari/3" in served(engine, settings, office, decided).text
    office._kept = {"tegakari/3": town.FakeAdviser()}.get
    answer = served(engine, settings, office, decided)
    assert "同じです" in answer.text
    assert "保管しているモデル第tegakari/3版" in answer.text


def test_what_was_not_kept_then_is_read_from_the_journal(
    browse: Browse, decided: int, journal: Journal
) -> None:
    entry = journal.entry(decided)
    assert entry is not None
    facts = {name: value for name, value in entry.facts.items() if name != "inputs"}
    old = replace(entry, body=json.dumps(facts))
    assert inputs_of(old, journal) == inputs_of(entry, journal)
    later = replace(old, seq=10**6)
    (told,) = inputs_of(later, journal).told
    assert isinstance(told, Told)
    assert (told.target_code, told.balance) == ("0005", 48200)


def test_the_csv_is_harmless_and_ends_with_the_head(browse: Browse, journal: Journal) -> None:
    client = browse("supervisor")
    post(client, "/slots", share="0.1", ground="=HYPERLINK(1)")
    head = journal.head()
    answer = browse("auditor").get("/audit/export.csv?kind=SlotsSet")
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.text.startswith("\ufeff")
    rows = list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["kind"] for row in rows] == ["SlotsSet", "(head)"]
    assert not any(str(cell).startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert int(rows[-1]["seq"]) >= head[0]
    assert rows[-1]["said"] == f"tegakari verify --head {rows[-1]['seq']}:{rows[-1]['digest']}"


def test_programs_read_pages_and_single_entries(
    client: Client, bearer: Headers, decided: int, journal: Journal
) -> None:
    headers = bearer("auditor")
    body = client.get("/api/v1/audit", params={"size": 2}, headers=headers).json()
    assert len(body["entries"]) == 2
    assert body["next_before"] == body["entries"][-1]["seq"]
    assert body["broken_at"] is None
    more = client.get("/api/v1/audit", params={"before": body["next_before"], "size": 500}, headers=headers)
    assert more.json()["next_before"] is None
    found = client.get(f"/api/v1/audit/{decided}", headers=headers).json()
    assert found["entry"]["facts"]["advice"]["targets"][0]["target_code"] == "0005"
    assert found["decision"]["facts"]["dropped"][0]["reason"] == "退職済み"
    assert found["replies"][0]["facts"]["balance"] == 48200


@pytest.mark.parametrize("path", ["/audit", "/audit/1", "/audit/export.csv", "/audit/export.jsonl"])
@pytest.mark.parametrize("role", ["officer", "supervisor", "data"])
def test_the_journal_is_for_auditors(browse: Browse, role: str, path: str) -> None:
    assert browse(role).get(path).status_code == 403


def test_what_cannot_be_searched_for_is_refused_in_one_sentence(
    client: Client, bearer: Headers, browse: Browse
) -> None:
    headers = bearer("auditor")
    for query in ({"since": "yesterday"}, {"only": "secrets"}, {"size": 0}):
        answer = client.get("/api/v1/audit", params=query, headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")
    missing = client.get("/api/v1/audit/999", headers=headers)
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "entry_unknown")
    assert browse("auditor").get("/audit/999").status_code == 404


def test_a_changed_entry_is_told_on_the_page(browse: Browse, engine: Engine) -> None:
    client = browse("auditor")
    assert "書かれたままです" in client.get("/audit").text
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER journal_no_update")
        connection.exec_driver_sql("UPDATE journal SET actor = 'x' WHERE seq = 2")
    assert "記録番号2が書かれたままではありません" in client.get("/audit?verify=1").text
