"""A whole column of an export: each distinct spelling is read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.ledger.cells import Cell, read_cell
from features.ledger.encoding import DAMAGE
from features.ledger.tables import DTYPES, Column, Kind


@dataclass(frozen=True)
class ReadColumn:
    """``values`` in the contract's dtype, one per row; ``wanted`` by row position for what cannot be read.

    ``restored`` counts rows by the sentence that says how their cells were restored, the unreadable left out.
    """

    values: pd.Series
    wanted: dict[int, str]
    restored: Counter[str]


def read_column(column: Column, found: Sequence[str], damaged: bool = False) -> ReadColumn:
    """Return what the texts ``found`` in ``column`` say; ``damaged``: marks of lost characters are faults.

    >>> from features.ledger.tables import TABLES
    >>> read = read_column(TABLES["debts"].column("due_on"), ["R6.4.1", "2024-02-30", "R6.4.1"])
    >>> str(read.values[0].date()), read.wanted
    ('2024-04-01', {1: '暦にある日付（例 2024-04-01、令和6年4月1日）'})
    >>> read.restored.total()
    2
    """
    codes, spellings = pd.factorize(np.array(found, dtype=object))
    cells = [_cell(column, spelling, damaged) for spelling in spellings]
    values = _typed(column, [cell.value for cell in cells]).iloc[codes].reset_index(drop=True)
    bad = np.array([bool(cell.wanted) for cell in cells], dtype=bool)
    wanted = {int(row): cells[codes[row]].wanted for row in np.flatnonzero(bad[codes])} if bad.any() else {}
    return ReadColumn(values, wanted, _restored(cells, codes))


def _cell(column: Column, spelling: str, damaged: bool) -> Cell:
    if damaged and DAMAGE in spelling:
        return Cell(None, wanted="文字コードに従った文字")
    return read_cell(column, spelling)


def _typed(column: Column, values: list[Any]) -> pd.Series:
    if column.kind is Kind.DAY:
        return pd.Series(np.array(values, dtype="datetime64[s]"))
    typed: pd.Series = pd.Series(values, dtype=DTYPES[column.kind])
    return typed


def _restored(cells: Sequence[Cell], codes: NDArray[np.intp]) -> Counter[str]:
    rows = np.bincount(codes, minlength=len(cells))
    restored = Counter[str]()
    for cell, count in zip(cells, rows, strict=True):
        if cell.restored and not cell.wanted:
            restored[cell.restored] += int(count)
    return restored
