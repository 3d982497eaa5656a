"""The journal as auditors search it: by case, person, day, kind, target, and departures from the plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, bindparam, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from serving.records.entry import Entry, canonical, instant
from serving.records.journal import Journal
from serving.records.store import journal as table
from serving.records.store import journal_traits as traits
from serving.records.traits import DECIDED, GATED, OVERRIDE, READ, ROUTED, Trait, target_trait, traits_of
from serving.wording import JAPAN

ONLY = ("overrides", "holds", "skips")
AT_ONCE = 500
READ_UP_TO = ""
"""The trait that every batch leaves at its last entry: up to where the journal was read."""


def _every_actor() -> Select[str]:
    """Return the statement that finds each actor by one look-up in the index, not by reading all entries."""
    first = select(func.min(table.c.actor).label("name")).cte("actors", recursive=True)
    later = select(func.min(table.c.actor)).where(table.c.actor > first.c.name).scalar_subquery()
    each = first.union_all(select(later).where(first.c.name.is_not(None)))
    return select(each.c.name).where(each.c.name.is_not(None), each.c.name != "").order_by(each.c.name)


_ACTORS = _every_actor()
_AS_IT_STANDS = re.compile("[/%_]")
_SHARED = (
    select(table.c.seq)
    .where(
        table.c.kind == "BatchMade",
        table.c.debtor_id == "",
        table.c.body.contains(bindparam("named"), escape="/"),
    )
    .order_by(table.c.seq)
)


@dataclass(frozen=True)
class Search:
    """What an auditor looks for; empty means any. Days are Japanese ones, both included.

    ``only``: overrides (choices that depart from the plan, supervisors' changes), holds (recommendations
    shown to be chosen from and never decided) or skips (cases looked at that the law stops or restricts).
    """

    case: str = ""
    actor: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    target_kind: str = ""
    target_code: str = ""
    only: str = ""

    @property
    def asked(self) -> dict[str, str]:
        """Return what is asked for, as a query holds it."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in told.items()
            if value
        }


@dataclass(frozen=True)
class TrailPage:
    """Entries, newest first, of ``total`` that match. ``older``, ``newer``: whether there are more."""

    entries: tuple[Entry, ...]
    total: int
    older: bool
    newer: bool


class Trail:
    """Searches one journal. Traits are read out of entries once, when a search first needs them."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal
        self._read = 0

    def page(self, search: Search, size: int, before: int = 0, after: int = 0) -> TrailPage:
        """Return ``size`` entries: the newest, those before ``before``, or those right after ``after``."""
        wanted = self._conditions(search)
        forward = bool(after and not before)
        query = select(table.c.seq).where(*wanted)
        if forward:
            query = query.where(table.c.seq > after).order_by(table.c.seq)
        else:
            query = query.where(table.c.seq < before) if before else query
            query = query.order_by(table.c.seq.desc())
        seqs = query.limit(size + 1).subquery()
        whole = select(table).join(seqs, table.c.seq == seqs.c.seq).order_by(table.c.seq.desc())
        with self._engine.connect() as connection:
            found = [Entry(*row) for row in connection.execute(whole)]
            total = connection.execute(select(func.count()).select_from(table).where(*wanted)).scalar_one()
        more = len(found) > size
        shown = tuple(found[1:] if more and forward else found[:size])
        return TrailPage(shown, total, older=more or forward, newer=more if forward else bool(before))

    def found(self, search: Search, last: int | None = None) -> Iterator[Entry]:
        """Yield every match (up to number ``last``, where one is given), oldest first."""
        wanted, at = self._conditions(search), 0
        wanted += [table.c.seq <= last] if last is not None else []
        while True:
            query = select(table).where(*wanted, table.c.seq > at).order_by(table.c.seq).limit(AT_ONCE)
            with self._engine.connect() as connection:
                rows = connection.execute(query).all()
            yield from (Entry(*row) for row in rows)
            if len(rows) < AT_ONCE:
                return
            at = int(rows[-1].seq)

    def actors(self) -> list[str]:
        """Return everybody who stands in the journal, in order."""
        with self._engine.connect() as connection:
            return list(connection.execute(_ACTORS).scalars())

    def catch_up(self) -> None:
        """Read the traits out of every entry that was not read yet.

        Most entries are views and have none: that they were read is remembered, and written with the next.
        """
        after = self._read or self._read_up_to()
        while entries := list(islice(self._journal.stream(after), AT_ONCE)):
            found = {trait for entry in entries for trait in traits_of(entry, self._facts)}
            last = entries[-1].seq
            written = found or len(entries) == AT_ONCE
            after = self._keep(found | {(READ_UP_TO, last)}, after, last) if written else last
        self._read = after

    def _keep(self, found: set[Trait], after: int, last: int) -> int:
        """Write traits; return the number of the entry up to which the journal is read now."""
        rows = [{"trait": name, "seq": seq} for name, seq in sorted(found)]
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(traits), rows)
        except IntegrityError:  # another process read some of the same entries: theirs stand
            if (last := self._read_up_to()) <= after:
                raise
        return last

    def _read_up_to(self) -> int:
        query = select(func.max(traits.c.seq)).where(traits.c.trait == READ_UP_TO)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar() or 0

    def _facts(self, seq: int) -> dict[str, Any]:
        entry = self._journal.entry(seq)
        return entry.facts if entry else {}

    def _conditions(self, search: Search) -> list[ColumnElement[bool]]:
        if search.only or search.target_kind:
            self.catch_up()
        wanted = [
            column == value
            for column, value in (
                (table.c.actor, search.actor),
                (table.c.kind, search.kind),
            )
            if value
        ]
        if search.case:
            wanted.append(or_(table.c.debtor_id == search.case, table.c.seq.in_(self._batched(search.case))))
        if search.since:
            wanted.append(table.c.at >= _morning(search.since))
        if search.until:
            wanted.append(table.c.at < _morning(search.until + timedelta(days=1)))
        if search.target_kind:
            wanted.append(_has(target_trait(search.target_kind, search.target_code or None)))
        if search.only == "holds":
            wanted.append(table.c.kind == "RecommendationShown")
            wanted += [~_has(DECIDED), ~_has(ROUTED), ~_has(READ)]
        elif search.only:
            wanted.append(_has(OVERRIDE if search.only == "overrides" else GATED))
        return wanted

    def shared_batches(self, case: str) -> list[int]:
        """Return the batches of several cases that hold a case, oldest first.

        Such a batch names none as its own; whose inquiries it holds stands in its body, which is written in
        one way only (``canonical``).
        """
        named = _AS_IT_STANDS.sub(r"/\g<0>", canonical({"debtor_id": case})[1:-1])
        with self._engine.connect() as connection:
            return list(connection.execute(_SHARED, {"named": named}).scalars())

    def _batched(self, case: str) -> list[int]:
        """Return the entries on batches that hold a case among others: made, opened, taken, refused."""
        batches = self.shared_batches(case)
        if not batches:
            return []
        begins = (table.c.body.startswith(f'{{"batch":{seq},', autoescape=True) for seq in batches)
        opened = table.c.kind.in_(("BatchTaken", "BatchRefused"))
        taken = select(table.c.seq).where(opened, table.c.debtor_id == "", or_(*begins))
        with self._engine.connect() as connection:
            return batches + list(connection.execute(taken).scalars())


def _has(trait: str) -> ColumnElement[bool]:
    # A list to look up, not a question to each entry: few entries have most traits.
    return table.c.seq.in_(select(traits.c.seq).where(traits.c.trait == trait))


def _morning(day: date) -> str:
    return instant(datetime.combine(day, time(), JAPAN))
