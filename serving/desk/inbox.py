"""Replies in: a file is matched with the inquiries that went out, and taken in whole or not at all."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Literal, cast

from serving.desk.batch_door import may_see
from serving.desk.exchange_reach import ExchangeReach
from serving.desk.register import Register, Standing
from serving.desk.replies import LARGEST_BALANCE, ReplyKept
from serving.exchange.answers import Answer, Answers, read_answers
from serving.exchange.inquiry import Inquiry
from serving.exchange.layout import Layout, fitting, plain
from serving.exchange.number import NotANumberError, office_digits, read_number
from serving.exchange.refused import FileFault, FileRefused
from serving.exchange.sheets import cells_of
from serving.office.correspondence import Addressing
from serving.problems import Problem
from serving.records.entry import Clock, Entry
from serving.records.events import Event, ReplyReceived
from serving.records.exchange_events import ReplyFileImported, ReplyFileRefused
from serving.records.identity import Right, User
from serving.records.journal import Journal
from serving.wording import JAPAN


@dataclass(frozen=True)
class Taken:
    """One reply that was taken in. ``known``: it stood in the journal already and was passed over."""

    number: str
    debtor_id: str
    target_kind: str
    target_code: str
    result: Literal["found", "none"]
    balance: int | None
    accounts: int
    known: bool


@dataclass(frozen=True)
class Imported:
    """What became of a file. ``entry``: number of the journal's entry that says so."""

    entry: int
    layout: str
    replies: tuple[Taken, ...]
    passed_over: tuple[str, ...]

    @property
    def new(self) -> int:
        """How many replies are new."""
        return sum(not reply.known for reply in self.replies)


@dataclass(frozen=True)
class FileSeen:
    """A file of replies as a list tells it. ``ground``: the code of why it was refused ("": taken in).

    ``replies``: those that were new, about cases that the reader sees.
    """

    at: str
    actor: str
    layout: str
    replies: int
    ground: str


MOST_FILES = 500
"""The latest files among which somebody's own are looked for."""


class Inbox:
    """Takes in files of replies. ``layouts`` is asked at each file: an edited layout counts at once."""

    def __init__(
        self,
        office: Addressing,
        journal: Journal,
        register: Register,
        clock: Clock,
        layouts: Callable[[], tuple[Layout, ...]],
        *,
        reach: ExchangeReach,
    ) -> None:
        self._office = office
        self._journal = journal
        self._register = register
        self._clock = clock
        self.layouts = layouts
        self._reach = reach

    def take_in(self, user: User, content: bytes) -> Imported:
        """Take in one file: all of its replies or none.

        Raises FileRefused with every fault, or ``file_known`` for a file whose replies all stand already;
        that it was refused is journalled without a word of its content.
        """
        user.require(Right.CASES)
        user.require(Right.DECIDE)
        digest = hashlib.sha256(content).hexdigest()
        try:
            read = _read(self.layouts(), content)
            taken: list[Taken] = []
            entries = self._journal.append_all(user.name, lambda: self._events(user, read, digest, taken))
        except FileRefused as refused:
            self.note_refused(user, digest, refused)
            raise
        return Imported(entries[0].seq, read.layout, tuple(taken), read.passed_over)

    def note_refused(self, user: User, digest: str, refused: Problem) -> None:
        """Journal that a file was refused, and why."""
        faults = len(refused.faults) if isinstance(refused, FileRefused) else 0
        self._journal.append(user.name, ReplyFileRefused("", digest, refused.code, faults))

    def files(self, user: User, latest: int = 20) -> list[FileSeen]:
        """Return the latest files that were taken in or refused and the reader sees, newest first.

        Where somebody sees their own cases alone, of another's file the replies about these are counted; one
        without any, or refused, is left out.
        """
        user.require(Right.CASES)
        kinds = (ReplyFileImported.__name__, ReplyFileRefused.__name__)
        if not self._reach.own_only(user):
            return [_file(each) for each in self._journal.entries(kinds=kinds, latest=latest)[::-1]]
        entries = self._journal.entries(kinds=kinds, latest=MOST_FILES)[::-1]
        own = self._own_replies(user, entries[-1].seq if entries else 0)
        found = (
            _file(each) if each.actor == user.name else _file(each, own.get(each.facts["digest"], 0))
            for each in entries
        )
        told = (each for each in found if each.actor == user.name or (each.replies and not each.ground))
        return list(islice(told, latest))

    def _own_replies(self, user: User, since: int) -> Counter[str]:
        """Return by digest how many replies of a file are about cases that somebody sees."""
        entries = self._journal.entries(kinds=(ReplyReceived.__name__,), since=since)
        named = self._reach.named(user, {each.debtor_id for each in entries})
        return Counter(each.facts.get("file", "") for each in entries if each.debtor_id in named)

    def _closed(self, user: User, inquiry: Inquiry, named: frozenset[str]) -> str:
        """Return why somebody may not take in the reply to an inquiry, "" where they may."""
        restricted = inquiry.debtor_id in self._office.correspondence.restricted
        if restricted and not may_see(user, inquiry.actor):
            return "protected"
        return "" if inquiry.debtor_id in named else "foreign"

    def _events(self, user: User, read: Answers, digest: str, taken: list[Taken]) -> list[Event]:
        """Return the events of a file; ``taken`` is filled anew each time the journal asks.

        What the file says wrongly by itself is told together with what does not fit the inquiries.
        """
        taken.clear()
        standing = self._register.standing()
        faults = list(read.faults)
        events: list[Event] = []
        today = self._clock().astimezone(JAPAN).date()
        numbers: set[str] = set()
        office = office_digits(self._office.correspondence.code)
        found = [(answer, _inquiry(answer, standing, office)) for answer in read.answers]
        named = self._reach.named(user, {each.debtor_id for _, each in found if isinstance(each, Inquiry)})
        for answer, inquiry in found:
            code = inquiry if isinstance(inquiry, str) else _wrong(answer, inquiry, numbers, today)
            if not isinstance(inquiry, str):
                # Said before anything else: the other faults would tell of the case.
                code = self._closed(user, inquiry, named) or code
            if code or isinstance(inquiry, str):
                faults.append(_fault(answer, code))
                continue
            numbers.add(inquiry.number)
            before = standing.reply_to(inquiry)
            if answer.unread:
                continue
            if before is not None and not _same(before, answer):
                faults.append(_fault(answer, "replied_before", before.replied_on.isoformat()))
            elif before is None:
                events.append(_received(inquiry, answer, digest))
            taken.append(_taken(inquiry, answer, before is not None))
        if faults:
            raise FileRefused("file_faulty", faults)
        if not events:
            raise _known(standing, digest)
        return [ReplyFileImported("", digest, read.layout, len(events), len(taken) - len(events)), *events]


