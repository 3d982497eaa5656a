"""A blind choice revised after the ranking: one's own may go without a reason, the plan's may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from serving.records.events import TrialSet
from serving.records.journal import Journal

CASE = "/cases/000000000000002"
OWN, PLANNED = "bank|0036", ["bank|0005", "employer|E00001", "bank|9900"]
Browse = Callable[[str], Any]


@pytest.fixture
def officer(browse: Browse, journal: Journal) -> Any:  # noqa: ANN401 - a client
    """An officer who chose a bank that the ranking shows outside of its plan, before the ranking was seen."""
    journal.append("supervisor", TrialSet("", blind=1.0, ground="試行"))
    client = browse("officer")
    token = re.findall(r'name="form_token" value="([^"]*)"', client.get(CASE).text)[0]
    kind, code = OWN.split("|")
    sent = {"form_token": token, "kind1": kind, "name1": code, "grounds": "記録による"}
    assert client.post(f"{CASE}/blind", data=sent).status_code == 303
    return client


def revised(client: Any, accept: list[str]) -> Any:  # noqa: ANN401 - a client and its answer
    page = client.get(CASE).text
    assert "先に選んだ調査先は理由なしに外せます" in page
    assert re.search(rf'value="{re.escape(OWN)}" checked', page)
    form = {
        name: re.findall(rf'name="{name}" value="([^"]*)"', page)[0]
        for name in ("form_token", "recommendation")
    }
    drops = dict.fromkeys(re.findall(r'name="(drop:[^"]+)"', page), "")
    assert f"drop:{OWN}" not in drops
    return client.post(
        f"{CASE}/decisions",
        data=form | drops | {"accept": accept, "planned": PLANNED, "grounds": "記録による"},
    )


def test_what_was_chosen_first_goes_without_a_reason(officer: Any, journal: Journal) -> None:  # noqa: ANN401
    assert revised(officer, PLANNED).status_code == 303
    (made,) = journal.entries(kinds=("DecisionMade",))
    assert made.facts["dropped"] == []
    assert "0036" in {each["target_code"] for each in made.facts["left"]}


def test_what_is_planned_does_not(officer: Any, journal: Journal) -> None:  # noqa: ANN401
    answer = revised(officer, [OWN, *PLANNED[1:]])
    assert answer.status_code == 422
    assert "理由が必要です" in answer.text
    assert journal.entries(kinds=("DecisionMade",)) == []
