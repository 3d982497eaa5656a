"""Ways around a rule that somebody has tried."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest

from serving.problems import Problem
from serving.records.events import TrialSet
from serving.records.identity import MOST_WAITING, Identity, Role
from serving.records.journal import Journal
from serving.settings import Settings

Client = Any
Bearer = Callable[[str], dict[str, str]]
PASSWORD = "correct-horse-battery"
NINES = "9" * 5000


def token_of(page: str) -> str:
    return page.split('name="form_token" value="')[1].partition('"')[0]


def log_in(client: Client, name: str) -> None:
    client.cookies.clear()
    token = token_of(client.get("/login").text)
    done = client.post("/login", data={"name": name, "password": PASSWORD, "form_token": token})
    assert done.status_code == 303


def test_a_blind_page_opens_no_protected_case_of_others(
    client: Client, identity: Identity, journal: Journal, town: ModuleType
) -> None:
    identity.add_user("colleague", PASSWORD, Role.OFFICER)
    journal.append("supervisor", TrialSet(blind=1.0))
    log_in(client, "colleague")
    assert client.get(f"/cases/{town.PROTECTED}").status_code == 403
    token = token_of(client.get("/cases").text)
    sent = {"form_token": token, "nothing": "1", "grounds": "なし"}
    assert client.post(f"/cases/{town.PROTECTED}/blind", data=sent).status_code == 403
    assert not journal.entries(("CaseOpened", "BlindChoiceMade"), town.PROTECTED)


def test_a_blind_page_is_shown_whole(
    client: Client, identity: Identity, journal: Journal, town: ModuleType
) -> None:
    journal.append("supervisor", TrialSet(blind=1.0))
    log_in(client, "officer")
    page = client.get(f"/cases/{town.RANKED}")
    assert page.status_code == 200
    assert f"/cases/{town.RANKED}/blind" in page.text


def test_no_what_if_before_the_case_was_opened(
    client: Client, identity: Identity, journal: Journal, town: ModuleType
) -> None:
    journal.append("supervisor", TrialSet(blind=0.5))
    log_in(client, "officer")
    token = token_of(client.get("/cases").text)
    sent = {"form_token": token, "fact": "note", "note": "x"}
    assert client.post(f"/cases/{town.RANKED}/what-if", data=sent).status_code == 409
    assert not journal.entries(("WhatIfAsked",))


def test_a_login_that_ended_does_not_stand_in_the_way_of_the_next(client: Client, identity: Identity) -> None:
    client.cookies.set("tegakari", "stale")
    token = token_of(client.get("/login").text)
    done = client.post("/login", data={"name": "officer", "password": PASSWORD, "form_token": token})
    assert done.status_code == 303


def test_attempts_side_by_side_are_counted_one_by_one(identity: Identity, settings: Settings) -> None:
    def attempt(_: int) -> str:
        with pytest.raises(Problem, match=r".") as refused:
            identity.log_in("officer", "wrong", "here")
        return refused.value.code

    with ThreadPoolExecutor(1 + MOST_WAITING) as pool:  # more would be sent away uncounted
        codes = list(pool.map(attempt, range(12)))
    assert codes.count("login_wrong") == settings.login_attempts


@pytest.mark.parametrize(
    "path",
    [
        f"/cases?arrears_from={NINES}",
        f"/audit/{'9' * 25}",
        f"/audit?before={'9' * 25}",
        f"/assignments?changed={'9' * 25}",
    ],
)
def test_a_number_too_long_is_no_accident(client: Client, identity: Identity, path: str) -> None:
    log_in(client, "auditor")
    assert client.get(path).status_code < 500


@pytest.mark.parametrize("path", ["/batches", "/batches/aside", "/worklist/views/" + "9" * 25 + "/delete"])
def test_a_number_too_long_in_a_form_is_refused(client: Client, identity: Identity, path: str) -> None:
    log_in(client, "officer")
    token = token_of(client.get("/cases").text)
    assert client.post(path, data={"form_token": token, "decision": NINES}).status_code in {303, 422}


def test_a_code_without_its_kind_finds_nothing_by_saying_so(client: Client, identity: Identity) -> None:
    log_in(client, "auditor")
    page = client.get("/audit?target_code=0005")
    assert page.status_code == 422
    assert "種別も選んでください" in page.text
