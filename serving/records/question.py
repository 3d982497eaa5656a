"""A question to the journal: which entries are asked for, as a statement and as a rule in memory."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, select

from serving.records.entry import Entry
from serving.records.store import journal as table


class Question(NamedTuple):
    """Asks for the entries that meet every condition given, oldest first; ``latest`` keeps the newest."""

    kinds: tuple[str, ...] = ()
    debtor_id: str = ""
    actor: str = ""
    since: int = 0
    before: int | None = None
    latest: int | None = None

    def fits(self, entry: Entry) -> bool:
        """Return whether an entry meets the conditions; how many are kept is another matter."""
        return (
            (not self.kinds or entry.kind in self.kinds)
            and self.debtor_id in ("", entry.debtor_id)
            and self.actor in ("", entry.actor)
            and entry.seq >= self.since
            and (self.before is None or entry.seq < self.before)
        )

    def among(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """Return the answer out of ``entries``, which hold all that fit, oldest first."""
        found = tuple(filter(self.fits, entries))
        return found if self.latest is None else found[-self.latest :]

    def statement(self) -> tuple[Select[Any], dict[str, Any]]:
        """Return the statement that asks it, and its values; with ``latest``, the newest comes first."""
        values = self._asdict()
        del values["kinds"]
        asked = frozenset(name for name, value in values.items() if value not in (None, ""))
        values |= {f"kind{number}": kind for number, kind in enumerate(self.kinds)}
        return _matching(asked, len(self.kinds)), values


# A page asks the journal several things. Putting a statement together takes five times as long as SQLite
# takes to answer it, so each form of a question is put together once.
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
        query = query.where(of_kinds(kinds))
    if "latest" in asked:
        return query.order_by(table.c.seq.desc()).limit(bindparam("latest"))
    return query.order_by(table.c.seq)


def of_kinds(kinds: int) -> ColumnElement[bool]:
    """Return the condition that an entry is of one of so many kinds, whose names are bound later."""
    return table.c.kind.in_([bindparam(f"kind{number}") for number in range(kinds)])
