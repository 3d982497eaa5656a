"""The worklist's lines with the state of each case by the journal, kept up entry by entry by any process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from serving.desk.case_state import KINDS, CaseState, Hands, state_of
from serving.office.office import Office
from serving.records.entry import Entry
from serving.records.journal import entries_about
from serving.records.store import journal, worklist_lines, worklist_turns

IDS_AT_ONCE = 500
ATTEMPTS = 50

Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Turn:
    """How far the lines have followed the journal (``seq``); ``turn`` counts every change of the lines."""

    seq: int
    turn: int


class WorklistStates:
    """The lines of one version. The journal is the truth: a state is always computed from a case's entries.

    Two processes may follow the same journal: each writes only if the turn is still the one it read before
    it read the journal, so that an older state never replaces a newer one.
    """

    def __init__(self, engine: Engine, office: Office, version: str) -> None:
        self._engine = engine
        self._office = office
        self._version = version

    def follow(self) -> int:
        """Bring the lines up to the journal's end and return the turn they are in."""
        for _ in range(ATTEMPTS):
            at, newest = self._where()
            if newest <= at.seq:
                return at.turn
            touched = self._touched(at.seq)
            lines = self._hands(touched)
            states = self._states(lines)
            changes = [_state_row(states[each], bool(lines[each][1])) | {"which": each} for each in lines]
            if self._write(at, newest, changes=changes):
                return at.turn + 1
        raise RuntimeError("the worklist could not follow the journal")

    def add(self, rows: Rows) -> None:
        """Insert lines (of the records alone) with their states as the journal stands."""
        for _ in range(ATTEMPTS):
            at, _newest = self._where()
            hands = {
                row["debtor_id"]: (Hands(row["staff_id"], row["held_by"]), bool(row["routed"]))
                for row in rows
            }
            states = self._states(hands)
            lines = [
                row
                | {"version": self._version}
                | _state_row(states[row["debtor_id"]], hands[row["debtor_id"]][1])
                for row in rows
            ]
            if self._write(at, at.seq, lines=lines):
                return
        raise RuntimeError("the worklist could not be written")

    def _where(self) -> tuple[Turn, int]:
        """Return the turn, and the number of the last entry that may change a state."""
        for _ in range(ATTEMPTS):
            with self._engine.connect() as connection:
                row = connection.execute(_WHERE, {"version": self._version}).one_or_none()
            if row is not None:
                return Turn(row.seq, row.turn), max(row[place] or 0 for place in range(2, len(row)))
            try:
                with self._engine.begin() as connection:
                    connection.execute(
                        insert(worklist_turns), {"version": self._version, "seq": 0, "turn": 0}
                    )
            except IntegrityError:
                continue  # another process was first
        raise RuntimeError("the worklist has no turn")

    def _touched(self, seq: int) -> list[str]:
        query = select(journal.c.debtor_id).distinct().where(journal.c.seq > seq, journal.c.kind.in_(KINDS))
        with self._engine.connect() as connection:
            return sorted(connection.execute(query).scalars())

    def _hands(self, debtor_ids: Sequence[str]) -> dict[str, tuple[Hands, bool]]:
        """Return, of the lines there are, who is proposed and holds the case, and whether it is routed."""
        table, found = worklist_lines, dict[str, tuple[Hands, bool]]()
        with self._engine.connect() as connection:
            for some in _parts(debtor_ids):
                query = select(table.c.debtor_id, table.c.staff_id, table.c.held_by, table.c.routed).where(
                    table.c.version == self._version, table.c.debtor_id.in_(some)
                )
                found |= {
                    row.debtor_id: (Hands(row.staff_id, row.held_by), row.routed)
                    for row in connection.execute(query)
                }
        return found

    def _states(self, lines: Mapping[str, tuple[Hands, bool]]) -> dict[str, CaseState]:
        entries: dict[str, list[Entry]] = {}
        for entry in entries_about(self._engine, list(lines), KINDS):
            entries.setdefault(entry.debtor_id, []).append(entry)
        return {
            debtor_id: state_of(
                entries.get(debtor_id, ()),
                hands,
                self._office.versions,
                partial(self._office.answered_on, debtor_id),
            )
            for debtor_id, (hands, _) in lines.items()
        }

    def _write(self, at: Turn, seq: int, changes: Rows = (), lines: Rows = ()) -> bool:
        """Write in one transaction unless another process came first; tell whether it was done."""
        table, now = worklist_turns, {"turn": at.turn + 1}
        mine = update(table).where(table.c.version == self._version, table.c.turn == at.turn)
        with self._engine.begin() as connection:
            if connection.execute(mine.values(seq=seq, turn=at.turn + 1)).rowcount != 1:
                return False
            _change(connection, self._version, [change | now for change in changes])
            if lines:
                connection.execute(insert(worklist_lines), [line | now for line in lines])
        return True


def _change(connection: Connection, version: str, changes: Rows) -> None:
    if not changes:
        return
    names = [name for name in changes[0] if name != "which"]
    table = worklist_lines
    statement = (
        update(table)
        .where(table.c.version == version, table.c.debtor_id == bindparam("which"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    connection.execute(
        statement,
        [{"which": change["which"]} | {f"new_{name}": change[name] for name in names} for change in changes],
    )


def _state_row(state: CaseState, routed: bool) -> dict[str, Any]:
    return {
        "band": state.band(routed),
        "state": state.state,
        "holder": state.holder,
        "beside": state.beside,
        "asked": state.asked,
        "waiting": state.waiting,
        "replies": state.replies,
        "decided_on": state.decided_on.isoformat() if state.decided_on else None,
    }


def _parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + IDS_AT_ONCE] for start in range(0, len(ids), IDS_AT_ONCE))


# One maximum for each kind: each is one step down the index of kind and seq.
_WHERE = select(
    worklist_turns.c.seq,
    worklist_turns.c.turn,
    *(
        select(func.max(journal.c.seq)).where(journal.c.kind == kind).scalar_subquery().label(kind)
        for kind in KINDS
    ),
).where(worklist_turns.c.version == bindparam("version"))
