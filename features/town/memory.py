"""What an office remembers of past replies: how often a target held money for people alike, as of a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.town.dice import Days, Floats, Ints
from features.town.records import Records
from features.town.replies import WORTH

Slip = dict[str, NDArray[Any]]
"""The latest tax slip of each case, column by column."""

_SPAN = 1 << 16  # days since 1970 fit below


@dataclass(frozen=True)
class Tally:
    """Running totals by key and day: how many replies, how many of them were hits."""

    marks: Ints
    hits: Floats

    def until(self, keys: Ints, days: Ints) -> tuple[Floats, Floats]:
        """Return replies and hits of each key (-1: no key) on or before each day; shapes as given."""
        last = np.searchsorted(self.marks, keys * _SPAN + days, side="right")
        first = np.searchsorted(self.marks, keys * _SPAN, side="left")
        known = (keys >= 0) & (last > first)
        return np.where(known, last - first, 0.0), np.where(known, self.hits[last] - self.hits[first], 0.0)


@dataclass(frozen=True)
class Memory:
    """Tallies of the office by target, by area and target, by employer and target."""

    width: int
    by_target: Tally
    by_area: Tally
    by_employer: Tally


def day_numbers(days: Days) -> Ints:
    """Return days as whole numbers since 1970 (0 for an unknown day)."""
    numbers = days.astype("datetime64[D]").astype(np.int64)
    return np.where(np.isnat(days), 0, numbers).astype(np.int64)


def slip_on(records: Records, person: Ints, days: Days) -> Slip:
    """Return the latest slip known on each case's day (employer and such -1, yen 0, known NaT: none)."""
    rows = records.slips.known(person, days, "known")
    slip: dict[str, NDArray[Any]] = {}
    for name, values in rows.items():
        absent = -1 if name in {"employer", "payer", "refund"} else 0
        column = np.full(len(person), np.datetime64("NaT") if name == "known" else absent, dtype=values.dtype)
        column[rows["case"]] = values  # rows come in order of the day: the last one stays
        slip[name] = column
    return slip


def memory_of(records: Records) -> Memory:
    """Count the replies known to the office, key by key."""
    asked = records.asked.columns
    told = np.flatnonzero(~np.isnat(asked["replied"]) & (asked["target"] >= 0))
    person, target, days = asked["person"][told], asked["target"][told], asked["replied"][told]
    hit = (asked["found"] & (asked["balance"] >= WORTH))[told].astype(np.float64)
    employer = slip_on(records, person, days)["employer"]
    area = records.people["area"][person]
    width = len(records.targets)
    return Memory(
        width=width,
        by_target=_tally(target, days, hit),
        by_area=_tally(np.where(area >= 0, area * width + target, -1), days, hit),
        by_employer=_tally(np.where(employer >= 0, employer * width + target, -1), days, hit),
    )


def _tally(keys: Ints, days: Days, hit: Floats) -> Tally:
    marks = keys * _SPAN + day_numbers(days)
    kept = np.flatnonzero(keys >= 0)
    order = kept[np.argsort(marks[kept], kind="stable")]
    return Tally(marks[order].astype(np.int64), np.concatenate([[0.0], np.cumsum(hit[order])]))
