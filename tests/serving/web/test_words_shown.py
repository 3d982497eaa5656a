"""No code stands where a reader looks: every sampled page in Japanese, and snake_case in neither language."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from types import ModuleType
from typing import Any

import pytest

from serving.office.office import Proposal
from serving.records.events import (
    CaseOpened,
    CaseRefused,
    CaseViewed,
    LoggedIn,
    LoginRefused,
    RecommendationRecomputed,
    ReplyReceived,
    SlotsSet,
    WhatIfAsked,
    WorklistViewed,
)
from serving.records.exchange_events import BatchRefused, BatchTaken, ReplyFileRefused
from serving.records.journal import Journal
from serving.web.law_wording import pairing_said
from serving.wording import wording

Client = Any
Browse = Callable[[str], Client]
Headers = Callable[[str], dict[str, str]]

ROLES = ("supervisor", "officer", "auditor")
CODE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
LATIN = re.compile(r"(?<![A-Za-z])[a-z][a-z_.\-]{2,}")
DIGEST = re.compile(r"[0-9a-f]{12,}")
COMMAND = re.compile(r"tegakari [a-z]+|--[a-z-]+")
LAWFUL = {"tegakari", ".csv", ".xlsx", "csv", "xlsx", "ranker"}
"""The program's own name and endings of files."""

HAPPENED = (
    LoginRefused(ground="wrong"),
    LoginRefused(ground="paused"),
    LoggedIn(manner="token"),
    CaseRefused("000000000000001", "foreign"),
    CaseViewed("000000000000001", "record"),
    CaseOpened("000000000000001", 241_000, "blind", "", 0.1, "hidden", 0.1),
    CaseOpened("000000000000001", 241_000, "", "program"),
    WhatIfAsked("000000000000001", "left"),
    WorklistViewed("", {"show": "routed", "mark": "unsent", "kind": "life_insurance"}, "hardship", 1, 3),
    ReplyFileRefused("", "0" * 64, "layout_unknown"),
    BatchTaken("", 9, "command", "tax_refund", ""),
    BatchRefused("", 9, "csv", "mixed"),
    RecommendationRecomputed("1", 7, "differs", ("targets[0].expected_yen", "hardship")),
    ReplyReceived("1", "life_insurance", "L01", "2026-03-01", "2026-03-20", "found", 48_200,
                  "life_insurance", accounts=({"kind": "普通", "balance": 48_200},)),
)  # fmt: skip
"""Entries whose fields hold every kind of code."""


class Seen(HTMLParser):
    """What a reader sees or hears of a page, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in ("script", "style")
        told = {"aria-label", "title", "placeholder", "alt"}
        self.pieces += [value for name, value in attrs if name in told and value]

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._unseen and data.strip():
            self.pieces.append(data.strip())


@pytest.fixture
def seen(
    *,
    client: Client,
    samples: ModuleType,
    watched: ModuleType,
    town: ModuleType,
    browse: Browse,
    bearer: Headers,
    journal: Journal,
) -> Callable[[str], dict[str, list[str]]]:
    """Return what every role sees of every page, by address, in a language."""
    watched.drifted(client.app.state.settings.home)
    models = watched.judged(journal, town.tiny_ledger())
    numbers = samples.happen(client, bearer("supervisor"))
    entries = [journal.append("officer", event).seq for event in HAPPENED]
    addresses = samples.read_addresses(numbers, samples.PAGES) + [
        f"/audit/{seq}" for seq in (*entries, *models)
    ]

    def look(language: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for role in ROLES:
            browse(role)
            client.get(f"/casebook?lang={language}")
            for address in addresses:
                answer = client.get(address)
                if answer.status_code == 200:
                    page = Seen()
                    page.feed(answer.text)
                    found.setdefault(address, []).extend(page.pieces)
        return found

    return look


def strays(pieces: list[str], form: re.Pattern[str]) -> set[str]:
    text = [COMMAND.sub("", DIGEST.sub("", piece)) for piece in pieces]
    return {word.strip(".-") for piece in text for word in form.findall(piece)} - LAWFUL - set(ROLES)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_page_shows_a_code(seen: Callable[[str], dict[str, list[str]]], language: str) -> None:
    found = {address: strays(pieces, CODE) for address, pieces in seen(language).items()}
    assert {address: codes for address, codes in found.items() if codes} == {}


ROUTED, PROTECTED = "/cases/000000000000011", "/cases/000000000000012"


def test_gates_and_articles_are_english_on_english_pages(browse: Browse) -> None:
    page = browse("auditor").get(f"{ROUTED}?lang=en").text
    assert "receives public assistance" in page
    assert "生活保護を受給しています。" not in page
    assert "(Local Tax Act)" in page
    assert '<span lang="ja">地方税法15条の7第1項2号</span>' in page
    assert "under support measures" in browse("supervisor").get(f"{PROTECTED}?lang=en").text
    assert "生活保護を受給しています。" in browse("auditor").get(f"{ROUTED}?lang=ja").text


def test_why_a_case_is_proposed_to_an_officer_is_english_on_english_pages(browse: Browse) -> None:
    client = browse("supervisor")
    said = "Mostly wages and deposits, and there is room"
    for address in ("/cases/000000000000001", "/assignments"):
        assert said in client.get(f"{address}?lang=en").text
        assert "手が空いている" not in client.get(f"{address}?lang=en").text
        assert (
            '<span lang="ja">給与・預貯金の事案が多く、手が空いている</span>'
            in client.get(f"{address}?lang=ja").text
        )


def test_a_proposal_kept_before_there_was_english_stays_as_it_is() -> None:
    proposal = Proposal("1", "T1", 20.0, 1, 1, "手が空いている")
    assert pairing_said(proposal, wording("en")) == '<span lang="ja">手が空いている</span>'


def test_suggestions_are_english_and_what_was_typed_stays(browse: Browse, journal: Journal) -> None:
    client = browse("supervisor")
    assert "name the welfare office" in client.get("/cases/000000000000001/hardship?lang=en").text
    journal.append("supervisor", SlotsSet("", 0.1, 1, "課内の試行"))
    assert "課内の試行" in client.get("/slots?lang=en").text


def test_no_japanese_page_shows_an_english_word(seen: Callable[[str], dict[str, list[str]]]) -> None:
    pages = seen("ja")
    assert len(pages) > 30
    assert any("甲銀行" in piece for piece in pages["/drift"])
    assert "差は小さい" in pages["/models"]
    found = {address: strays(pieces, LATIN) for address, pieces in pages.items()}
    assert {address: words for address, words in found.items() if words} == {}
