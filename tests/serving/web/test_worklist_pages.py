from __future__ import annotations

import re
from datetime import date
from types import ModuleType
from typing import Any

import pytest

from serving.desk.choice import Choice
from serving.desk.replies import ReplySent
from serving.records.identity import Identity, Role, form_token
from serving.records.journal import Journal
from serving.web.worklist_rows import soon
from serving.wording import wording

Client = Any
PASSWORD = "correct-horse-battery"


def log_in(client: Client, identity: Identity, name: str) -> str:
    """Log in as a page does and return the token that its forms carry."""
    token = identity.log_in(name, PASSWORD).token
    client.cookies.set("tegakari", token)
    return form_token(token)


def cases(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/cases/(\d+)"', text)


@pytest.mark.parametrize(
    ("day", "today", "said"),
    [
        (date(2026, 6, 1), date(2026, 5, 1), "90日以内"),
        (date(2026, 6, 1), date(2026, 6, 1), "経過"),
        (date(2026, 9, 1), date(2026, 10, 1), "経過"),
        (date(2026, 9, 1), date(2026, 5, 1), ""),
        (None, date(2026, 5, 1), ""),
    ],
)
def test_a_prescription_is_near_or_past(day: date | None, today: date, said: str) -> None:
    assert soon(day, date(2026, 4, 1), today, wording("ja")) == said


def test_an_officer_sees_their_own_cases_first(client: Client, identity: Identity, town: ModuleType) -> None:
    log_in(client, identity, "officer")
    mine = client.get("/cases").text
    assert "6件" in mine
    assert town.PROTECTED in mine
    assert "12件" in client.get("/cases?whose=all").text
    log_in(client, identity, "supervisor")
    assert "12件" in client.get("/cases").text
    assert "5件" in client.get("/cases?whose=T003").text


@pytest.mark.parametrize(
    ("query", "said"),
    [("show=zz", "すべて表示しています"), ("page=999", "999ページ目はありません。最後の2ページ目"),
     ("page=-1", "1ページ目を表示"), ("sort=x", "いつもの順"), ("whose=T9", "初めの表示"),
     ("arrears_from=a", "下限を数字で"), ("arrears_from=2&arrears_to=1", "上限を超えている")],
)  # fmt: skip
def test_a_bad_address_is_said_and_the_list_is_there(
    client: Client, identity: Identity, query: str, said: str
) -> None:
    log_in(client, identity, "officer")
    answer = client.get(f"/cases?{query}")
    assert answer.status_code == 200
    assert said in answer.text
    assert cases(answer.text)


def test_an_empty_list_says_so_and_offers_a_way_back(client: Client, identity: Identity) -> None:
    log_in(client, identity, "officer")
    text = client.get("/cases?find=zz").text
    assert cases(text) == []
    assert "条件に合う事案はありません" in text
    assert "条件を外す" in text


def test_each_mark_has_its_count_and_lists_as_many(client: Client, identity: Identity) -> None:
    log_in(client, identity, "supervisor")
    text = client.get("/cases").text
    assert re.search(r"時効90日以内 <strong>12</strong>", text)
    assert re.search(r"約束不履行 <strong>1</strong>", text)
    assert "<span>督促未送付 0</span>" in text
    assert len(cases(client.get("/cases?mark=broken").text)) == 1


def test_a_choice_goes_below_and_a_reply_comes_up(client: Client, identity: Identity) -> None:
    log_in(client, identity, "officer")
    first, second = cases(client.get("/cases").text)[:2]
    desk, user = client.app.state.desk, identity.user_of(client.cookies["tegakari"])
    assert user is not None
    for debtor_id in (first, second):
        client.get(f"/cases/{debtor_id}")
        desk.decide(user, debtor_id, Choice((("bank", "0005"), ("employer", "E00001")), grounds="記録"))
    assert {first, second}.isdisjoint(cases(client.get("/cases").text)[:3])
    assert client.get("/cases?show=waiting").text.count("選定済・回答待ち2/2件") == 2
    day = date(2026, 4, 2)
    desk.reply(user, second, ReplySent("bank", "0005", day, day, "found", 30_000))
    text = client.get("/cases").text
    assert cases(text)[0] == second
    assert "回答あり1件" in text


def test_a_view_is_saved_found_and_deleted(client: Client, identity: Identity) -> None:
    token = log_in(client, identity, "officer")
    form = {"form_token": token, "name": "時効間近", "query": "mark=prescription&whose=mine&page=7&evil=1"}
    saved = client.post("/worklist/views", data=form)
    assert (saved.status_code, saved.headers["location"]) == (303, "/cases?mark=prescription&whose=mine")
    text = client.get("/cases").text
    assert '<a href="/cases?mark=prescription&amp;whose=mine">時効間近</a>' in text
    again = client.post("/worklist/views", data=form)
    assert again.status_code == 422
    assert "同じ名前の条件が既にあります" in again.text
    (number,) = re.findall(r"/worklist/views/(\d+)/delete", text)
    client.post(f"/worklist/views/{number}/delete", data={"form_token": token, "query": "whose=all"})
    assert "時効間近" not in client.get("/cases").text
    assert client.post("/worklist/views", data={"name": "x", "query": ""}).status_code == 403


@pytest.mark.parametrize(
    ("staff_id", "said"), [("", "どの職員にも結び付いていません"), ("T999", "職員の記録にありません")]
)
def test_an_account_tied_to_no_officer_is_told_so(
    client: Client, identity: Identity, staff_id: str, said: str
) -> None:
    identity.add_user("taro", PASSWORD, Role.OFFICER, staff_id)
    log_in(client, identity, "taro")
    text = client.get("/cases").text
    assert said in text
    assert "11件" in text


def test_a_case_that_is_not_for_an_officer_is_refused_in_a_sentence(
    client: Client, identity: Identity, journal: Journal, town: ModuleType
) -> None:
    identity.add_user("taro", PASSWORD, Role.OFFICER, "T003")
    log_in(client, identity, "taro")
    answer = client.get(f"/cases/{town.PROTECTED}")
    assert answer.status_code == 403
    assert "支援措置の事案は、その担当者・監督者・監査担当のほかは開けません" in answer.text
    assert town.PROTECTED not in client.get("/cases?whose=all").text
    assert len(journal.entries(kinds=("CaseRefused",), debtor_id=town.PROTECTED)) == 1


def test_every_view_of_the_list_is_in_the_journal_once(
    client: Client, identity: Identity, journal: Journal
) -> None:
    log_in(client, identity, "auditor")
    client.get("/cases?mark=due")
    client.get("/cases?page=2")
    entries = journal.entries(kinds=("WorklistViewed",))
    assert [(entry.actor, entry.facts["page"]) for entry in entries] == [("auditor", 1), ("auditor", 2)]
