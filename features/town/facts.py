"""Facts about people in numbered columns, so that many cases can be read at once without a join."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.town.dice import Days, Ints

Columns = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Facts:
    """Rows sorted by person; ``starts`` (people + 1) tells where each person's rows begin."""

    columns: Columns
    starts: Ints

    def __len__(self) -> int:
        return int(self.starts[-1])

    def known(self, person: Ints, days: Days, when: str) -> dict[str, NDArray[Any]]:
        """Return the rows of each case's person whose day ``when`` is not after the case's day.

        Columns as stored and ``case`` (row of ``person``) and ``now``; a person's rows keep their order.
        """
        count = self.starts[person + 1] - self.starts[person]
        case = np.repeat(np.arange(len(person)), count)
        step = np.arange(len(case)) - np.repeat(np.cumsum(count) - count, count)
        row = self.starts[person][case] + step
        now = days.astype("datetime64[s]")[case]
        kept = self.columns[when][row] <= now
        out = {name: values[row[kept]] for name, values in self.columns.items()}
        return out | {"case": case[kept], "now": now[kept]}


def facts_of(people: int, columns: Columns, *order: str) -> Facts:
    """Sort rows by ``person`` and then ``order``; rows of nobody (person -1) are left out."""
    kept = np.flatnonzero(columns["person"] >= 0)
    keys = [columns[name][kept] for name in reversed(order)] + [columns["person"][kept]]
    rows = kept[np.lexsort(keys)]
    counts = np.bincount(columns["person"][rows].astype(np.int64), minlength=people)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Facts({name: values[rows] for name, values in columns.items()}, starts)


def where(rows: dict[str, NDArray[Any]], kept: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
    """Return the rows that are kept, column by column."""
    return {name: values[kept] for name, values in rows.items()}
