"""Doubts: what does not fit together about replies that were entered; they are kept, and the page says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from serving.desk.replies import ReplyKept
from serving.office.office import CaseProfile

BOTH, NOT_ASKED = "both", "not_asked"


def doubts_of(
    replies: Sequence[ReplyKept], profile: CaseProfile, exported: date
) -> dict[int, tuple[str, ...]]:
    """Return by number of a reply what is doubtful about it; those without a doubt are left out.

    ``both``: another reply of that target says the opposite. ``not_asked``: it was asked before the records
    were ``exported``, and they hold no inquiry of that target on that day.
    """
    asked = {(e.target_kind, e.target_code, e.day) for e in profile.history if e.kind == "inquiry"}
    found = {}
    for reply in replies:
        doubts = []
        if any(_opposite(reply, other) for other in replies):
            doubts.append(BOTH)
        key = (reply.target_kind, reply.target_code, reply.requested_on)
        if reply.requested_on <= exported and key not in asked:
            doubts.append(NOT_ASKED)
        if doubts:
            found[reply.number] = tuple(doubts)
    return found


def first_record(profile: CaseProfile) -> date | None:
    """Return the day of the case's earliest record, before which nobody can have asked about it."""
    dues = [line.oldest_due for line in (*profile.arrears, *profile.prescribed) if line.oldest_due]
    return min([*dues, *(event.day for event in profile.history)], default=None)


def _opposite(one: ReplyKept, other: ReplyKept) -> bool:
    same = (one.target_kind, one.target_code) == (other.target_kind, other.target_code)
    return same and one.result != other.result
