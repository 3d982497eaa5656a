"""What a page offers where an officer names a target: the kinds, and the names of short lists."""

from __future__ import annotations

from serving.desk.choice import usual_kinds
from serving.desk.desk import Desk

LONGEST_LIST = 300
"""Kinds with more known targets than this are typed, not offered: a page stays small."""


def kinds_of(desk: Desk) -> tuple[str, ...]:
    """Return the kinds of target that the office knows: the usual ones first."""
    return (*usual_kinds(), *sorted(desk.office.names_by_kind.keys() - set(usual_kinds())))


def offered_by(desk: Desk) -> dict[str, tuple[str, ...]]:
    """Return the names that may be offered of each kind, sorted; none of a kind that has too many."""
    every = desk.office.names_by_kind
    return {kind: names for kind, names in every.items() if len(names) <= LONGEST_LIST}
