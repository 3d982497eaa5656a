"""The timeline of a case: what the records hold and what came since, as one list, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from serving.desk.case_file import CaseFile
from serving.office.office import PastEvent


def timeline_of(file: CaseFile, names: Mapping[tuple[str, str], str]) -> tuple[PastEvent, ...]:
    """Return the history with the replies entered since and the choices that still wait."""

    def subject(kind: str, code: str) -> str:
        return f"{kind}|{names.get((kind, code), code)}"

    replies = [
        PastEvent(
            each.replied_on, "reply", subject(each.target_kind, each.target_code), each.result, each.balance
        )
        for each in file.replies
    ]
    asked = [
        PastEvent(each.requested_on, "inquiry", subject(*each.key), "waiting")
        for each in file.waiting
        if each.decision
    ]
    events = (*file.profile.history, *replies, *asked)
    return tuple(sorted(events, key=lambda event: (event.day, event.kind, event.subject), reverse=True))


def last_answers(file: CaseFile) -> dict[str, tuple[date, str]]:
    """Return by "kind|code" the day of a target's last answer and its outcome (found, none)."""
    recorded = [
        (f"{event.target_kind}|{event.target_code}", event.ended_on, event.outcome)
        for event in file.profile.history
        if event.kind == "inquiry" and event.ended_on is not None
    ]
    entered = [
        (f"{reply.target_kind}|{reply.target_code}", reply.replied_on, reply.result) for reply in file.replies
    ]
    found: dict[str, tuple[date, str]] = {}
    for key, day, outcome in (*recorded, *entered):
        if key not in found or day >= found[key][0]:
            found[key] = (day, outcome)
    return found
