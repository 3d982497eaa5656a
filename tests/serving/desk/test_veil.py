"""A case that may be drawn to be chosen blind does not tell its ranking in the list."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from serving.desk.trial_setting import in_force
from serving.desk.veil import Veil
from serving.desk.worklist_roll import Roll, empty_roll
from serving.records.events import TrialSet
from serving.records.identity import form_token
from serving.records.journal import Journal

Bearer = Callable[[str], dict[str, str]]
Browse = Callable[[str], Any]
ROUTED = "000000000000011"


def lines(client: TestClient, who: dict[str, str], **asked: str) -> dict[str, dict[str, Any]]:
    answer = client.get("/api/v1/cases", headers=who, params=asked)
    return {line["debtor_id"]: line for line in answer.json()["cases"]}


def tells(line: dict[str, Any]) -> bool:
    told = [line[name] for name in ("top_kind", "top_name", "probability")]
    assert line["withheld"] == (told == ["", "", None])
    assert line["expected_yen"] is not None
    return not line["withheld"]


@pytest.fixture
def half_blind(journal: Journal) -> None:
    journal.append("supervisor", TrialSet("", 0.5, 0.0, "試行"))


@pytest.mark.usefixtures("half_blind")
def test_no_unopened_case_tells_whichever_arm_it_would_be_in(client: TestClient, bearer: Bearer) -> None:
    listed = lines(client, bearer("supervisor"))
    assert {case for case, line in listed.items() if tells(line)} == {ROUTED}


@pytest.mark.usefixtures("half_blind")
def test_whoever_cannot_choose_sees_everything(client: TestClient, bearer: Bearer) -> None:
    assert all(tells(line) for line in lines(client, bearer("auditor")).values())


@pytest.mark.usefixtures("half_blind")
def test_a_line_tells_once_its_ranking_was_shown(
    client: TestClient, browse: Browse, bearer: Bearer, journal: Journal, town: ModuleType
) -> None:
    setting = in_force(journal)
    free = town.IDS[:10]
    blind = next(case for case in free if setting.draws_blind(case, "supervisor"))
    plain = next(case for case in free if not setting.draws_blind(case, "supervisor"))
    page = browse("supervisor")
    for case in (blind, plain):
        page.get(f"/cases/{case}")
    listed = lines(client, bearer("supervisor"))
    assert tells(listed[plain])
    assert not tells(listed[blind])
    sent = {"form_token": form_token(page.cookies["tegakari"]), "nothing": "1"}
    assert page.post(f"/cases/{blind}/blind", data=sent).status_code == 303
    page.get(f"/cases/{blind}")
    assert tells(lines(client, bearer("supervisor"))[blind])
    assert not tells(lines(client, bearer("officer"))[blind])  # somebody else may be drawn yet


@pytest.mark.usefixtures("half_blind")
def test_the_kind_of_the_first_target_finds_no_case_that_hides_it(
    client: TestClient, browse: Browse, bearer: Bearer, journal: Journal, town: ModuleType
) -> None:
    assert lines(client, bearer("supervisor"), kind="bank") == {}
    assert len(lines(client, bearer("auditor"), kind="bank")) == 11
    setting = in_force(journal)
    plain = next(case for case in town.IDS[:10] if not setting.draws_blind(case, "supervisor"))
    browse("supervisor").get(f"/cases/{plain}")
    assert set(lines(client, bearer("supervisor"), kind="bank")) == {plain}


@pytest.mark.usefixtures("half_blind")
def test_the_page_says_when_it_will_be_told(browse: Browse) -> None:
    page = browse("supervisor").get("/cases").text
    body = page.split("<tbody>")[1]
    assert "三菱UFJ銀行" not in body
    assert "開くと表示" in body
    assert "事案を開くと表示します" in page
    assert "三菱UFJ銀行" in browse("auditor").get("/cases").text.split("<tbody>")[1]


def test_a_pending_blind_choice_stays_hidden_when_the_trial_ends(
    client: TestClient, browse: Browse, bearer: Bearer, journal: Journal
) -> None:
    journal.append("supervisor", TrialSet("", 1.0, 0.0, "everything"))
    browse("supervisor").get("/cases/000000000000003")
    journal.append("supervisor", TrialSet("", 0.0, 0.0, "over"))
    listed = lines(client, bearer("supervisor"))
    assert [case for case, line in listed.items() if not tells(line)] == ["000000000000003"]


NAMES = [f"{number}" for number in range(6)]


@given(
    drawing=st.booleans(),
    seen=st.frozensets(st.sampled_from(NAMES)),
    pending=st.frozensets(st.sampled_from(NAMES)),
    states=st.lists(st.sampled_from(["open", "waiting"]), min_size=6, max_size=6),
)
def test_the_mask_hides_what_the_lines_hide(
    drawing: bool, seen: frozenset[str], pending: frozenset[str], states: list[str]
) -> None:
    veil = Veil(drawing, seen - pending, pending)
    columns = {**empty_roll().columns, "debtor_id": np.array(NAMES), "state": np.array(states)}
    roll = Roll(1, columns)
    assert veil.mask(roll).tolist() == [veil.hides(*each) for each in zip(NAMES, states, strict=True)]
