from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType
from typing import Protocol

import pytest
from fastapi.testclient import TestClient

from serving.records.journal import Journal

PASSWORD = "correct-horse-battery"
CASE = "/cases/000000000000002"
Browse = Callable[[str], TestClient]
Bearer = Callable[[str], dict[str, str]]
KEYS = ["bank|0005", "employer|E00001", "bank|9900"]


class Clock(Protocol):
    def pass_minutes(self, minutes: float) -> None: ...


@pytest.fixture
def officer(client: TestClient) -> TestClient:
    token = _hidden(client.get("/login").text, "form_token")
    client.post("/login", data={"form_token": token, "name": "officer", "password": PASSWORD})
    return client


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def _choice(page: str, **other: object) -> dict[str, object]:
    """Fill the form in as a browser would that changes nothing."""
    names = ["form_token", "recommendation", "grounds_opening", "grounds_proposed"]
    lines = re.findall(r'name="(ground:[^"]+)"', page)
    form: dict[str, object] = {name: _hidden(page, name) for name in [*names, *lines]}
    text = re.search(r'<textarea id="grounds"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert text
    return form | {"grounds": text[1], "accept": KEYS, "planned": KEYS} | other


def test_the_confirmation_names_what_was_chosen_and_why(officer: TestClient, journal: Journal) -> None:
    form = _choice(officer.get(CASE).text, accept=[KEYS[0], "bank|0036"],
                   **{"drop:employer|E00001": "退職済み", "drop:bank|9900": "解約済み"})  # fmt: skip
    answer = officer.post(f"{CASE}/decisions", data=form, follow_redirects=True)
    told = answer.text.split('role="status"')[1].split("</div>\n<section")[0]
    for name in ("三菱UFJ銀行", "楽天銀行", "退職済み", "解約済み", "ゆうちょ銀行"):
        assert name in told
    grounds = journal.entries(kinds=("DecisionMade",))[0].facts["grounds"]
    assert "楽天銀行" in grounds  # left as it was proposed, it follows what was chosen
    assert "株式会社中央塗装" not in grounds
    assert "国税徴収法141条" in grounds


def test_grounds_that_were_changed_stay_as_they_were_typed(officer: TestClient, journal: Journal) -> None:
    form = _choice(officer.get(CASE).text, grounds="自宅訪問で\r\n通帳を見た。")
    officer.post(f"{CASE}/decisions", data=form)
    assert journal.entries(kinds=("DecisionMade",))[0].facts["grounds"] == "自宅訪問で\n通帳を見た。"


def test_emptied_grounds_are_refused(officer: TestClient, journal: Journal) -> None:
    answer = officer.post(f"{CASE}/decisions", data=_choice(officer.get(CASE).text, grounds=" "))
    assert answer.status_code == 422
    assert "根拠が空欄です" in answer.text
    assert journal.entries(kinds=("DecisionMade",)) == []


def test_a_target_is_added_in_the_row_of_its_kind(officer: TestClient) -> None:
    page = officer.get(CASE).text
    banks = page.split('<datalist id="offered_bank">')[1].split("</datalist>")[0]
    assert "ゆうちょ銀行" in banks
    assert "中央塗装" not in banks
    wrong = {"add:bank": "あおば証券", "why:bank": "本人の申出"}
    answer = officer.post(f"{CASE}/decisions", data=_choice(page, **wrong))
    assert "別の種別の調査先です" in answer.text
    assert 'value="あおば証券"' in answer.text


def test_what_waits_has_a_form_of_its_own_and_full_width_amounts_are_read(
    officer: TestClient, journal: Journal, clock: Clock
) -> None:
    officer.post(f"{CASE}/decisions", data=_choice(officer.get(CASE).text))
    page = officer.get(CASE).text
    assert "回答待ちの照会(3件)" in page
    assert 'name="reply_code" value="9900"' in page
    reply = {"form_token": _hidden(page, "form_token"), "reply_kind": "bank", "reply_code": "9900",
             "requested_on": "2026-04-02", "replied_on": "2026-04-02", "result": "found",
             "balance": "１２，０００円"}  # fmt: skip
    assert officer.post(f"{CASE}/replies", data=reply).status_code == 303
    assert journal.entries(kinds=("ReplyReceived",))[0].facts["balance"] == 12_000
    assert "回答待ちの照会(2件)" in officer.get(CASE).text


def test_replies_that_do_not_fit_together_are_kept_and_marked(officer: TestClient) -> None:
    token = _hidden(officer.get(CASE).text, "form_token")
    reply = {"form_token": token, "reply_kind": "bank", "reply_code": "9900", "result": "none",
             "requested_on": "2026-03-01", "replied_on": "2026-03-10"}  # fmt: skip
    officer.post(f"{CASE}/replies", data=reply)
    found = reply | {
        "requested_on": "2026-03-20",
        "replied_on": "2026-04-01",
        "result": "found",
        "balance": "5",
    }
    officer.post(f"{CASE}/replies", data=found)
    page = officer.get(CASE).text
    assert page.count("「財産あり」と「該当なし」の両方の回答があります") == 2
    assert "台帳にその照会がありません" in page
    early = officer.post(f"{CASE}/replies", data=reply | {"requested_on": "2020-01-01"})
    assert "最も古い記録より前です" in early.text


def test_a_what_if_shows_the_change_and_writes_only_that_it_was_asked(
    officer: TestClient, journal: Journal
) -> None:
    token = _hidden(officer.get(CASE).text, "form_token")
    before = len(journal.entries())
    asked = {"form_token": token, "fact": "account", "named": "楽天銀行", "note": ""}
    page = officer.post(f"{CASE}/what-if", data=asked).text
    assert "仮定の結果です" in page
    assert "10 → <strong>1</strong>" in page
    entries = journal.entries()[before:]
    assert [entry.kind for entry in entries] == ["WhatIfAsked"]
    assert entries[0].facts["fact"] == "account"
    assert "0036" not in entries[0].body
    note = asked | {"fact": "note", "named": "", "note": "秘密の聞き取り"}
    unread = officer.post(f"{CASE}/what-if", data=note).text
    assert "秘密の聞き取り" in unread
    assert "読み取れませんでした" in unread
    named = officer.post(f"{CASE}/what-if", data=note | {"note": "株式会社中央塗装で働いているとのこと"}).text
    assert "読み取った調査先: 株式会社中央塗装" in named
    assert "秘密の聞き取り" not in "".join(entry.body for entry in journal.entries())
    nothing = officer.post(f"{CASE}/what-if", data=asked | {"named": ""})
    assert "仮定する事実が足りません" in nothing.text


def test_the_page_has_its_parts_in_both_languages_and_stays_small(
    officer: TestClient, town: ModuleType
) -> None:
    page = officer.get(f"/cases/{town.RANKED}")
    assert len(page.content) < 300_000
    for part in ("差押禁止額の試算", "似た過去の照会", "難易度", "生年", "時効完成", "回答待ち"):
        assert part in page.text, part
    english = officer.get(f"/cases/{town.RANKED}?lang=en").text
    assert "Exempt amounts" in english


def test_a_case_of_nobody_is_not_what_if_ed(officer: TestClient) -> None:
    token = _hidden(officer.get(CASE).text, "form_token")
    asked = {"form_token": token, "fact": "account", "named": "楽天銀行"}
    assert officer.post("/cases/999/what-if", data=asked).status_code == 404


def _rankings(journal: Journal) -> list[tuple[str, bool, int]]:
    shown = journal.entries(kinds=("RecommendationShown",))
    return [(entry.actor, entry.facts["offered"], len(entry.facts["advice"]["targets"])) for entry in shown]


def test_the_ranking_after_a_choice_has_an_entry_of_its_own(officer: TestClient, journal: Journal) -> None:
    answer = officer.post(f"{CASE}/decisions", data=_choice(officer.get(CASE).text))
    confirmed = officer.get(answer.headers["location"]).text
    assert "みどり生命保険" in confirmed.split('id="targets"')[1]
    assert _rankings(journal) == [("officer", True, 10), ("officer", False, 7)]
    officer.get(answer.headers["location"])
    assert len(_rankings(journal)) == 2  # the same again, with nothing in between
    assert len(journal.entries(kinds=("CaseOpened",))) == 1  # no choice begins by being told of the last
    officer.get(CASE)
    officer.get(CASE)
    assert _rankings(journal)[2:] == [("officer", True, 7)]


def test_whoever_only_reads_a_ranking_is_found_too(browse: Browse, journal: Journal) -> None:
    for _ in range(2):
        browse("auditor").get(CASE)
    assert _rankings(journal) == [("auditor", False, 10)]
    seq = journal.entries(kinds=("RecommendationShown",))[0].seq
    assert "閲覧のための表示です" in browse("auditor").get(f"/audit/{seq}").text
    assert "表示した内容と同じ" in browse("auditor").get(f"/audit/{seq}?recompute=1").text
    assert f'href="/audit/{seq}"' not in browse("auditor").get("/audit?only=holds").text


def test_a_program_that_reads_in_between_does_not_spend_what_was_offered(
    officer: TestClient, bearer: Bearer, journal: Journal
) -> None:
    form = _choice(officer.get(CASE).text)
    headers = bearer("officer")
    reply = {"target_kind": "bank", "target_code": "0036", "requested_on": "2026-04-01",
             "replied_on": "2026-04-01", "result": "none"}  # fmt: skip
    officer.post(f"/api/v1{CASE}/replies", json=reply, headers=headers)
    officer.get(f"/api/v1{CASE}", headers=headers)
    taken = [entry.facts["corrects"] for entry in journal.entries(kinds=("ReplyReceived",))]
    assert taken == [0]
    number = journal.entries(kinds=("ReplyReceived",))[0].seq
    officer.delete(f"/api/v1{CASE}/replies?reply_id={number}", headers=headers)
    assert _rankings(journal) == [("officer", True, 10), ("officer", False, 9)]
    assert officer.post(f"{CASE}/decisions", data=form).status_code == 303


def test_what_the_sums_of_the_head_are_is_said_in_one_line(officer: TestClient) -> None:
    page = officer.get(CASE).text
    assert page.count("滞納額は記録の基準日(R8.4.1)に徴収できる未納の本税の合計") == 1
    note = page.split('sums-note">')[1].split("</p>")[0]
    shown = re.findall(r"<dd>([\d,]+)円</dd>", page.split('class="sums"')[1])
    arrears, expected = (int(each.replace(",", "")) for each in shown[:2])
    assert f"滞納額の{expected / arrears:.0%}" in note
    assert "Expected from the plan: what asking" in officer.get(f"{CASE}?lang=en").text
