"""Declines: which officer said that they cannot take which case, and whether that still stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from serving.office.office import Versions
from serving.records.entry import Entry
from serving.records.events import AssignmentChanged, CaseDeclined
from serving.records.journal import Journal

KINDS = (CaseDeclined.__name__, AssignmentChanged.__name__)


@dataclass(frozen=True)
class Decline:
    """Somebody's word that they cannot take a case; ``at`` and ``actor`` are those of the entry."""

    debtor_id: str
    staff_id: str
    reason: str
    at: str
    actor: str


def standing(entries: Iterable[Entry]) -> list[Decline]:
    """Return the declines that stand after ``entries`` (of ``KINDS``, oldest first), in their order.

    A decline stands until it is withdrawn, or until a supervisor gives the officer the case nevertheless.
    """
    found: dict[tuple[str, str], Decline] = {}
    for entry in entries:
        facts = entry.facts
        if entry.kind == AssignmentChanged.__name__:
            found.pop((entry.debtor_id, facts["staff_to"]), None)
            continue
        key = (entry.debtor_id, facts["staff_id"])
        found.pop(key, None)
        if not facts["withdrawn"]:
            found[key] = Decline(*key, facts["reason"], entry.at, entry.actor)
    return list(found.values())


def declined_pairs(journal: Journal, versions: Versions | None = None) -> pd.DataFrame:
    """Return debtor_id and staff_id of the declines that stand.

    ``versions``: what was written about these very proposals does not count, so that they are the same
    whenever they are made again; the board deals with it.
    """
    entries = journal.entries(kinds=KINDS)
    if versions is not None:
        now = (versions.model, versions.data)
        entries = [each for each in entries if _versions(each) != now]
    pairs = [(each.debtor_id, each.staff_id) for each in standing(entries)]
    return pd.DataFrame(pairs, columns=["debtor_id", "staff_id"]).astype("str")


def _versions(entry: Entry) -> tuple[str, str]:
    return entry.facts["model_version"], entry.facts["data_version"]
