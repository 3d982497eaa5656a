from __future__ import annotations

from dataclasses import fields
from string import Formatter

import pytest

from serving.records.events import DecisionMade, Event, LoggedIn, ReplyReceived
from serving.records.journal import Journal
from serving.records.kinds import event_kinds
from serving.web.telling import said
from serving.wording import LANGUAGES, wording

DERIVED = {"targets", "planned"}
KINDS = event_kinds()  # imports every module of events, so that their classes are known
EVENTS = sorted(Event.__subclasses__(), key=lambda each: each.__name__)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", EVENTS, ids=lambda each: each.__name__)
def test_every_event_has_a_name_and_a_sentence(event: type[Event], language: str) -> None:
    sentences = wording(language).sentences
    assert sentences.get(f"event.{event.__name__}"), "say what happened: event.<kind>"
    sentence = sentences.get(f"said.{event.__name__}")
    assert sentence, "say it in one sentence with its facts: said.<kind>"
    asked = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    assert asked <= {field.name for field in fields(event)} | DERIVED


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", EVENTS, ids=lambda each: each.__name__)
def test_every_event_can_be_told_as_it_comes(journal: Journal, event: type[Event], language: str) -> None:
    told = said(journal.append("hanako", event()), wording(language), {})
    assert told
    assert "{" not in told


def test_targets_are_named_with_their_reasons(journal: Journal) -> None:
    dropped = ({"target_kind": "bank", "target_code": "0005", "rank": 1, "reason": "解約済み"},)
    accepted = ({"target_kind": "pension", "target_code": "", "rank": 2},)
    entry = journal.append("hanako", DecisionMade("1", 3, accepted, (), dropped, minutes=2.5))
    names = {("bank", "0005"): "三菱UFJ銀行"}
    assert "除外: 三菱UFJ銀行(解約済み)" in said(entry, wording("ja"), names)
    assert "追加: なし" in said(entry, wording("ja"), names)


def test_days_and_yen_are_in_the_readers_form(journal: Journal) -> None:
    reply = ReplyReceived("1", "bank", "0005", "2026-03-01", "2026-03-20", "found", 48200)
    entry = journal.append("hanako", reply)
    assert "48,200円(照会R8.3.1、回答R8.3.20" in said(entry, wording("ja"), {})
    assert "¥48,200 (asked 2026-03-01, replied 2026-03-20" in said(entry, wording("en"), {})


def test_what_no_longer_is_an_event_is_told_by_its_facts(journal: Journal) -> None:
    old = type("Forgotten", (LoggedIn,), {})
    assert said(journal.append("hanako", old(manner="page")), wording("ja"), {}) == "manner=page"
