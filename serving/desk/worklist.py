"""The ranked worklist: prepared once per model and records, kept in the store, read page by page."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from threading import Event, Thread
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, func, insert, select

from serving.office.office import CaseLine, Office, Versions
from serving.records.store import worklist_lines as table

FIRST_BATCH, BATCH = 200, 2000
"""Cases prepared at once: few first, so that a page shows soon, then many: each batch has a fixed cost."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Filters:
    """Which cases to list. ``show`` is all, ranked, routed or restricted; ``kind`` that of the first target.

    ``find`` is the beginning of a debtor_id, ``staff_id`` the proposed officer; empty means any.
    """

    show: str = "all"
    kind: str = ""
    find: str = ""
    staff_id: str = ""


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


@dataclass(frozen=True)
class WorklistPage:
    """One page of the worklist, best first; ``total`` counts every page."""

    lines: tuple[CaseLine, ...]
    page: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


class Worklist:
    """The worklist of one office. ``prepare`` fills it and goes on where it was interrupted.

    ``spare``: the model and records whose lines are kept as well, because they still serve or may again.
    """

    def __init__(self, engine: Engine, office: Office, spare: Versions | None = None) -> None:
        self._engine = engine
        self._office = office
        self._version = version_of(office.versions)
        self._kept = {self._version} | ({version_of(spare)} if spare else set())
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
        """Compute the missing lines batch by batch, then forget those of other models and records."""
        done = self._prepared()
        total = len(self._office.case_ids)
        missing = [case for case in self._office.case_ids if case not in done]
        start = 0
        while start < len(missing) and not self._stop.is_set():
            stop = start + (BATCH if start else FIRST_BATCH)
            self._keep(self._office.lines(missing[start:stop]))
            start = min(stop, len(missing))
            if report is not None:
                report(total - len(missing) + start, total)
        if self._stop.is_set():
            return
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.c.version.not_in(self._kept)))

    def start(self) -> None:
        """Prepare in the background."""
        self._thread = Thread(target=self._prepare_quietly, name="worklist", daemon=True)
        self._thread.start()

    def stop(self, wait_seconds: float = 10.0) -> None:
        """Ask the background work to end after its batch and wait for it."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(wait_seconds)

    def page(self, filters: Filters, page: int, size: int) -> WorklistPage:
        """Return one page: ranked cases by yen per minute, then the routed; ties by debtor_id."""
        wanted = [table.c.version == self._version, *_conditions(filters)]
        order = (table.c.routed, table.c.worth.desc(), table.c.debtor_id)
        rows = select(table).where(*wanted).order_by(*order).limit(size).offset((page - 1) * size)
        with self._engine.connect() as connection:
            total = connection.execute(select(func.count()).where(*wanted)).scalar_one()
            lines = tuple(_line(row) for row in connection.execute(rows))
        return WorklistPage(lines, page, size, total)

    def _prepared(self) -> set[str]:
        query = select(table.c.debtor_id).where(table.c.version == self._version)
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def _keep(self, lines: list[CaseLine]) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(table), [_row(self._version, line) for line in lines])

    def _prepare_quietly(self) -> None:
        try:
            self.prepare()
        except Exception:
            self._failed = True
            log.exception("preparing the worklist failed")


def version_of(versions: Versions) -> str:
    """Return one short key for a model and the records it speaks about."""
    return sha256(f"{versions.model}\n{versions.data}".encode()).hexdigest()


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.show in ("ranked", "routed"):
        wanted.append(table.c.routed.is_(filters.show == "routed"))
    if filters.show == "restricted":
        wanted.append(table.c.restricted.is_(True))
    if filters.kind:
        wanted.append(table.c.top_kind == filters.kind)
    if filters.find:
        wanted.append(table.c.debtor_id.startswith(filters.find, autoescape=True))
    if filters.staff_id:
        wanted.append(table.c.staff_id == filters.staff_id)
    return wanted


def _row(version: str, line: CaseLine) -> dict[str, Any]:
    day = line.next_prescription
    return asdict(line) | {
        "version": version,
        "worth": line.worth,
        "gates": json.dumps(line.gates),
        "next_prescription": day.isoformat() if day else None,
    }


def _line(row: Any) -> CaseLine:  # noqa: ANN401 - a row of SQLAlchemy
    facts = dict(row._mapping)
    del facts["version"], facts["worth"]
    day = facts["next_prescription"]
    facts["next_prescription"] = date.fromisoformat(day) if day else None
    facts["gates"] = tuple(json.loads(facts["gates"]))
    return CaseLine(**facts)
