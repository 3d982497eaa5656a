"""The journal: events in a chain of hashes, appended and never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from threading import Lock, local
from typing import Any

from sqlalchemy import Engine, Select, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from serving.records.entry import GENESIS, Clock, Entry, canonical, digest_of, first_break, instant
from serving.records.events import Event
from serving.records.question import Question, of_kinds
from serving.records.steady import Told
from serving.records.store import journal as table

ATTEMPTS = 20

CASES_AT_ONCE = 500
"""A database takes only so many values in one statement."""


def entries_about(engine: Engine, debtor_ids: Sequence[str], kinds: tuple[str, ...]) -> list[Entry]:
    """Return the entries of some kinds about some cases, oldest first."""
    found: list[Entry] = []
    with engine.connect() as connection:
        for start in range(0, len(debtor_ids), CASES_AT_ONCE):
            some = debtor_ids[start : start + CASES_AT_ONCE]
            query = select(table).where(table.c.debtor_id.in_(some), table.c.kind.in_(kinds))
            found += (Entry(*row) for row in connection.execute(query))
    return sorted(found, key=lambda entry: entry.seq)


class _Steady(local):
    """What a thread was told since it began to read steadily; None while it does not."""

    told: Told | None = None


class Journal:
    """Appends events and reads them back; nothing here changes or removes one."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = Lock()
        self._end: tuple[int, str] | None = None
        self._steady = _Steady()

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Within, this thread is told the same as before, until it appends what belongs to the answer.

        A page asks the same things of a case for each of its parts.
        """
        outer, self._steady.told = self._steady.told, Told()
        try:
            yield
        finally:
            self._steady.told = outer

    @contextmanager
    def afresh(self) -> Iterator[None]:
        """Within, this thread reads what stands in the journal now, steady or not; after it all anew.

        For what is looked up to be acted on, by whoever holds a lock against others that do the same.
        """
        outer, self._steady.told = self._steady.told, None
        try:
            yield
        finally:
            self._steady.told = None if outer is None else Told()

    def append(self, actor: str, event: Event | Callable[[], Event]) -> Entry:
        """Append one event in a transaction of its own and return its entry.

        An ``event`` that depends on what stands in the journal is given as a function: it is asked for the
        event (or refuses) after the journal's end is known, so that nothing can be appended in between.
        """
        return self.append_all(actor, lambda: [event() if callable(event) else event])[0]

    def append_all(self, actor: str, events: Callable[[], Sequence[Event]]) -> list[Entry]:
        """Append several events in one transaction, all or none, and return their entries.

        ``events`` is asked (or refuses) after the journal's end is known, as in ``append``.
        """
        for attempt in range(ATTEMPTS):
            try:
                with self._lock:
                    return self._append(actor, events)
            except IntegrityError:  # another process took the number: read the new end and try again
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    def entries(
        self,
        kinds: tuple[str, ...] = (),
        debtor_id: str = "",
        actor: str = "",
        since: int = 0,
        *,
        before: int | None = None,
        latest: int | None = None,
    ) -> list[Entry]:
        """Return matching entries, oldest first; ``latest`` keeps only so many of the newest."""
        question, told = Question(kinds, debtor_id, actor, since, before, latest), self._steady.told
        return self._read(question) if told is None else list(told.answer(question, self._read))

    def _read(self, question: Question) -> list[Entry]:
        with self._engine.connect() as connection:
            rows = connection.execute(*question.statement()).all()
        found = [Entry(*row) for row in rows]
        return found[::-1] if question.latest is not None else found

    def outlines(self, kinds: tuple[str, ...], actor: str, since: int) -> list[tuple[int, str, str]]:
        """Return seq, kind and debtor_id of somebody's entries, oldest first; no body is read."""
        values = {"actor": actor, "since": since, **{f"kind{n}": kind for n, kind in enumerate(kinds)}}
        with self._engine.connect() as connection:
            rows = connection.execute(_outline(len(kinds)), values).all()
        return [(row.seq, row.kind, row.debtor_id) for row in rows]

    def entry(self, seq: int) -> Entry | None:
        """Return one entry by its number."""
        told = self._steady.told
        return self._read_one(seq) if told is None else told.entry(seq, self._read_one)

    def _read_one(self, seq: int) -> Entry | None:
        with self._engine.connect() as connection:
            row = connection.execute(_ONE, {"seq": seq}).one_or_none()
        return Entry(*row) if row is not None else None

    def verify(self) -> int | None:
        """Return the number of the first entry that was changed, None when the chain is whole.

        Cutting entries off the end leaves a whole, shorter chain: keep ``head`` elsewhere to notice it.
        """
        return first_break(self.stream())

    def stream(self, after: int = 0) -> Iterator[Entry]:
        """Yield every entry after number ``after``, oldest first, without holding them all."""
        query = select(table).where(table.c.seq > after).order_by(table.c.seq)
        with self._engine.connect() as connection:
            for row in connection.execute(query).yield_per(500):
                yield Entry(*row)

    def head(self) -> tuple[int, str]:
        """Return the number and the digest of the last entry: (0, GENESIS) when there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(_LAST).one_or_none()
        return (row.seq, row.digest) if row is not None else (0, GENESIS)

    def _append(self, actor: str, events: Callable[[], Sequence[Event]]) -> list[Entry]:
        # What an event depends on is read after the end, steady or not.
        outer, self._steady.told = self._steady.told, None
        try:
            entries = self._appended(actor, events)
        finally:
            self._steady.told = outer
        if outer is not None:
            outer.appended(entries)
        return entries

    def _appended(self, actor: str, events: Callable[[], Sequence[Event]]) -> list[Entry]:
        # The end that this process wrote is still the end, or its number is taken and all is tried again.
        seq, previous = self._end or self.head()
        self._end = None
        entries: list[Entry] = []
        for number, event in enumerate(events(), start=seq + 1):
            content = (
                number,
                instant(self._clock()),
                type(event).__name__,
                actor,
                event.debtor_id,
                canonical(event),
                previous,
            )
            entries.append(Entry(*content, digest_of(content)))
            previous = entries[-1].digest
        with self._engine.begin() as connection:
            if entries:
                rows = [dict(zip(_COLUMNS, (*entry.content, entry.digest), strict=True)) for entry in entries]
                connection.execute(_NEW, rows if len(rows) > 1 else rows[0])
        self._end = (seq + len(entries), previous)
        return entries


_ONE = select(table).where(table.c.seq == bindparam("seq"))
_LAST = select(table.c.seq, table.c.digest).order_by(table.c.seq.desc()).limit(1)
_NEW = insert(table)
_COLUMNS = tuple(column.name for column in table.columns)


@cache
def _outline(kinds: int) -> Select[Any]:
    """Return the statement that finds number, kind and case of somebody's entries of so many ``kinds``."""
    columns = select(table.c.seq, table.c.kind, table.c.debtor_id)
    mine = table.c.actor == bindparam("actor"), table.c.seq >= bindparam("since")
    return columns.where(*mine, of_kinds(kinds)).order_by(table.c.seq)
