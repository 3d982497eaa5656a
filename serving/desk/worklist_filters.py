"""What a worklist may be narrowed to and sorted by, and what that means in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_

from models.advice import LIKELY
from serving.records.store import worklist_lines as table

SOON_DAYS = 90
"""A prescription within so many days of the records' day is urgent."""
SILENT_DAYS = 60
"""A choice without every reply after so many days is worth a question."""

SHOWS = ("all", "ranked", "open", "replied", "waiting", "settled", "routed", "restricted")
MARKS = (
    "prescription", "unsent", "late", "due", "broken", "replied", "silent", "hardship", "restricted",
    "routed",
)  # fmt: skip
SORTS = ("worth", "prescription", "arrears", "hardship")


@dataclass(frozen=True)
class Filters:
    """Which cases to list; empty or None means any.

    ``show``: one of ``SHOWS``; ``mark``: one of ``MARKS``; ``kind`` that of the first target; ``find`` the
    beginning of a debtor_id; ``staff_id`` whose cases; ``arrears_from`` and ``arrears_to`` in yen.
    """

    show: str = "all"
    kind: str = ""
    find: str = ""
    staff_id: str = ""
    mark: str = ""
    arrears_from: int | None = None
    arrears_to: int | None = None


@dataclass(frozen=True)
class Reach:
    """Which cases somebody may see at all.

    ``every``: all of the office's, else those of ``staff_id`` alone; ``protected``: those with support
    measures whoever's they are, else of ``staff_id`` alone.
    """

    staff_id: str = ""
    every: bool = True
    protected: bool = True


@dataclass(frozen=True)
class Days:
    """The day of the records, and today by the clock: what was chosen here may be later than the records."""

    records: date
    today: date


def conditions(filters: Filters, reach: Reach, days: Days) -> list[ColumnElement[bool]]:
    """Return what has to hold of a line."""
    wanted = [*_reached(reach), *_shown(filters.show)]
    if filters.mark:
        wanted.append(marks(days)[filters.mark])
    if filters.kind:
        wanted.append(table.c.top_kind == filters.kind)
    if filters.find:
        wanted.append(table.c.debtor_id.startswith(filters.find, autoescape=True))
    if filters.staff_id:
        wanted.append(_in_hand(filters.staff_id))
    if filters.arrears_from is not None:
        wanted.append(table.c.arrears >= filters.arrears_from)
    if filters.arrears_to is not None:
        wanted.append(table.c.arrears <= filters.arrears_to)
    return wanted


def marks(days: Days) -> MappingProxyType[str, ColumnElement[bool]]:
    """Return the condition of each mark."""
    soon = (days.records + timedelta(days=SOON_DAYS)).isoformat()
    long_ago = (days.today - timedelta(days=SILENT_DAYS)).isoformat()
    return MappingProxyType(
        {
            "prescription": table.c.next_prescription <= soon,
            "unsent": table.c.unsent > 0,
            "late": table.c.late.is_(True),
            "due": table.c.promise == "due",
            "broken": table.c.promise == "broken",
            "replied": table.c.state == "replied",
            "silent": and_(table.c.waiting > 0, table.c.decided_on <= long_ago),
            "hardship": table.c.hardship >= LIKELY,
            "restricted": table.c.restricted.is_(True),
            "routed": table.c.routed.is_(True),
        }
    )


def order_of(sort: str) -> tuple[Any, ...]:
    """Return the order of a sorting; ties by debtor_id.

    By worth, replies that came in go first, then open work, then what is finished, then what is routed.
    """
    first: dict[str, tuple[Any, ...]] = {
        "worth": (table.c.band, table.c.worth.desc()),
        "prescription": (table.c.next_prescription.is_(None), table.c.next_prescription),
        "arrears": (table.c.arrears.desc(),),
        "hardship": (table.c.hardship.is_(None), table.c.hardship.desc()),
    }
    return (*first[sort], table.c.debtor_id)


def _reached(reach: Reach) -> list[ColumnElement[bool]]:
    own = _in_hand(reach.staff_id) if reach.staff_id else false()
    wanted: list[ColumnElement[bool]] = [] if reach.every else [own]
    if not reach.protected:
        wanted.append(or_(not_(table.c.restricted), own))
    return wanted


def _in_hand(staff_id: str) -> ColumnElement[bool]:
    return or_(table.c.holder == staff_id, table.c.beside == staff_id)


def _shown(show: str) -> list[ColumnElement[bool]]:
    if show == "all":
        return []
    if show in ("routed", "ranked"):
        return [table.c.routed.is_(show == "routed")]
    if show == "restricted":
        return [table.c.restricted.is_(True)]
    return [table.c.state == show, table.c.routed.is_(False)]
