"""Inquiries out: what is chosen and not yet sent, and the batches in which it goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from features.authority import articles_of
from features.ledger.days import fiscal_year
from serving.desk.batch_door import BatchDoor, may_see
from serving.desk.exchange_reach import ExchangeReach
from serving.desk.register import Batch, Register, Standing
from serving.exchange.inquiry import ELECTRONIC, PAPER, Chosen, Inquiry
from serving.office.correspondence import Addressing
from serving.records.entry import Clock, Entry
from serving.records.exchange_events import BatchMade, ChoiceSetAside
from serving.records.identity import Right, Role, User
from serving.records.journal import Journal
from serving.wording import JAPAN, refusal

LONGEST_REASON = 500


@dataclass(frozen=True)
class Line:
    """One chosen target. ``held``: why it is not sent now (asked, routed, lapsed, closed), "" where it is."""

    chosen: Chosen
    means: str
    held: str = ""


@dataclass(frozen=True)
class Waiting:
    """A finished choice of which something was not sent yet. ``mine``: the reader may send it."""

    decision: int
    debtor_id: str
    actor: str
    decided_at: str
    restricted: bool
    mine: bool
    lines: tuple[Line, ...]

    @property
    def ready(self) -> tuple[Line, ...]:
        """The lines that go out when the batch is made."""
        return tuple(line for line in self.lines if not line.held)


class _Sent(Exception):  # noqa: N818 - what is found, not a mistake
    """The choice went out before."""

    def __init__(self, batch: int) -> None:
        super().__init__("sent")
        self.batch = batch


class Outbox:
    """Every use case checks the right first, then acts, and journals what happened.

    Protected cases (支援措置) go out in batches of their own, which their officer, supervisors and auditors
    may open. ``staff_of`` returns the staff_id of an account by its name. ``reach``: whose cases are seen.
    """

    def __init__(
        self,
        office: Addressing,
        journal: Journal,
        register: Register,
        clock: Clock,
        staff_of: Callable[[str], str],
        *,
        reach: ExchangeReach,
    ) -> None:
        self._office = office
        self._journal = journal
        self._register = register
        self._clock = clock
        self._staff_of = staff_of
        self._reach = reach
        self._door = BatchDoor(office, journal, reach)
        self._reckoned: tuple[tuple[Standing, date] | None, dict[User, list[Waiting]]] = None, {}

    def waiting(self, user: User) -> list[Waiting]:
        """Return the choices not yet sent that the reader sees, oldest first.

        Protected ones of others are left out.
        """
        user.require(Right.CASES)
        found = self._seen(user)
        return [each for each in found if each.mine or not each.restricted or user.role is Role.AUDITOR]

    def make(self, user: User, decision: int | None = None) -> int:
        """Make one batch and return its number: of one choice, or (None) of all ready ones.

        A choice that went out before is not sent again: the number of its batch is returned. All ready ones
        are those that the reader sees and that are not protected. Refuses ``batch_empty`` where nothing is
        ready, ``choice_foreign`` for a choice about somebody else's case that the reader does not see.
        """
        user.require(Right.CASES)
        user.require(Right.DECIDE)
        try:
            return self._journal.append(user.name, lambda: self._made(user, decision)).seq
        except _Sent as sent:
            return sent.batch

    def set_aside(self, user: User, decision: int, reason: str) -> Entry:
        """Journal that what is left of a choice is not sent from here, and why."""
        user.require(Right.CASES)
        user.require(Right.DECIDE)

        def aside() -> ChoiceSetAside:
            try:
                each = self._one(user, decision)
            except _Sent:
                raise refusal("choice_unknown") from None
            if not reason.strip():
                raise refusal("aside_reason")
            return ChoiceSetAside(each.debtor_id, decision, reason.strip()[:LONGEST_REASON])

        return self._journal.append(user.name, aside)

    def batches(self, user: User) -> list[Batch]:
        """Return the batches that the reader may open, newest first, with what the reader sees of each."""
        user.require(Right.CASES)
        made = sorted(self._register.standing().batches.items(), reverse=True)
        return self._reach.batches(user, (batch for _, batch in made if self._door.may_open(user, batch)))

    def batch(self, user: User, number: int, form: str, kind: str = "", code: str = "") -> Batch:
        """Return what the reader sees of one batch; that it was opened, as what (``form``), is journalled.

        Refuses ``batch_unknown``, and what is closed to the reader (``serving/desk/batch_door.py``).
        """
        user.require(Right.CASES)
        batch = self._register.standing().batches.get(number)
        if batch is None:
            raise refusal("batch_unknown")
        return self._door.open(user, batch, form, kind, code)

    def answered(self, batch: Batch) -> dict[str, date]:
        """Return the day of the reply to each inquiry of a batch that was answered, by 照会番号."""
        standing = self._register.standing()
        replies = {item.number: standing.reply_to(item) for item in batch.items}
        return {number: reply.replied_on for number, reply in replies.items() if reply is not None}

    @property
    def _today(self) -> date:
        return self._clock().astimezone(JAPAN).date()

    def _seen(self, user: User) -> list[Waiting]:
        """Return what waits about cases that the reader sees."""
        found = self._waiting(user, self._register.standing())
        named = self._reach.named(user, {each.debtor_id for each in found})
        return [each for each in found if each.debtor_id in named]

    def _waiting(self, user: User, standing: Standing) -> list[Waiting]:
        """Return what waits, reckoned once a day for each reader while nothing changes in the register."""
        of, reckoned = self._reckoned  # taken together: another thread may replace both at any moment
        if of is None or of[0] is not standing or of[1] != self._today:
            reckoned = {}
            self._reckoned = (standing, self._today), reckoned
        if user not in reckoned:
            reckoned[user] = self._reckon(user, standing)
        return reckoned[user]

    def _reckon(self, user: User, standing: Standing) -> list[Waiting]:
        asked, letters = standing.unanswered(), self._office.correspondence
        found = []
        for decision, chosen in sorted(standing.waiting.items()):
            first = chosen[0] if chosen else None
            if first is None:
                continue
            restricted = first.debtor_id in letters.restricted
            lines = tuple(self._line(each, asked) for each in chosen)
            mine = user.may(Right.DECIDE) and (not restricted or may_see(user, first.actor))
            found.append(
                Waiting(decision, first.debtor_id, first.actor, first.decided_at, restricted, mine, lines)
            )
        return found

    def _line(self, chosen: Chosen, asked: set[tuple[str, str, str]]) -> Line:
        letters = self._office.correspondence
        means = ELECTRONIC if chosen.key in letters.digital else PAPER
        if chosen.debtor_id not in letters.cases:
            return Line(chosen, means, "closed")
        if chosen.debtor_id in letters.routed:
            return Line(chosen, means, "routed")
        if letters.lapses.everything(chosen.debtor_id, self._today):
            return Line(chosen, means, "lapsed")
        return Line(chosen, means, "asked" if (chosen.debtor_id, *chosen.key) in asked else "")

    def _one(self, user: User, decision: int) -> Waiting:
        standing = self._register.standing()
        for each in self._waiting(user, standing):
            if each.decision == decision:
                if not self._reach.named(user, [each.debtor_id]):
                    raise refusal("choice_foreign")
                if not each.mine:
                    raise refusal("forbidden")
                return each
        sent = [batch.number for batch in standing.batches.values() if _holds(batch, decision)]
        raise _Sent(sent[0]) if sent else refusal("choice_unknown")

    def _made(self, user: User, decision: int | None) -> BatchMade:
        if decision is None:
            wanted = [each for each in self._seen(user) if each.mine and not each.restricted]
        else:
            wanted = [self._one(user, decision)]
        # Two officers may have chosen the same target of a case: it is asked once, for the earlier choice.
        once = {
            (line.chosen.debtor_id, *line.chosen.key): line for each in wanted[::-1] for line in each.ready
        }
        items = tuple(self._item(line) for line in sorted(once.values(), key=lambda line: line.chosen.number))
        if not items:
            raise refusal("batch_empty")
        debtors = {each.debtor_id for each in wanted if each.ready}
        day = self._today
        year = fiscal_year(day)
        return BatchMade(
            debtors.pop() if len(debtors) == 1 else "",
            day.isoformat(),
            user.staff_id,
            items,
            any(each.restricted for each in wanted),
            year,
            # Read after the journal's end: whoever numbers the same moment loses the entry and asks again.
            self._register.standing().next_in(year),
        )

    def _item(self, line: Line) -> dict[str, str | int]:
        chosen = line.chosen
        owed = self._office.correspondence.items.get(chosen.debtor_id, ())
        return {
            "number": chosen.number,
            "decision": chosen.decision,
            "debtor_id": chosen.debtor_id,
            "target_kind": chosen.target_kind,
            "target_code": chosen.target_code,
            "means": line.means,
            "actor": chosen.actor,
            "staff_id": self._staff_of(chosen.actor),
            "articles": articles_of(owed, chosen.target_kind),
        }


def by_institution(items: Iterable[Inquiry]) -> dict[tuple[str, str], tuple[Inquiry, ...]]:
    """Return inquiries by target, both in ascending order (of kind and code, of number)."""
    parts: dict[tuple[str, str], list[Inquiry]] = {}
    for item in sorted(items, key=lambda item: (item.key, item.number)):
        parts.setdefault(item.key, []).append(item)
    return {key: tuple(part) for key, part in parts.items()}


def _holds(batch: Batch, decision: int) -> bool:
    return any(item.decision == decision for item in batch.items)
