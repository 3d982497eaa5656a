"""What a page offers where an officer names a target: the kinds, and the names of short lists."""

from __future__ import annotations

from serving.desk.desk import Desk
from serving.wording import wording

LONGEST_LIST = 300
"""Kinds with more known targets than this are typed, not offered: a page stays small."""


def kinds_of(desk: Desk) -> list[str]:
    """Return the kinds of target that the office knows: the usual ones first."""
    usual = [key[5:] for key in wording("ja").sentences if key.startswith("kind.")]
    return usual + sorted({kind for kind, _ in desk.office.directory()} - set(usual))


def offered_by(desk: Desk) -> dict[str, list[str]]:
    """Return the names that may be offered of each kind, sorted; none of a kind that has too many."""
    by_kind: dict[str, set[str]] = {}
    for (kind, _), name in desk.office.directory().items():
        by_kind.setdefault(kind, set()).add(name)
    return {kind: sorted(names) for kind, names in by_kind.items() if len(names) <= LONGEST_LIST}
