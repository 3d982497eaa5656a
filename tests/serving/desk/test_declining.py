from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from features.ledger.snapshot import Ledger
from serving.desk.declines import declined_pairs
from serving.office.office import Versions
from serving.office.oversight import Oversight
from serving.records.identity import Identity, Role
from serving.records.journal import Journal

Client = Any
Answer = Any
PASSWORD = "correct-horse-battery"
REASON = "同じ町内会の役員のため"


@pytest.fixture
def officers(identity: Identity) -> None:
    """Two officers with accounts of their own: to T003 every second case of the town is proposed."""
    for name, staff_id in (("hanako", "T003"), ("taro", "T002")):
        identity.add_user(name, PASSWORD, Role.OFFICER, staff_id)


def log_in(client: Client, name: str) -> None:
    client.cookies.clear()
    page = client.get("/login").text
    client.post("/login", data={"name": name, "password": PASSWORD, "form_token": token_of(page)})


def token_of(page: str) -> str:
    return page.split('name="form_token" value="')[1].partition('"')[0]


def sent(client: Client, path: str, **fields: str) -> Answer:
    return client.post(path, data={"form_token": token_of(client.get("/cases").text), **fields})


def declined(client: Client, debtor_id: str, name: str = "hanako") -> Answer:
    log_in(client, name)
    return sent(client, f"/cases/{debtor_id}/decline", reason=REASON)


@pytest.mark.usefixtures("officers")
def test_the_officer_declines_and_the_board_names_the_next_best(
    client: Client, journal: Journal, town: ModuleType
) -> None:
    assert declined(client, town.IDS[1]).status_code == 303
    (entry,) = journal.entries(kinds=("CaseDeclined",))
    assert (entry.actor, entry.debtor_id, entry.facts["staff_id"]) == ("hanako", town.IDS[1], "T003")
    page = client.get(f"/cases/{town.IDS[1]}").text
    assert REASON in page
    assert "辞退を取り消す" in page
    log_in(client, "supervisor")
    board = client.get("/assignments").text
    assert "辞退された事案" in board
    assert REASON in board
    assert "<td>T002</td>" in board.split("次点</th>")[1]  # T001 has left, T002 is the first who may


@pytest.mark.usefixtures("officers")
def test_a_reason_for_declining_is_nobody_elses_business(client: Client, town: ModuleType) -> None:
    declined(client, town.IDS[1])
    log_in(client, "taro")
    page = client.get(f"/cases/{town.IDS[1]}").text
    assert REASON not in page
    assert "辞退" not in page
    log_in(client, "auditor")
    assert "次点" not in client.get("/assignments").text


@pytest.mark.usefixtures("officers")
@pytest.mark.parametrize(
    ("name", "case", "reason", "status", "said"),
    [
        ("taro", 1, REASON, 403, "この操作を行う権限がありません"),
        ("officer", 1, REASON, 403, "この操作を行う権限がありません"),
        ("auditor", 1, REASON, 403, "この操作を行う権限がありません"),
        ("hanako", 1, "  ", 422, "辞退には理由が必要です"),
        ("hanako", 10, REASON, 422, "この事案には担当案がありません"),
        ("hanako", 99, REASON, 404, "指定された事案は見つかりません"),
    ],
)
def test_only_whom_it_is_proposed_to_may_decline_with_a_reason(
    *,
    client: Client,
    journal: Journal,
    town: ModuleType,
    name: str,
    case: int,
    reason: str,
    status: int,
    said: str,
) -> None:
    log_in(client, name)
    debtor = town.IDS[case] if case < len(town.IDS) else "nobody"
    answer = sent(client, f"/cases/{debtor}/decline", reason=reason)
    assert answer.status_code == status
    assert said in answer.text
    assert journal.entries(kinds=("CaseDeclined",)) == []