def _read(layouts: tuple[Layout, ...], content: bytes) -> Answers:
    """Return what a file says by the layout that fits it, with every fault that can be told of it alone."""
    sheets, formulas = cells_of(content)
    try:
        layout, found = fitting(layouts, sheets)
    except FileRefused:
        if formulas:
            raise FileRefused("file_faulty", formulas) from None
        raise
    return read_answers(layout, found, formulas)


def _inquiry(answer: Answer, standing: Standing, office: str) -> Inquiry | str:
    """Return the inquiry that an answer names, or the code of what is wrong with its number."""
    try:
        number = read_number(answer.number)
    except NotANumberError:
        return "number_form"
    if number.office != office:
        return "number_foreign"
    return standing.sent.get(str(number), "number_unknown")


def _wrong(answer: Answer, inquiry: Inquiry, numbers: set[str], today: date) -> str:
    """Return the code of what does not fit between an answer and its inquiry, "" where all does."""
    checks = {
        "number_twice": inquiry.number in numbers,
        "debtor_wrong": bool(answer.debtor_id) and _bare(answer.debtor_id) != _bare(inquiry.debtor_id),
        "target_wrong": bool(answer.target_code) and _bare(answer.target_code) != _bare(inquiry.target_code),
        "before_asked": answer.replied_on is not None and answer.replied_on < inquiry.requested_on,
        "after_today": answer.replied_on is not None and answer.replied_on > today,
        "balance_large": (answer.balance or 0) > LARGEST_BALANCE,
    }
    return next((code for code, wrong in checks.items() if wrong), "")


def _bare(code: str) -> str:
    """Return a code as it is compared: a spreadsheet may have eaten its leading zeros."""
    return plain(code).removesuffix(".0").lstrip("0")


def _same(before: ReplyKept, answer: Answer) -> bool:
    return (before.result, before.balance, before.replied_on) == (
        answer.result,
        answer.balance,
        answer.replied_on,
    )


def _received(inquiry: Inquiry, answer: Answer, digest: str) -> ReplyReceived:
    return ReplyReceived(
        inquiry.debtor_id,
        inquiry.target_kind,
        inquiry.target_code,
        inquiry.requested_on.isoformat(),
        answer.replied_on.isoformat() if answer.replied_on else "",
        answer.result,
        answer.balance,
        inquiry.target_kind if answer.result == "found" else "",
        inquiry=inquiry.number,
        file=digest,
        accounts=answer.kept_accounts,
    )


def _taken(inquiry: Inquiry, answer: Answer, known: bool) -> Taken:
    result = cast("Literal['found', 'none']", answer.result)
    return Taken(
        inquiry.number,
        inquiry.debtor_id,
        *inquiry.key,
        result,
        answer.balance,
        len(answer.accounts),
        known,
    )


def _fault(answer: Answer, code: str, wanted: str = "") -> FileFault:
    found = answer.number if code.startswith("number") else ""
    return FileFault(answer.sheet, answer.line, answer.column, code, found, wanted)


def _file(entry: Entry, replies: int | None = None) -> FileSeen:
    facts = entry.facts
    told = facts.get("replies", 0) if replies is None else replies
    return FileSeen(entry.at, entry.actor, facts.get("layout", ""), told, facts.get("ground", ""))


def _known(standing: Standing, digest: str) -> FileRefused:
    """Return the refusal of a file of which nothing is new, with the day it was taken in."""
    entry = standing.files.get(digest)
    return FileRefused("file_known", at=entry.at if entry is not None else "")
