"""Replies as officers enter them: what makes one refusable, and what stands after corrections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from features.ledger.told import FOUND, NONE, Told
from serving.records.entry import Entry
from serving.records.events import ReplyReceived
from serving.wording import refusal

Result = Literal["found", "none"]
LARGEST_BALANCE = 10**12


@dataclass(frozen=True)
class ReplySent:
    """A reply as it is entered. ``corrects``: the number of an earlier one it stands in for (0: none)."""

    target_kind: str
    target_code: str
    requested_on: date | None
    replied_on: date | None
    result: str
    balance: int | None = None
    asset_kind: str = ""
    corrects: int = 0
    withdrawn: bool = False


@dataclass(frozen=True)
class ReplyKept:
    """A reply as it stands now; ``number`` names it in a correction."""

    number: int
    entered_at: str
    actor: str
    target_kind: str
    target_code: str
    requested_on: date
    replied_on: date
    result: Result
    balance: int | None
    asset_kind: str
    inquiry: str = ""


def standing(entries: Iterable[Entry]) -> list[ReplyKept]:
    """Return the replies that stand, in the order in which they were first entered."""
    found: dict[int, ReplyKept] = {}
    for entry in entries:
        facts = entry.facts
        corrects = facts["corrects"]
        if corrects:
            found.pop(corrects, None)
        if not facts["withdrawn"]:
            found[entry.seq] = kept(entry)
    return list(found.values())


def told_of(debtor_id: str, replies: Iterable[ReplyKept]) -> tuple[Told, ...]:
    """Return the replies as the ledger takes them."""
    return tuple(
        Told(
            debtor_id,
            reply.target_kind,
            reply.target_code,
            reply.requested_on,
            reply.replied_on,
            FOUND if reply.result == "found" else NONE,
            reply.balance,
            reply.asset_kind,
        )
        for reply in replies
    )


def received(
    debtor_id: str,
    sent: ReplySent,
    before: Iterable[ReplyKept],
    today: date,
    earliest: date | None = None,
) -> ReplyReceived:
    """Return the event of an entered reply; refuse what cannot be, before anything is written.

    ``before``: the replies that stand now, of which a correction has to name one. ``earliest``: the day of
    the case's first record, before which nobody can have asked (None: not known).
    """
    standing_now = {reply.number: reply for reply in before}
    if sent.corrects and sent.corrects not in standing_now:
        raise refusal("reply_unknown")
    if sent.withdrawn:
        old = standing_now.get(sent.corrects)
        if old is None:
            raise refusal("reply_unknown")
        return ReplyReceived(debtor_id, old.target_kind, old.target_code, corrects=old.number, withdrawn=True)
    if sent.requested_on is None or sent.replied_on is None or sent.result not in ("found", "none"):
        raise refusal("invalid")
    if not date(2000, 1, 1) <= sent.requested_on <= sent.replied_on <= today:
        raise refusal("reply_days")
    if earliest is not None and sent.requested_on < earliest:
        raise refusal("reply_early")
    if sent.balance is not None and (sent.result == "none" or not 0 <= sent.balance <= LARGEST_BALANCE):
        raise refusal("reply_balance")
    if sent.balance is None and sent.result == "found":
        raise refusal("reply_balance")
    others = [reply for number, reply in standing_now.items() if number != sent.corrects]
    if any(_same(reply, sent) for reply in others):
        raise refusal("reply_twice")
    return ReplyReceived(
        debtor_id,
        sent.target_kind,
        sent.target_code,
        sent.requested_on.isoformat(),
        sent.replied_on.isoformat(),
        sent.result,
        sent.balance,
        sent.asset_kind.strip(),
        sent.corrects,
        inquiry=standing_now[sent.corrects].inquiry if sent.corrects else "",
    )


def _same(reply: ReplyKept, sent: ReplySent) -> bool:
    return (reply.target_kind, reply.target_code, reply.requested_on) == (
        sent.target_kind,
        sent.target_code,
        sent.requested_on,
    )


def kept(entry: Entry) -> ReplyKept:
    """Return a journalled reply that is no withdrawal."""
    facts = entry.facts
    return ReplyKept(
        entry.seq,
        entry.at,
        entry.actor,
        facts["target_kind"],
        facts["target_code"],
        date.fromisoformat(facts["requested_on"]),
        date.fromisoformat(facts["replied_on"]),
        facts["result"],
        facts["balance"],
        facts["asset_kind"],
        facts.get("inquiry", ""),  # entries of before there were batches have none
    )
