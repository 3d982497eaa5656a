"""Entries as the auditor's pages show them: each is told once, for as long as it reads the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from markupsafe import Markup

from serving.records.entry import Entry
from serving.web.laid_out import lay_out
from serving.web.telling import Names, said
from serving.wording import wording

LINES, RANKINGS = 2_000, 200
"""How many are kept. An entry is kept with its body, that of a ranking some twenty kilobytes.

What was told belongs to all of an entry, not to its digest: one that was changed reads as it now is.
"""


@dataclass(frozen=True)
class EntryTold:
    """An entry in one language. ``records``: the version of the records that ``names`` come from."""

    entry: Entry
    language: str
    records: str
    names: Names = field(compare=False)


@lru_cache(maxsize=LINES)
def sentence_of(told: EntryTold) -> str:
    """Return what an entry says."""
    return said(told.entry, wording(told.language), told.names)


@lru_cache(maxsize=LINES)
def line_of(told: EntryTold) -> Markup:
    """Return an entry as one line of the list."""
    entry = told.entry
    about = (entry.seq, entry.at, entry.actor, entry.kind, entry.debtor_id, sentence_of(told), entry.intact)
    return lay_out("audit_row.html", "line", told.language, *about)


Dealt = tuple[tuple[tuple[str, str], tuple[str, str]], ...]
"""By target, how it was dealt with (accepted, dropped, left, added) and the reason given."""


@lru_cache(maxsize=RANKINGS)
def ranking_of(shown: Entry, dealt: Dealt, language: str) -> Markup:
    """Return the targets of a ranking as they were shown, and what was chosen."""
    return lay_out("audit_ranking.html", "targets", language, shown.facts["advice"]["targets"], dict(dealt))