@pytest.mark.usefixtures("officers")
def test_a_case_is_declined_once_and_can_be_taken_back(
    client: Client, journal: Journal, town: ModuleType
) -> None:
    declined(client, town.IDS[1])
    again = declined(client, town.IDS[1])
    assert again.status_code == 409
    assert "すでに記録されています" in again.text
    path = f"/cases/{town.IDS[1]}/decline"
    assert sent(client, path, withdrawn="1", staff_id="T002").status_code == 403
    assert sent(client, path, withdrawn="1", staff_id="T003").status_code == 303
    assert "取り消す辞退が見つかりません" in sent(client, path, withdrawn="1", staff_id="T003").text
    assert declined_pairs(journal).empty
    log_in(client, "supervisor")
    assert "辞退された事案" not in client.get("/assignments").text


@pytest.mark.usefixtures("officers")
def test_nothing_is_accepted_while_a_decline_is_open(
    client: Client, journal: Journal, town: ModuleType
) -> None:
    declined(client, town.IDS[1])
    log_in(client, "supervisor")
    assert 'name="seen"' not in client.get("/assignments/accept").text
    answer = sent(client, "/assignments", seen="0")
    assert answer.status_code == 409
    assert "辞退された事案が残っているため" in answer.text
    assert journal.entries(kinds=("AssignmentsAccepted",)) == []
    settled = sent(client, f"/assignments/{town.IDS[1]}", staff_id="T002", reason="担当者の辞退のため")
    assert settled.status_code == 303
    assert "辞退された事案" not in client.get("/assignments").text
    seen = str(journal.entries(kinds=("AssignmentChanged",))[-1].seq)
    assert sent(client, "/assignments", seen=seen).status_code == 303
    assert declined_pairs(journal).to_dict("records") == [{"debtor_id": town.IDS[1], "staff_id": "T003"}]


@pytest.mark.usefixtures("officers")
def test_a_supervisor_may_leave_the_case_with_the_officer(
    client: Client, journal: Journal, town: ModuleType
) -> None:
    declined(client, town.IDS[1])
    log_in(client, "supervisor")
    kept = sent(
        client, f"/assignments/{town.IDS[1]}", staff_id="T003", reason="ほかに受け持てる職員がいないため"
    )
    assert kept.status_code == 303
    assert "辞退された事案" not in client.get("/assignments").text
    assert declined_pairs(journal).empty


@pytest.mark.usefixtures("officers")
def test_a_matching_made_anew_keeps_to_what_was_declined_before_it(
    client: Client, journal: Journal, town: ModuleType
) -> None:
    """A restart on the same records shows the same proposals; the next records or model heed the decline."""
    declined(client, town.IDS[1])
    versions = town.fake_office().versions
    assert declined_pairs(journal, versions).empty
    assert len(declined_pairs(journal, replace(versions, data="tomorrow's"))) == 1
    assert len(declined_pairs(journal, Versions("tegakari/4", versions.data))) == 1


@pytest.mark.usefixtures("officers")
def test_the_next_best_is_not_somebody_who_declined_or_is_excluded(
    client: Client, town: ModuleType, identity: Identity
) -> None:
    identity.add_user("jiro", PASSWORD, Role.OFFICER, "T004")
    declined(client, town.IDS[1])
    log_in(client, "supervisor")
    sent(client, f"/assignments/{town.IDS[1]}", staff_id="T004", reason="引き継ぎ")
    assert declined(client, town.IDS[1], "jiro").status_code == 303
    log_in(client, "supervisor")
    board = client.get("/assignments").text.split('id="declined"')[1].split('id="proposals"')[0]
    options = board.split("<select")[1].split("</select>")[0]
    assert 'value="T003"' not in options
    assert options.index('value="T002"') < options.index('value="T004"')
    assert "T004(辞退を認めない)" in options


def test_who_could_take_a_case_without_learnt_minutes(town: ModuleType) -> None:
    ledger: Ledger = town.tiny_ledger()
    found = Oversight(ledger).takers([town.RANKED, town.IDS[1]])
    assert found == {town.RANKED: ["T002", "T003"], town.IDS[1]: ["T002", "T003", "T004"]}
