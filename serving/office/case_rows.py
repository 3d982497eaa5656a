"""A table of the ledger by case: the rows of one debtor as plain values, at once."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd


class CaseRows:
    """Some ``columns`` of a frame with a ``debtor_id``, grouped by it once.

    A page shows the few rows of one case out of hundreds of thousands: taking them out of a frame costs
    milliseconds a table, out of columns that lie by debtor microseconds. Equal values are held once.
    """

    def __init__(self, frame: pd.DataFrame, columns: Sequence[str]) -> None:
        codes, debtors = pd.factorize(frame["debtor_id"])
        order = np.argsort(codes, kind="stable")
        self._number = {str(debtor): number for number, debtor in enumerate(debtors)}
        self._starts = np.searchsorted(codes[order], np.arange(len(debtors) + 1))
        self._columns = {name: _plain(frame[name])[order] for name in columns}

    def of(self, debtor_id: str) -> list[Any]:
        """Return a debtor's rows, in the frame's order; an attribute a column: text, number, day or None."""
        number = self._number.get(debtor_id)
        if number is None:
            return []
        start, stop = self._starts[number], self._starts[number + 1]
        values = zip(*(column[start:stop].tolist() for column in self._columns.values()), strict=True)
        return [SimpleNamespace(**dict(zip(self._columns, row, strict=True))) for row in values]


def _plain(column: pd.Series) -> npt.NDArray[np.object_]:
    """Return a column as plain values: days as dates, what is missing as None."""
    codes, found = pd.factorize(column)
    values = pd.Series(found)
    if values.dtype.kind == "M":
        values = values.dt.date
    plain = np.empty(len(values) + 1, dtype=object)  # the last, which code -1 stands for, stays None
    plain[:-1] = values.tolist()
    return plain[codes]
