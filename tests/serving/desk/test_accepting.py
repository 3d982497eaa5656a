"""Accepting the assignments: confirmed first, once, and told to programs as they stand."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from serving.records.journal import Journal

Client = Any
Answer = Any
Browse = Callable[[str], Client]


def token_of(page: str) -> str:
    return page.split('name="form_token" value="')[1].partition('"')[0]


def sent(client: Client, path: str, **fields: str) -> Answer:
    token = token_of(client.get("/assignments").text)
    return client.post(path, data={"form_token": token, **fields})


def accepted(client: Client) -> Answer:
    """Accept all as somebody does who confirms what the page says."""
    page = client.get("/assignments/accept").text
    seen = page.split('name="seen" value="')[1].partition('"')[0]
    return client.post("/assignments", data={"form_token": token_of(page), "seen": seen})


def test_accepting_all_is_confirmed_first(browse: Browse, journal: Journal, town: ModuleType) -> None:
    client = browse("supervisor")
    asked = sent(client, "/assignments")
    assert (asked.status_code, asked.headers["location"]) == (303, "/assignments/accept")
    assert journal.entries(kinds=("AssignmentsAccepted",)) == []
    assert "事案10件を職員2人に割り当てます。" in client.get("/assignments/accept").text
    sent(client, f"/assignments/{town.IDS[1]}", staff_id="T004", reason="引き継ぎ")
    page = client.get("/assignments/accept").text
    assert "事案10件を職員3人に割り当てます。" in page
    assert "このうち1件は監督者が変更したものです。" in page
    late = sent(client, "/assignments", seen="0")  # confirmed before that change
    assert (late.status_code, "まだ採用していません" in late.text) == (409, True)
    assert journal.entries(kinds=("AssignmentsAccepted",)) == []
    assert accepted(client).status_code == 303


def test_somebody_who_may_not_assign_gets_no_form_to_confirm(browse: Browse) -> None:
    client = browse("auditor")
    page = client.get("/assignments/accept")
    assert (page.status_code, 'name="seen"' in page.text) == (200, False)


def test_accepting_all_stands_until_something_changes(
    browse: Browse, journal: Journal, town: ModuleType
) -> None:
    client = browse("supervisor")
    assert accepted(client).status_code == 303
    assert journal.entries(kinds=("AssignmentsAccepted",))[0].facts["cases"] == 10
    assert "supervisorが採用しました" in client.get("/assignments").text
    sent(client, f"/assignments/{town.IDS[1]}", staff_id="T004", reason="引き継ぎ")
    assert "supervisorが採用しました" not in client.get("/assignments").text


def test_accepting_twice_makes_one_entry(browse: Browse, journal: Journal) -> None:
    """The page of before, to which a browser goes back, may be sent again."""
    client = browse("supervisor")
    page = client.get("/assignments/accept").text
    form = {"form_token": token_of(page), "seen": page.split('name="seen" value="')[1].partition('"')[0]}
    went = [client.post("/assignments", data=form).headers["location"] for _ in range(2)]
    assert went == ["/assignments?done=accepted", "/assignments?done=stood"]
    assert len(journal.entries(kinds=("AssignmentsAccepted",))) == 1
    told = (
        "担当案はすでに採用済みのため、今回は何も変わっていません。 R8.4.2 09:30にsupervisorが採用しました。"
    )
    assert told in client.get(went[1]).text
    assert told not in client.get(went[0]).text
    again = client.get("/assignments/accept").text
    assert ("今の担当案は採用済みです。" in again, 'name="seen"' in again) == (True, False)


def test_programs_get_the_proposals_as_they_stand(
    browse: Browse, bearer: Callable[[str], dict[str, str]], town: ModuleType
) -> None:
    client = browse("supervisor")
    sent(client, f"/assignments/{town.IDS[1]}", staff_id="T004", reason="引き継ぎ")
    for role in ("supervisor", "auditor"):
        told = client.get("/api/v1/assignments", headers=bearer(role)).json()["assignments"]
        rows = {each["debtor_id"]: each for each in told}
        changed, plain = rows[town.IDS[1]], rows[town.IDS[0]]
        assert (changed["staff_id"], changed["proposed_staff_id"]) == ("T004", "T003")
        assert (changed["changed_by"], changed["change_reason"]) == ("supervisor", "引き継ぎ")
        assert changed["reasons"] == ""
        assert (plain["staff_id"], plain["proposed_staff_id"], plain["changed_by"]) == ("T002", "T002", "")
    assert client.get("/api/v1/assignments", headers=bearer("officer")).status_code == 403
