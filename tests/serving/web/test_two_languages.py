"""Japanese that stays in an English text is marked as such, and what is listed there is parted by commas."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest
from fastapi.testclient import TestClient

from serving.records.events import DecisionMade, PageViewed
from serving.records.journal import Journal
from serving.web.law_wording import mixed_said, reason_said
from serving.web.telling import said
from serving.wording import wording

Browse = Callable[[str], TestClient]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The officers' rule 「すでに A & B」 holds",
         'The officers&#39; rule <span lang="ja">「すでに A &amp; B」</span> holds'),
        ("Asked 三菱UFJ銀行 <twice>", 'Asked <span lang="ja">三菱UFJ銀行</span> &lt;twice&gt;'),
        ("¥48,200 (―)", "¥48,200 (―)"),
    ],
)  # fmt: skip
def test_japanese_in_an_english_text_is_marked(text: str, shown: str) -> None:
    assert mixed_said(text, wording("en")) == shown
    reason = {"sentence": "経験則", "english": text}
    assert reason_said(reason, wording("en")) == f"<span>{shown}</span>"
    assert "lang" not in mixed_said(text, wording("ja"))


def test_lists_are_parted_as_the_language_does(journal: Journal) -> None:
    viewed = journal.append("keiko", PageViewed("", "/audit", {"actor": "taro", "case": "1"}))
    chosen = tuple({"target_kind": "bank", "target_code": code} for code in ("0005", "0009"))
    decided = journal.append("taro", DecisionMade("1", 3, chosen))
    for entry in (viewed, decided):
        told = said(entry, wording("en"), {})
        assert ", " in told
        assert "、" not in told
        assert "、" in said(entry, wording("ja"), {})


def test_what_an_officer_wrote_is_marked_in_the_audit(
    browse: Browse, journal: Journal, town: ModuleType
) -> None:
    entry = journal.append("taro", DecisionMade(town.RANKED, 3, grounds="記録による"))
    client = browse("auditor")
    for address in ("/audit", f"/audit/{entry.seq}"):
        assert '<span lang="ja">記録による</span>' in client.get(f"{address}?lang=en").text
        assert '<span lang="ja">記録による</span>' not in client.get(f"{address}?lang=ja").text
