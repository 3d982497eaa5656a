"""What a worklist may be narrowed to and sorted by, and which lines that leaves in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from models.advice import LIKELY
from serving.desk.case_state import ROUTED_BAND
from serving.desk.worklist_roll import Roll

Mask = npt.NDArray[np.bool_]

SOON_DAYS = 90
"""A prescription within so many days of the records' day is urgent."""
SILENT_DAYS = 60
"""A choice without every reply after so many days is worth a question."""

SHOWS = ("all", "ranked", "open", "replied", "waiting", "settled", "routed", "restricted")
MARKS = (
    "prescription", "lapsed", "unsent", "late", "due", "broken", "replied", "silent", "hardship",
    "paid_up", "restricted", "routed",
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


def chosen(roll: Roll, filters: Filters, reach: Reach, days: Days) -> Mask:
    """Return which lines pass, (lines,)."""
    kept = _reached(roll, reach) & _shown(roll, filters.show, days)
    if filters.mark:
        kept &= marked(roll, filters.mark, days)
    if filters.kind:
        kept &= roll["top_kind"] == filters.kind
    if filters.find:
        kept &= _begins(roll, filters.find)
    if filters.staff_id:
        kept &= _in_hand(roll, filters.staff_id)
    if filters.arrears_from is not None:
        kept &= roll["arrears"] >= filters.arrears_from
    if filters.arrears_to is not None:
        kept &= roll["arrears"] <= filters.arrears_to
    return kept


def marked(roll: Roll, mark: str, days: Days) -> Mask:
    """Return which lines bear a mark, (lines,)."""
    told: dict[str, Callable[[], npt.NDArray[Any]]] = {
        "prescription": lambda: roll["next_prescription"] <= days.records.toordinal() + SOON_DAYS,
        "lapsed": lambda: _lapsed(roll, days),
        "unsent": lambda: roll["unsent"] > 0,
        "due": lambda: roll["promise"] == "due",
        "broken": lambda: roll["promise"] == "broken",
        "replied": lambda: roll["state"] == "replied",
        "silent": lambda: (
            (roll["waiting"] > 0) & (roll["decided_on"] <= days.today.toordinal() - SILENT_DAYS)
        ),
        "hardship": lambda: roll["hardship"] >= LIKELY,
        "late": lambda: roll["late"],
        "paid_up": lambda: roll["paid_up"],
        "restricted": lambda: roll["restricted"],
        "routed": lambda: roll["routed"],
    }
    return _mask(told[mark]())


def ordered(roll: Roll, sort: str, days: Days) -> npt.NDArray[np.intp]:
    """Return the places of all lines in the order of a sorting; ties by debtor_id.

    By worth, replies that came in go first, then open work, then what is finished, then what is routed or
    has lapsed in full since the records.
    """
    keys = {
        "worth": (-roll["worth"], np.where(_lapsed(roll, days), ROUTED_BAND, roll["band"])),
        "prescription": (roll["next_prescription"],),
        "arrears": (-roll["arrears"],),
        "hardship": (-roll["hardship"],),
    }
    return np.lexsort(keys[sort])  # stable, and the lines stand by debtor_id


def _reached(roll: Roll, reach: Reach) -> Mask:
    if reach.every and reach.protected:
        return np.ones(len(roll), dtype=bool)
    own = _in_hand(roll, reach.staff_id) if reach.staff_id else np.zeros(len(roll), dtype=bool)
    return _mask((reach.every | own) & (reach.protected | ~roll["restricted"] | own))


def _in_hand(roll: Roll, staff_id: str) -> Mask:
    return _mask((roll["holder"] == staff_id) | (roll["beside"] == staff_id))


def _begins(roll: Roll, text: str) -> Mask:
    places = np.arange(len(roll))
    first, last = np.searchsorted(roll["debtor_id"], [text, text + "\U0010ffff"])
    return _mask((places >= first) & (places < last))


def _shown(roll: Roll, show: str, days: Days) -> Mask:
    if show == "all":
        return np.ones(len(roll), dtype=bool)
    stopped = roll["routed"] | _lapsed(roll, days)
    if show in ("routed", "ranked"):
        return _mask(stopped == (show == "routed"))
    if show == "restricted":
        return _mask(roll["restricted"])
    return _mask((roll["state"] == show) & ~stopped)


def _lapsed(roll: Roll, days: Days) -> Mask:
    """Return of which cases nothing that could be pursued on the records' day is left today, (lines,)."""
    return _mask(roll["lapses_on"] <= days.today.toordinal())


def _mask(values: npt.NDArray[Any]) -> Mask:
    return np.asarray(values, dtype=bool)
