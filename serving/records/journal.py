"""The journal: events in a chain of hashes, appended and never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property
from threading import Lock, local
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Engine, Select, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from serving.records.events import Event
from serving.records.store import journal as table

Clock = Callable[[], datetime]

GENESIS = "0" * 64
"""What the first entry calls the digest before it."""

ATTEMPTS = 20

CASES_AT_ONCE = 500
"""A database takes only so many values in one statement."""


@dataclass(frozen=True)
class Entry:
    """One line of the journal. ``digest`` covers every other field, ``previous`` included."""

    seq: int
    at: str
    kind: str
    actor: str
    debtor_id: str
    body: str
    previous: str
    digest: str

    @property
    def content(self) -> Content:
        """Return what the digest covers."""
        return (self.seq, self.at, self.kind, self.actor, self.debtor_id, self.body, self.previous)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The event's fields: read once, for whoever asks; not to be written to."""
        facts: dict[str, Any] = json.loads(self.body)
        return facts


def instant(moment: datetime) -> str:
    """Write a moment as ISO 8601 in UTC with milliseconds.

    >>> instant(datetime(2026, 4, 1, 9, 0, tzinfo=UTC))
    '2026-04-01T09:00:00.000+00:00'
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def canonical(facts: object) -> str:
    """Write facts as JSON in one way only: sorted keys, no spaces, dates in ISO form."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


Content = tuple[int, str, str, str, str, str, str]
"""seq, at, kind, actor, debtor_id, body and the digest before: what an entry's digest covers."""


def digest_of(content: Content) -> str:
    """Return the SHA-256 (hex) of an entry's content and of the digest before it."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def first_break(entries: Iterable[Entry], after: int = 0, previous: str = GENESIS) -> int | None:
    """Return the seq of the first entry that is not as it was written, None when all are.

    ``entries`` follow the entry ``after``, whose digest is ``previous``.
    """
    expected = after + 1
    for entry in entries:
        if (entry.seq, entry.previous) != (expected, previous) or entry.digest != digest_of(entry.content):
            return expected
        previous, expected = entry.digest, expected + 1
    return None


def entries_about(engine: Engine, debtor_ids: Sequence[str], kinds: tuple[str, ...]) -> list[Entry]:
    """Return the entries of some kinds about some cases, oldest first."""
    found: list[Entry] = []
    with engine.connect() as connection:
        for start in range(0, len(debtor_ids), CASES_AT_ONCE):
            some = debtor_ids[start : start + CASES_AT_ONCE]
            query = select(table).where(table.c.debtor_id.in_(some), table.c.kind.in_(kinds))
            found += (Entry(*row) for row in connection.execute(query))
    return sorted(found, key=lambda entry: entry.seq)


class _Question(NamedTuple):
    """What is asked of the journal, as in ``Journal.entries``."""

    kinds: tuple[str, ...]
    debtor_id: str
    actor: str
    since: int
    before: int | None
    latest: int | None


class _Steady(local):
    """What a thread was told since it began to read steadily; None while it does not."""

    answers: dict[_Question, tuple[Entry, ...]] | None = None


class Journal:
    """Appends events and reads them back; nothing here changes or removes one."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = Lock()
        self._steady = _Steady()

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Within, this thread's ``entries`` answers the same question as before, until it appends something.

        A page asks the same things of a case for each of its parts.
        """
        outer, self._steady.answers = self._steady.answers, {}
        try:
            yield
        finally:
            self._steady.answers = outer

    def append(self, actor: str, event: Event | Callable[[], Event]) -> Entry:
        """Append one event in a transaction of its own and return its entry.

        An ``event`` that depends on what stands in the journal is given as a function: it is asked for the
        event (or refuses) after the journal's end was read, so that nothing can be appended in between.
        """
        return self.append_all(actor, lambda: [event() if callable(event) else event])[0]

    def append_all(self, actor: str, events: Callable[[], Sequence[Event]]) -> list[Entry]:
        """Append several events in one transaction, all or none, and return their entries.

        ``events`` is asked (or refuses) after the journal's end was read, as in ``append``.
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
        asked, known = _Question(kinds, debtor_id, actor, since, before, latest), self._steady.answers
        if known is None:
            return self._read(asked)
        if asked not in known:
            known[asked] = tuple(self._read(asked))
        return list(known[asked])

    def _read(self, question: _Question) -> list[Entry]:
        kinds, values = question.kinds, question._asdict()
        del values["kinds"]
        asked = frozenset(name for name, value in values.items() if value not in (None, ""))
        values |= {f"kind{number}": kind for number, kind in enumerate(kinds)}
        with self._engine.connect() as connection:
            rows = connection.execute(_matching(asked, len(kinds)), values).all()
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
        # What an event depends on is read after the end, steady or not; and after it everything anew.
        outer, self._steady.answers = self._steady.answers, None
        try:
            return self._appended(actor, events)
        finally:
            self._steady.answers = None if outer is None else {}

    def _appended(self, actor: str, events: Callable[[], Sequence[Event]]) -> list[Entry]:
        seq, previous = self.head()
        entries: list[Entry] = []
        for number, event in enumerate(events(), start=seq + 1):
            content = (
                number,
                instant(self._clock()),
                type(event).__name__,
                actor,
                event.debtor_id,
                canonical(asdict(event)),
                previous,
            )
            entries.append(Entry(*content, digest_of(content)))
            previous = entries[-1].digest
        with self._engine.begin() as connection:
            if entries:
                connection.execute(_NEW, [asdict(entry) for entry in entries])
        return entries


# A page asks the journal a dozen things. Putting a statement together takes five times as long as SQLite
# takes to answer it, so each form of a question is put together once.
_ONE = select(table).where(table.c.seq == bindparam("seq"))
_LAST = select(table.c.seq, table.c.digest).order_by(table.c.seq.desc()).limit(1)
_NEW = insert(table)


@cache
def _matching(asked: frozenset[str], kinds: int) -> Select[Any]:
    """Return the statement that finds entries by what is ``asked`` and one of so many ``kinds`` (0: any)."""
    conditions = {
        "since": table.c.seq >= bindparam("since"),
        "before": table.c.seq < bindparam("before"),
        "debtor_id": table.c.debtor_id == bindparam("debtor_id"),
        "actor": table.c.actor == bindparam("actor"),
    }
    query = select(table).where(*(conditions[name] for name in conditions if name in asked))
    if kinds:
        query = query.where(_of_kinds(kinds))
    if "latest" in asked:
        return query.order_by(table.c.seq.desc()).limit(bindparam("latest"))
    return query.order_by(table.c.seq)


@cache
def _outline(kinds: int) -> Select[Any]:
    """Return the statement that finds number, kind and case of somebody's entries of so many ``kinds``."""
    columns = select(table.c.seq, table.c.kind, table.c.debtor_id)
    mine = table.c.actor == bindparam("actor"), table.c.seq >= bindparam("since")
    return columns.where(*mine, _of_kinds(kinds)).order_by(table.c.seq)


def _of_kinds(kinds: int) -> ColumnElement[bool]:
    return table.c.kind.in_([bindparam(f"kind{number}") for number in range(kinds)])


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be journalled")
