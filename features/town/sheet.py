"""The desk with its cases laid out: one row per case, one column per target that may be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.town.dice import Days, Floats, Ints
from features.town.facts import where
from features.town.memory import Slip, slip_on
from features.town.records import ORDER, Records, arrears_on
from features.town.seizable import seizable_part

SLOTS = ("employer_now", "employer_before", "employer_said", "customer_now", "customer_said")
"""Columns of a case whose target differs from case to case."""

_USUAL = {  # yen that an officer expects if there is anything
    "bank": 60_000.0,
    "life_insurance": 100_000.0,
    "securities": 250_000.0,
    "real_estate": 900_000.0,
    "vehicle": 30_000.0,
    "tax_refund": 40_000.0,
    "receivable": 80_000.0,
    "employer": 90_000.0,
    "pension": 0.0,
}


@dataclass(frozen=True)
class Sheet:
    """The cases on the desk.

    ``target`` (cases x columns): rows of the targets, -1 where a slot is empty. ``fixed``: those of the
    columns that are the same for all. ``kind`` and ``group`` describe columns. ``slip``: the latest slip.
    """

    person: Ints
    days: Days
    target: Ints
    fixed: Ints
    kind: NDArray[np.object_]
    group: NDArray[np.object_]
    slip: Slip
    arrears: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Cases x columns."""
        return (self.target.shape[0], self.target.shape[1])

    def mark(self, case: Ints, target: Ints) -> Floats:
        """Return 1 where a case has such a fact about a target, 0 elsewhere."""
        grid = np.zeros(self.shape)
        fixed = len(self.fixed)
        place = np.full(int(max(self.fixed.max(initial=0), target.max(initial=0))) + 1, -1)
        place[self.fixed] = np.arange(fixed)
        column = np.where(target >= 0, place[np.maximum(target, 0)], -1)
        for slot in range(fixed, self.shape[1]):
            column = np.where(
                (column < 0) & (self.target[case, slot] == target) & (target >= 0), slot, column
            )
        grid[case[column >= 0], column[column >= 0]] = 1.0
        return grid


def sheet_of(records: Records, person: Ints, days: Days) -> Sheet:
    """Lay out the cases: all banks, insurers, brokers, offices, and the employers and customers on record."""
    kinds = records.targets["target_kind"].to_numpy(object)
    fixed = np.concatenate([np.flatnonzero(kinds == kind) for kind in ORDER]).astype(np.int64)
    slip = slip_on(records, person, days)
    slots = _slots(records, kinds, person, days, slip)
    target = np.concatenate([np.repeat(fixed[None, :], len(person), axis=0), slots], axis=1).astype(np.int64)
    slot_kinds = np.array(
        [name.split("_")[0].replace("customer", "receivable") for name in SLOTS], dtype=object
    )
    group = np.concatenate([records.targets["group"].to_numpy(object)[fixed], np.array(SLOTS, dtype=object)])
    kind = np.concatenate([kinds[fixed], slot_kinds])
    return Sheet(person, days, target, fixed, kind, group, slip, arrears_on(records, person, days))


def _slots(records: Records, kinds: NDArray[np.object_], person: Ints, days: Days, slip: Slip) -> Ints:
    """Return cases x SLOTS: target rows of employers and customers on record, no target twice."""
    count = len(person)
    slips = records.slips.known(person, days, "known")
    said = records.mentions.known(person, days, "day")
    now, payer = slip["employer"].astype(np.int64), slip["payer"].astype(np.int64)
    earlier = where(slips, (slips["employer"] >= 0) & (slips["employer"] != now[slips["case"]]))
    before = _last(earlier, "employer", count)
    told = where(said, kinds[said["target"]] == "employer")
    told = where(told, (told["target"] != now[told["case"]]) & (told["target"] != before[told["case"]]))
    older = where(slips, (slips["payer"] >= 0) & (slips["payer"] != payer[slips["case"]]))
    named = where(said, kinds[said["target"]] == "receivable")
    named = where(named, named["target"] != payer[named["case"]])
    customer = np.where(
        _last(named, "target", count) >= 0, _last(named, "target", count), _last(older, "payer", count)
    )
    return np.column_stack([now, before, _last(told, "target", count), payer, customer])


def _last(rows: dict[str, NDArray[Any]], column: str, count: int) -> Ints:
    out = np.full(count, -1, dtype=np.int64)
    out[rows["case"]] = rows[column]
    return out


def expected_yen(records: Records, sheet: Sheet) -> Floats:
    """Return what an officer reckons to find if anything: wages, pensions by the slip, the rest by habit."""
    dependants = records.people["dependants"][sheet.person]
    yen = np.broadcast_to(
        np.array([_USUAL.get(str(kind), 50_000.0) for kind in sheet.kind]), sheet.shape
    ).copy()
    yen[:, sheet.group == "employer_now"] = seizable_part(sheet.slip["salary"], dependants)[:, None]
    yen[:, sheet.group == "customer_now"] = sheet.slip["business"][:, None] / 14
    yen[:, sheet.kind == "pension"] = seizable_part(sheet.slip["pension"], dependants)[:, None]
    return yen
