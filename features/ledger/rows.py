"""The rows of one admitted file: those that can be read, and a fault for every cell that cannot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.ledger.columns import read_column
from features.ledger.door import Admitted
from features.ledger.faults import WHOLE_ROW, Fault, Repair
from features.ledger.records import Records, records_of
from features.ledger.tables import Table

LONGEST_FOUND = 60
"""Characters of a cell that a fault repeats; the rest is cut, since only free text is longer."""


@dataclass(frozen=True)
class TableRows:
    """The readable rows of one table; ``lines`` holds the line of the file for each row of ``frame``."""

    table: Table
    frame: pd.DataFrame
    lines: NDArray[np.int64]
    faults: tuple[Fault, ...] = ()
    repairs: tuple[Repair, ...] = ()
    found: int = 0

    def without(self, dropped: NDArray[np.bool_]) -> tuple[pd.DataFrame, NDArray[np.int64]]:
        """Return frame and lines of the rows that are not ``dropped``."""
        return self.frame[~dropped].reset_index(drop=True), self.lines[~dropped]


def read_rows(file: Admitted) -> TableRows:
    """Return the rows of ``file``; a row with an unreadable cell is set aside, with a fault for each."""
    width = len(file.columns)
    records = records_of(file.text.text, file.start, width)
    lines = np.array(records.lines, dtype=np.int64)
    faults = _misshapen(file.table, records, width)
    repairs, values, bad = _blank(file.table, records), {}, np.zeros(len(lines), dtype=bool)
    for column, found in zip(file.columns, records.columns, strict=True):
        read = read_column(column, found, file.text.damaged)
        values[column.name] = read.values
        bad[list(read.wanted)] = True
        faults += [
            Fault(file.table.name, int(lines[row]), column.name, _shown(found[row]), wanted)
            for row, wanted in read.wanted.items()
        ]
        repairs += [Repair(file.table.name, column.name, n, text) for text, n in read.restored.items()]
    rows = TableRows(file.table, pd.DataFrame(values), lines)
    frame, kept = rows.without(bad)
    ordered = tuple(sorted(faults, key=lambda fault: fault.line))
    return TableRows(file.table, frame, kept, ordered, tuple(repairs), len(lines) + len(records.misshapen))


def _misshapen(table: Table, records: Records, width: int) -> list[Fault]:
    return [
        Fault(
            table.name, line, WHOLE_ROW, f"{fields}項目" if fields else "閉じていない引用符", f"{width}項目"
        )
        for line, fields in records.misshapen
    ]


def _blank(table: Table, records: Records) -> list[Repair]:
    return (
        [Repair(table.name, "", records.blank, "何も書かれていない行を除きました")] if records.blank else []
    )


def _shown(found: str) -> str:
    """Return ``found`` on one line, cut to ``LONGEST_FOUND``."""
    line = "".join(sign if sign.isprintable() else "�" for sign in found)
    return line if len(line) <= LONGEST_FOUND else line[:LONGEST_FOUND] + "…"
