"""Waiting: what was asked and has not been answered, by the office's choices and by the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from features.ledger.told import Told
from serving.desk.replies import ReplyKept
from serving.office.office import PastEvent
from serving.records.entry import Entry
from serving.wording import JAPAN

Knows = Callable[[str, str], bool]


@dataclass(frozen=True)
class Waiting:
    """An inquiry whose reply is awaited. ``decision``: the entry that chose it (0: the ledger holds it)."""

    target_kind: str
    target_code: str
    requested_on: date
    decision: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Return (target_kind, target_code)."""
        return self.target_kind, self.target_code


def chosen_and_waiting(
    decisions: Iterable[Entry], replies: Iterable[ReplyKept], today: date, days: int, knows: Knows
) -> tuple[Waiting, ...]:
    """Return what was chosen in the last ``days`` and not answered since, the latest choice of each target.

    ``knows``: whether a record or a list of the office names a target; any other cannot be ranked.
    """
    found: dict[tuple[str, str], Waiting] = {}
    for entry in decisions:
        day = datetime.fromisoformat(entry.at).astimezone(JAPAN).date()
        if day < today - timedelta(days=days):
            continue
        for target in (*entry.facts["accepted"], *entry.facts["added"]):
            kind, code = target["target_kind"], target["target_code"]
            if knows(kind, code):
                found[kind, code] = Waiting(kind, code, day, entry.seq)
    answered = [((reply.target_kind, reply.target_code), reply.replied_on) for reply in replies]
    return tuple(
        each
        for key, each in found.items()
        if not any(key == other and on >= each.requested_on for other, on in answered)
    )


def still_waiting(
    chosen: Iterable[Waiting], history: Iterable[PastEvent], replies: Iterable[ReplyKept]
) -> tuple[Waiting, ...]:
    """Return what is shown as waiting, oldest first: ``chosen``, and what the ledger holds unanswered."""
    given = list(replies)
    listed = [
        Waiting(event.target_kind, event.target_code, event.day)
        for event in history
        if event.kind == "inquiry" and event.outcome == "waiting"
    ]
    open_ = [
        each
        for each in listed
        if not any(
            (r.target_kind, r.target_code) == each.key and r.replied_on >= each.requested_on for r in given
        )
    ]
    found = {each.key: each for each in (*sorted(open_, key=lambda each: each.requested_on), *chosen)}
    return tuple(sorted(found.values(), key=lambda each: (each.requested_on, each.key)))


def asked_of(debtor_id: str, chosen: Iterable[Waiting]) -> tuple[Told, ...]:
    """Return what was chosen and waits as the ledger takes it: inquiries without a reply."""
    return tuple(Told(debtor_id, each.target_kind, each.target_code, each.requested_on) for each in chosen)
