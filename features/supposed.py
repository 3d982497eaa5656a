"""Supposed: an archive of one case as if one more contact stood in its log today. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import pandas as pd

from features.archive import Archive
from features.ledger.snapshot import Ledger, typed_frame
from features.ledger.tables import TABLES
from features.lexicon import lexicon_of
from features.mentions import MentionFinder
from features.revision import Pointed, Revision, cases_on


@dataclass(frozen=True)
class Supposition:
    """What the debtor is supposed to have said of a target.

    ``manner`` is one of ``features.mentions.MANNERS``: denied (left, closed), works_at, pays_from and so on.
    """

    manner: str
    target_kind: str
    target_code: str


class Supposed(Revision):
    """The archive ``before`` for one debtor, with a contact of its day in which all of ``said`` was said.

    ``note`` is the contact's wording; what it names is not read here (``read_note`` does).
    ValueError where a target is named that no record and no list of the office names.
    """

    def __init__(self, before: Archive, debtor_id: str, said: Sequence[Supposition], note: str = "") -> None:
        cases = cases_on(before, [debtor_id])
        ledger = _with_contact(before.about(cases), debtor_id, note)
        day = before.ledger.day
        added = [Pointed(each.manner, debtor_id, each.target_kind, each.target_code, day) for each in said]
        super().__init__(before, ledger, cases["debtor_id"], added)


def read_note(ledger: Ledger, note: str) -> tuple[Supposition, ...]:
    """Return what a note says of targets, as the log of contacts is read."""
    found = MentionFinder(lexicon_of(ledger)).find(note)
    return tuple(Supposition(manner, kind, code) for (kind, code), (manner, _) in found.items())


def _with_contact(ledger: Ledger, debtor_id: str, note: str) -> Ledger:
    row = {
        "contact_id": "supposed",
        "debtor_id": debtor_id,
        "contacted_on": pd.Timestamp(ledger.day),
        "note": note or None,
    }
    added = typed_frame(TABLES["contacts"], pd.DataFrame([row]))
    contacts = pd.concat([ledger["contacts"], added], ignore_index=True)
    return replace(ledger, frames=MappingProxyType(dict(ledger.frames) | {"contacts": contacts}))
