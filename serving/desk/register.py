"""The register of inquiries: which were chosen, which went out, which were answered, read off the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any

from serving.desk.replies import ReplyKept, kept
from serving.exchange.inquiry import PAPER, Asked, Chosen, Inquiry
from serving.exchange.number import MOST_TARGETS, InquiryNumber
from serving.records.entry import Entry
from serving.records.journal import Journal

KINDS = ("DecisionMade", "BatchMade", "ChoiceSetAside", "ReplyReceived", "ReplyFileImported")


@dataclass(frozen=True)
class Batch:
    """Inquiries that went out together; ``number`` is that of the journal's entry.

    ``in_year`` is the number by which people call it, within ``fiscal_year``; 0: it is called by ``number``.
    ``others``: inquiries about cases that the reader does not see, left out of ``items``.
    """

    number: int
    made_at: str
    actor: str
    requested_on: date
    restricted: bool
    items: tuple[Inquiry, ...]
    fiscal_year: int = 0
    in_year: int = 0
    others: int = 0

    def of(self, kind: str, code: str) -> tuple[Inquiry, ...]:
        """Return the inquiries to one institution."""
        return tuple(item for item in self.items if item.key == (kind, code))

    def part(self, form: str, kind: str, code: str) -> tuple[Inquiry, ...]:
        """Return the inquiries that are handed out in a form: those to one institution, or all it is for.

        A request file is for one institution, letters are for all that are asked on paper.
        """
        if kind or form in ("csv", "xlsx"):
            return self.of(kind, code)
        return tuple(item for item in self.items if form != "letters" or item.means == PAPER)


@dataclass(frozen=True)
class Standing:
    """What stands in the journal at one moment. Read it, never write to it.

    ``waiting``: targets of choices by decision that were neither sent nor set aside. ``replies`` by number
    of their entry; ``files``: the digest of each imported file with the entry that says so.
    """

    waiting: dict[int, tuple[Chosen, ...]] = field(default_factory=dict)
    sent: dict[str, Inquiry] = field(default_factory=dict)
    batches: dict[int, Batch] = field(default_factory=dict)
    replies: dict[int, ReplyKept] = field(default_factory=dict)
    debtors: dict[int, str] = field(default_factory=dict)
    files: dict[str, Entry] = field(default_factory=dict)
    by_number: dict[str, int] = field(default_factory=dict)
    by_asked: dict[Asked, int] = field(default_factory=dict)

    def reply_to(self, inquiry: Inquiry) -> ReplyKept | None:
        """Return the reply to an inquiry that stands: by its number, else one entered for target and day."""
        found = self.by_number.get(inquiry.number) or self.by_asked.get(inquiry.asked)
        return self.replies.get(found) if found else None

    def next_in(self, fiscal_year: int) -> int:
        """Return the number that the next batch of a fiscal year has, from 1."""
        numbers = (each.in_year for each in self.batches.values() if each.fiscal_year == fiscal_year)
        return max(numbers, default=0) + 1

    def unanswered(self) -> set[tuple[str, str, str]]:
        """Return debtor, kind and code of every inquiry that went out and still waits."""
        return {item.asked[:3] for item in self.sent.values() if self.reply_to(item) is None}


class Register:
    """The register of one journal. What was read once is kept; only later entries are read again."""

    def __init__(self, journal: Journal, office: str) -> None:
        self._journal = journal
        self._office = office
        self._read = 0
        self._standing = Standing()
        self._lock = Lock()

    def standing(self) -> Standing:
        """Return what stands now."""
        with self._lock:
            later = self._journal.entries(kinds=KINDS, since=self._read + 1)
            if later:
                # A copy: whoever reads the old one at this moment goes on reading it undisturbed.
                found = Standing(
                    **{name: dict(kept_dict) for name, kept_dict in vars(self._standing).items()}
                )
                for entry in later:
                    _note(found, entry, self._office)
                self._standing, self._read = found, later[-1].seq
            return self._standing


def _note(standing: Standing, entry: Entry, office: str) -> None:
    facts = entry.facts
    if entry.kind == "DecisionMade":
        standing.waiting[entry.seq] = tuple(_chosen(entry, facts, office))
    elif entry.kind == "BatchMade":
        batch = _batch(entry, facts)
        standing.batches[entry.seq] = batch
        standing.sent.update({item.number: item for item in batch.items})
        _cross_out(standing, {item.number for item in batch.items}, {item.decision for item in batch.items})
    elif entry.kind == "ChoiceSetAside":
        standing.waiting.pop(facts["decision"], None)
    elif entry.kind == "ReplyFileImported":
        standing.files[facts["digest"]] = entry
    else:
        _reply(standing, entry, facts)


def _chosen(entry: Entry, facts: dict[str, Any], office: str) -> Iterable[Chosen]:
    targets = [*facts["accepted"], *facts["added"]][:MOST_TARGETS]
    for place, target in enumerate(targets, start=1):
        number = str(InquiryNumber(office, entry.seq, place))
        kind, code = target["target_kind"], target["target_code"]
        yield Chosen(number, entry.seq, entry.debtor_id, kind, code, entry.actor, entry.at)


def _batch(entry: Entry, facts: dict[str, Any]) -> Batch:
    day = date.fromisoformat(facts["requested_on"])
    items = tuple(
        Inquiry(
            item["number"],
            item["decision"],
            entry.seq,
            item["debtor_id"],
            item["target_kind"],
            item["target_code"],
            item["means"],
            day,
            item["actor"],
            item["staff_id"],
            item["articles"],
        )
        for item in facts["items"]
    )
    numbered = facts.get("fiscal_year", 0), facts.get("in_year", 0)
    return Batch(entry.seq, entry.at, entry.actor, day, facts["restricted"], items, *numbered)


def _cross_out(standing: Standing, numbers: set[str], decisions: set[int]) -> None:
    for decision in decisions & set(standing.waiting):
        left = tuple(each for each in standing.waiting[decision] if each.number not in numbers)
        if left:
            standing.waiting[decision] = left
        else:
            del standing.waiting[decision]


def _reply(standing: Standing, entry: Entry, facts: dict[str, Any]) -> None:
    old = standing.replies.pop(facts["corrects"], None) if facts["corrects"] else None
    if old is not None:
        standing.by_number.pop(old.inquiry, None)
        debtor = standing.debtors.pop(facts["corrects"])
        standing.by_asked.pop((debtor, old.target_kind, old.target_code, old.requested_on), None)
    if facts["withdrawn"]:
        return
    reply = kept(entry)
    standing.replies[entry.seq] = reply
    standing.debtors[entry.seq] = entry.debtor_id
    if reply.inquiry:
        standing.by_number[reply.inquiry] = entry.seq
    asked = (entry.debtor_id, reply.target_kind, reply.target_code, reply.requested_on)
    standing.by_asked[asked] = entry.seq
