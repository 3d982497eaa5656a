"""What was refused is journalled once, what was not shown is no view, and who left is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import pytest
from fastapi.testclient import TestClient

from serving.records.identity import Identity, Role, form_token
from serving.records.journal import Journal
from serving.settings import Settings

Browse = Callable[[str], TestClient]
Bearer = Callable[[str], dict[str, str]]
PASSWORD = "correct-horse-battery"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, upload_megabytes=0.01)


def token_of(client: TestClient) -> str:
    return form_token(client.cookies["tegakari"])


def test_a_sheet_that_was_not_shown_is_no_view(browse: Browse, journal: Journal, town: ModuleType) -> None:
    client = browse("supervisor")
    assert client.get(f"/cases/{town.ROUTED}/hardship").status_code == 409
    assert journal.entries(kinds=("CaseViewed",)) == []
    assert client.get(f"/cases/{town.RANKED}/hardship").status_code == 200
    assert [entry.facts["view"] for entry in journal.entries(kinds=("CaseViewed",))] == ["hardship"]


def test_a_blind_choice_that_is_refused_is_one_refusal(
    browse: Browse, identity: Identity, journal: Journal, town: ModuleType
) -> None:
    identity.add_user("colleague", PASSWORD, Role.OFFICER)
    client = browse("colleague")
    sent = {"form_token": token_of(client), "nothing": "1", "grounds": "なし"}
    assert client.post(f"/cases/{town.PROTECTED}/blind", data=sent).status_code == 403
    assert len(journal.entries(kinds=("CaseRefused",))) == 1


@pytest.mark.parametrize("size", [11_000, 90_000])
def test_a_file_too_large_is_journalled_like_any_other_refused(
    browse: Browse, journal: Journal, size: int
) -> None:
    client = browse("officer")
    files = {"file": ("large.csv", b"x" * size)}
    assert client.post("/replies", data={"form_token": token_of(client)}, files=files).status_code == 413
    (entry,) = journal.entries(kinds=("ReplyFileRefused",))
    assert (entry.actor, entry.facts["ground"]) == ("officer", "file_large")
    assert "ファイルが大きすぎます" in client.get("/replies").text


def test_a_body_too_large_is_journalled_where_somebody_may_send_one(
    client: TestClient, bearer: Bearer, journal: Journal
) -> None:
    for headers in (bearer("officer"), bearer("auditor"), {}):
        status = client.post("/api/v1/replies/file", content=b"x" * 20_000, headers=headers).status_code
        assert status == (413 if headers else 401)
    entries = journal.entries(kinds=("ReplyFileRefused",))
    assert [(entry.actor, entry.facts["ground"]) for entry in entries] == [("officer", "file_large")]


def test_who_logs_out_is_journalled_once(browse: Browse, journal: Journal) -> None:
    client = browse("officer")
    cookie, sent = client.cookies["tegakari"], {"form_token": token_of(client)}
    for _ in range(2):  # the second time the login is gone
        client.cookies.set("tegakari", cookie)
        assert client.post("/logout", data=sent).status_code == 303
    assert [entry.actor for entry in journal.entries(kinds=("LoggedOut",))] == ["officer"]


@pytest.mark.parametrize("given", ["合言葉", "\u00e9", "", "x"])
def test_a_wrong_token_in_any_script_is_refused(browse: Browse, given: str) -> None:
    client = browse("officer")
    sent = {"form_token": given}
    assert client.post("/batches", data=sent).status_code == 403
    assert client.post("/replies", data=sent, files={"file": ("a.csv", b"a")}).status_code == 403
