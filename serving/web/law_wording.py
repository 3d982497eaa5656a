"""Gates, articles, grounds, suggestions and pairings as a page shows them, each marked with its language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from features.english_law import GATES, GROUNDS, glossed
from models.finding import ENGLISH
from serving.wording import Wording, wording

_SIGN = "[\u3005-\u30ff\u3400-\u9fff\uff01-\uff9f]"
_JAPANESE = re.compile(f"「[^」]*」|{_SIGN}+(?:[0-9A-Za-z]+{_SIGN}+)*")
"""What is quoted the Japanese way, and Japanese letters with what stands between them (三菱UFJ銀行)."""

MOST_KEPT = 10_000
"""Sentences kept as they are marked: most are the same on every page."""


def gate_said(gate: Any, w: Wording) -> Markup:  # noqa: ANN401 - a GateNotice, or what the journal kept of one
    """Return what a gate says of the case."""
    name, sentence = _parts(gate, "gate")
    return _marked(sentence, GATES.get(name, ""), w.language)


def suggestion_said(suggestion: Any, w: Wording) -> Markup:  # noqa: ANN401 - as above
    """Return why something may be looked into."""
    name, sentence = _parts(suggestion, "name")
    return _marked(sentence, ENGLISH.get(name, ""), w.language)


def article_said(article: str, w: Wording) -> Markup:
    """Return an article; in English the name of its law stands behind it."""
    told = glossed(article)
    if w.language == "ja" or told == article:
        return _marked(article, "", w.language, "law")
    gloss = told.removeprefix(article)
    return Markup('<span class="law"><span lang="ja">{}</span>{}</span>').format(article, gloss)


def article_text(article: str, w: Wording) -> str:
    """Return an article as plain text within a sentence, glossed in English."""
    return article if w.language == "ja" else glossed(article)


def grounds_said(grounds: Iterable[str], w: Wording) -> Markup:
    """Return grounds side by side, a dash for none; one without an English name stays as it is."""
    given = list(grounds)
    if not given:
        return Markup("―")
    told = [_marked(ground, GROUNDS.get(ground, ""), w.language) for ground in given]
    return Markup("、" if w.language == "ja" else ", ").join(told)


def reason_said(reason: Any, w: Wording) -> Markup:  # noqa: ANN401 - a Reason, or what the journal kept of one
    """Return the sentence of a reason; what was kept before sentences had English has none."""
    kept = reason if isinstance(reason, dict) else vars(reason)
    return _marked(str(kept["sentence"]), str(kept.get("english") or ""), w.language)


def pairing_said(proposal: Any, w: Wording) -> Markup:  # noqa: ANN401 - a Proposal, or a row of the board
    """Return why a case is proposed to an officer; what somebody wrote of a change stays as it is."""
    kept = proposal if isinstance(proposal, dict) else vars(proposal)
    return _marked(str(kept["reasons"]), str(kept.get("english") or ""), w.language)


def mixed_said(text: str, w: Wording) -> Markup:
    """Return a text in the reader's language; what stays Japanese in an English one is marked as such."""
    told = escape(text)
    if w.language == "ja":
        return told
    return Markup(_JAPANESE.sub(r'<span lang="ja">\g<0></span>', str(told)))


def _parts(told: Any, name: str) -> tuple[str, str]:  # noqa: ANN401
    kept = told if isinstance(told, dict) else vars(told)
    return str(kept[name]), str(kept["sentence"])


@lru_cache(maxsize=MOST_KEPT)
def _marked(japanese: str, english: str, language: str, css: str = "") -> Markup:
    style = Markup(' class="{}"').format(css) if css else Markup("")
    if language == "en" and english:
        return Markup("<span{}>{}</span>").format(style, mixed_said(english, wording(language)))
    return Markup('<span{} lang="ja">{}</span>').format(style, japanese)
