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


def offered_by(desk: Desk) -> list[str]:
    """Return the names of the targets of kinds with few of them."""
    by_kind: dict[str, list[str]] = {}
    for (kind, _), name in desk.office.directory().items():
        by_kind.setdefault(kind, []).append(name)
    return sorted({name for names in by_kind.values() if len(names) <= LONGEST_LIST for name in names})
