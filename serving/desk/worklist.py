"""The ranked worklist: prepared once per model and records, kept in the store, read page by page."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from hashlib import sha256
from threading import Event, Lock, Thread
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Engine, Row, delete, func, select

from serving.desk.listed_case import ListedCase, WorklistPage
from serving.desk.veil import Veil
from serving.desk.worklist_filters import MARKS, Days, Filters, Reach, chosen, marked, ordered
from serving.desk.worklist_roll import Roll, brought_up, empty_roll
from serving.desk.worklist_states import WorklistStates
from serving.office.office import CaseLine, Office, Versions
from serving.records.store import worklist_lines as table
from serving.records.store import worklist_turns

FIRST_BATCH, BATCH = 200, 2000
"""Cases prepared at once: few first, so that a page shows soon, then many: each batch has a fixed cost."""

MOST_COUNTS = 500
MOST_LINES = 5000
"""Lines kept in full: those of the pages that were looked at of late."""
EVERYTHING = Reach()
BARE = Veil()

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """How far the preparation is; ``failed`` when it stopped on an error."""

    done: int
    total: int
    failed: bool = False

    @property
    def finished(self) -> bool:
        """Whether every case is there."""
        return self.done >= self.total


class Worklist:
    """The worklist of one office. ``prepare`` fills it and goes on where it was interrupted.

    ``spare``: the model and records whose lines are kept as well, because they still serve or may again.
    """

    def __init__(self, engine: Engine, office: Office, spare: Versions | None = None) -> None:
        self._engine = engine
        self._office = office
        self._version = version_of(office.versions)
        self._versions = {self._version} | ({version_of(spare)} if spare else set())
        self._states = WorklistStates(engine, office, self._version)
        self._roll = empty_roll()
        self._orders: dict[str, tuple[Roll, Days, npt.NDArray[np.intp]]] = {}
        self._kept: dict[str, tuple[int, ListedCase]] = {}
        self._counts: dict[tuple[str, Reach, Days], tuple[Roll, dict[str, int]]] = {}
        self._lock = Lock()
        self._stop = Event()
        self._thread: Thread | None = None
        self._failed = False
        self._finished: Progress | None = None

    @property
    def progress(self) -> Progress:
        """Return how many cases are prepared, of how many."""
        if self._finished is not None:
            return self._finished
        query = select(func.count()).where(table.c.version == self._version)
        with self._engine.connect() as connection:
            done = connection.execute(query).scalar_one()
        progress = Progress(done, len(self._office.case_ids), self._failed)
        if progress.finished:
            self._finished = progress
        return progress

    def prepare(self, report: Callable[[int, int], None] | None = None) -> None:
        """Compute the missing lines batch by batch, then forget those that others left behind before.

        What another model's worklist writes meanwhile stays: it may be about to take over.
        """
        left = self._left_behind()
        done = self._prepared()
        total = len(self._office.case_ids)
        missing = [case for case in self._office.case_ids if case not in done]
        start = 0
        while start < len(missing) and not self._stop.is_set():
            stop = start + (BATCH if start else FIRST_BATCH)
            self.keep(self._office.lines(missing[start:stop]))
            start = min(stop, len(missing))
            if report is not None:
                report(total - len(missing) + start, total)
        if self._stop.is_set():
            return
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.c.version.in_(left)))
            connection.execute(delete(worklist_turns).where(worklist_turns.c.version.in_(left)))

    def keep(self, lines: Sequence[CaseLine]) -> None:
        """Put lines on the worklist that are not there yet, each with its state as the journal stands."""
        self._states.add([_row(line) for line in lines])

    def start(self) -> None:
        """Prepare in the background."""
        self._thread = Thread(target=self._prepare_quietly, name="worklist", daemon=True)
        self._thread.start()

    def stop(self, wait_seconds: float = 10.0) -> None:
        """Ask the background work to end after its batch and wait for it."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(wait_seconds)

    def page(
        self,
        filters: Filters,
        page: int,
        size: int,
        sort: str = "worth",
        *,
        reach: Reach = EVERYTHING,
        today: date | None = None,
        nearest: bool = False,
        veil: Veil = BARE,
    ) -> WorklistPage:
        """Return one page; ``nearest``: the last one where there are fewer.

        A line that ``veil`` hides names no target, and no filter by the kind of its target finds it.
        """
        roll = self._current()
        days = Days(self._office.day, today or self._office.day)
        kept = chosen(roll, filters, reach, days)
        if filters.kind:
            kept &= ~veil.mask(roll)
        order = self._order(roll, sort, days)
        places = order[kept[order]]
        page = min(page, max(1, -(-len(places) // size))) if nearest else page
        shown = places[(page - 1) * size : page * size]
        lines = tuple(
            line.veiled() if veil.hides(line.debtor_id, line.state) and not line.routed else line
            for line in self._lines(roll, shown)
        )
        return WorklistPage(lines, page, size, len(places), veil.drawing)

    def counts(
        self, staff_id: str = "", *, reach: Reach = EVERYTHING, today: date | None = None
    ) -> dict[str, int]:
        """Return how many of the cases (of ``staff_id``, "" of all) bear each mark."""
        roll, days = self._current(), Days(self._office.day, today or self._office.day)
        key = (staff_id, reach, days)
        known = self._counts.get(key)
        if known is None or known[0] is not roll:
            kept = chosen(roll, Filters(staff_id=staff_id), reach, days)
            known = (roll, {mark: int((kept & marked(roll, mark, days)).sum()) for mark in MARKS})
            self._counts = (self._counts if len(self._counts) < MOST_COUNTS else {}) | {key: known}
        return dict(known[1])

    def _current(self) -> Roll:
        """Return the roll as the journal stands now."""
        turn = self._states.follow()
        with self._lock:
            self._roll = brought_up(self._roll, self._engine, self._version, turn)
            return self._roll

    def _order(self, roll: Roll, sort: str, days: Days) -> npt.NDArray[np.intp]:
        known = self._orders.get(sort)
        if known is None or known[0] is not roll or known[1] != days:
            known = (roll, days, ordered(roll, sort, days))
            self._orders[sort] = known
        return known[2]

    def _lines(self, roll: Roll, places: npt.NDArray[np.intp]) -> tuple[ListedCase, ...]:
        """Return the lines at some places; one that was shown before and has not changed is kept."""
        shown = [(str(roll["debtor_id"][place]), int(roll["turn"][place])) for place in places]
        missing = [debtor_id for debtor_id, turn in shown if self._kept.get(debtor_id, (-1,))[0] < turn]
        if missing:
            query = select(table).where(table.c.version == self._version, table.c.debtor_id.in_(missing))
            with self._engine.connect() as connection:
                read = {row.debtor_id: (row.turn, _line(row)) for row in connection.execute(query)}
            self._kept = (self._kept if len(self._kept) < MOST_LINES else {}) | read
        kept = self._kept
        return tuple(kept[debtor_id][1] for debtor_id, _ in shown if debtor_id in kept)

    def _left_behind(self) -> list[str]:
        """Return the versions in the store that are neither this worklist's nor the spare one's."""
        with self._engine.connect() as connection:
            found = {
                version
                for each in (table, worklist_turns)
                for version in connection.execute(select(each.c.version).distinct()).scalars()
            }
        return sorted(found - self._versions)

    def _prepared(self) -> set[str]:
        query = select(table.c.debtor_id).where(table.c.version == self._version)
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def _prepare_quietly(self) -> None:
        try:
            self._current()
            self.prepare()
        except Exception:
            self._failed = True
            log.exception("preparing the worklist failed")


def version_of(versions: Versions) -> str:
    """Return one short key for a model and the records it speaks about."""
    return sha256(f"{versions.model}\n{versions.data}".encode()).hexdigest()


def _row(line: CaseLine) -> dict[str, Any]:
    return asdict(line) | {
        "worth": line.worth,
        "gates": json.dumps(line.gates),
        "next_prescription": _text(line.next_prescription),
        "lapses_on": _text(line.lapses_on),
        "promised_on": _text(line.promised_on),
    }


def _line(row: Row[Any]) -> ListedCase:
    facts = {name: row._mapping[name] for name in _KEPT}
    return ListedCase(
        **facts
        | {
            "gates": tuple(json.loads(row.gates)),
            "next_prescription": _day(row.next_prescription),
            "lapses_on": _day(row.lapses_on),
            "promised_on": _day(row.promised_on),
            "decided_on": _day(row.decided_on),
            "staff_id": row.holder,
            "proposed": row.staff_id,
        }
    )


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_KEPT = tuple(field.name for field in fields(ListedCase) if field.name in table.c)
