from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

from serving.records.journal import Journal
from serving.records.model_events import ChampionSet, ModelJudged, ShadowSet
from training.verdict import Outcome, RuleResult, Verdict

PASSWORD = "correct-horse-battery"


@pytest.fixture
def log_in(client: TestClient) -> Callable[[str], None]:
    def enter(role: str) -> None:
        answer = client.post("/api/v1/login", json={"name": role, "password": PASSWORD})
        client.cookies.set("tegakari", answer.json()["token"])

    return enter


def judge(journal: Journal, *more: RuleResult) -> None:
    rules = (
        RuleResult(
            "a",
            "採用中より良い",
            "better",
            Outcome.FAILED,
            -0.01,
            -0.02,
            0.0,
            0.0,
            321,
            "差は小さい",
            "small",
        ),
        RuleResult("b", "承認者", "approved", Outcome.PASSED),
        *more,
    )
    basis = {
        "border": "2026-01-31", "cases": 1234, "cases_with_hit": 321,
        "challenger_refitted": True, "champion_refitted": False,
    }  # fmt: skip
    facts = Verdict(4, 3, rules, basis).facts
    journal.append("command", ChampionSet("", "3", "d", "部長", "最初の比較"))
    seq = journal.append("command", ModelJudged("", "4", "課長", "新しい回答", False, facts)).seq
    journal.append(
        "command", ChampionSet("", "4", "d", "課長", "新しい回答", "promotion", "3", seq, "急ぎのため")
    )


@pytest.mark.parametrize("role", ["data", "supervisor", "auditor"])
def test_staff_and_auditors_see_why_a_model_was_let_in(
    client: TestClient, log_in: Callable[[str], None], journal: Journal, role: str
) -> None:
    judge(journal)
    log_in(role)
    page = client.get("/models").text
    for told in (
        "採用中は第4版",
        "以前に採用",
        "採用中より良い",
        "差は小さい",
        "-0.010",
        "321",
        "課長",
        "急ぎのため",
    ):
        assert told in page
    english = client.get("/models?lang=en").text
    assert "Version 4 is in use." in english
    assert "learnt again with its own settings" in english


def test_the_page_says_when_a_model_may_enter_although_rules_fail(
    client: TestClient, log_in: Callable[[str], None], journal: Journal
) -> None:
    judge(journal)
    log_in("data")
    for page in (client.get("/models").text, client.get("/models?lang=en").text):
        assert "tegakari promote" in page
        assert "--despite" in page
    assert "例外にできません</small>" not in client.get("/models?lang=ja").text
    judge(journal, RuleResult("c", "公平", "fair", Outcome.FAILED, firm=True))
    assert client.get("/models?lang=ja").text.count("例外にできません</small>") == 1


def test_a_shadow_that_was_let_in_does_not_score_beside_itself(
    client: TestClient, log_in: Callable[[str], None], journal: Journal
) -> None:
    journal.append("command", ShadowSet("", "4", "課長", "試行"))
    log_in("data")
    assert "第4版が影で採点しています" in client.get("/models").text
    judge(journal)
    assert "影で採点しているモデルはありません" in client.get("/models").text


def test_an_officer_has_no_such_page(client: TestClient, log_in: Callable[[str], None]) -> None:
    log_in("officer")
    assert client.get("/models").status_code == 403
    assert 'href="/models"' not in client.get("/cases").text


def test_an_empty_ledger_is_said_to_be_empty(client: TestClient, log_in: Callable[[str], None]) -> None:
    log_in("data")
    page = client.get("/models")
    assert page.status_code == 200
    assert "まだ記録がありません" in page.text
    assert client.get("/cases").status_code == 403
