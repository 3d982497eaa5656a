"""What is restored by looking at more than one cell: zeros of identifiers, duplicates, second keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from features.ledger.cells import ZEROS
from features.ledger.faults import Fault, Repair
from features.ledger.rows import TableRows
from features.ledger.tables import TABLES, Kind

REGISTERS = ("debtors", "staff", "targets")
"""Tables that say what a key stands for: a second, different row for a key cannot be read as an entry.

Every other table records events, and two of them that contradict each other are both kept.
"""

BANK_WIDTH = 4
"""Digits of a bank code in the Zengin system."""


def restored_identifiers(tables: Mapping[str, TableRows]) -> dict[str, TableRows]:
    """Return ``tables`` with the lost zeros of identifiers and of banks' target codes restored."""
    restored = dict(tables)
    for home in TABLES.values():
        if len(home.key) != 1:
            continue
        users = [
            name for name, table in TABLES.items() if name in tables and home.key[0] in _idents(table.name)
        ]
        width = _width(restored, home.name, users, home.key[0])
        for name in users if width else []:
            rows = restored[name]
            ids = rows.frame[home.key[0]]
            restored[name] = _padded(rows, home.key[0], _short(ids, width), width)
    for name, rows in restored.items():
        if "target_code" in rows.frame.columns:
            banks = rows.frame["target_kind"].eq("bank") & _short(rows.frame["target_code"], BANK_WIDTH)
            restored[name] = _padded(rows, "target_code", banks, BANK_WIDTH)
    return restored


def _idents(table: str) -> set[str]:
    return {column.name for column in TABLES[table].columns if column.kind is Kind.IDENT}


def _width(tables: Mapping[str, TableRows], home: str, users: list[str], name: str) -> int:
    """Return the commonest width of identifiers beginning with a zero, in their own table first (0: none)."""
    for table in [home, *(user for user in users if user != home)]:
        if table in tables:
            ids = tables[table].frame[name]
            zeros = ids[_are(ids.str.startswith("0"))]
            zeros = zeros[_are(zeros.str.isdecimal())]
            if len(zeros):
                return int(zeros.str.len().mode().max())
    return 0


def _short(ids: pd.Series, width: int) -> pd.Series:
    """Return which of ``ids`` are numbers of fewer than ``width`` digits."""
    short = _are(ids.str.len() < width)
    return short.mask(short, _are(ids[short].str.isdecimal()).reindex(ids.index, fill_value=False))


def _are(answers: pd.Series) -> pd.Series:
    return answers.fillna(False).astype(bool)


def _padded(rows: TableRows, column: str, short: pd.Series, width: int) -> TableRows:
    count = int(short.sum())
    if not count:
        return rows
    values = rows.frame[column].copy()
    values[short] = values[short].str.zfill(width)
    repair = Repair(rows.table.name, column, count, ZEROS)
    return replace(rows, frame=rows.frame.assign(**{column: values}), repairs=(*rows.repairs, repair))


def without_duplicates(rows: TableRows) -> TableRows:
    """Return ``rows`` without those that repeat an earlier row in every column."""
    repeated = rows.frame.duplicated().to_numpy(dtype=bool)
    if not repeated.any():
        return rows
    frame, lines = rows.without(repeated)
    repair = Repair(rows.table.name, "", int(repeated.sum()), DUPLICATES)
    return replace(rows, frame=frame, lines=lines, repairs=(*rows.repairs, repair))


DUPLICATES = "すべての列が同じ重複行を除きました"


def with_single_entries(rows: TableRows) -> TableRows:
    """Return a register's ``rows`` with the first entry of each key; later, different ones become faults."""
    if rows.table.name not in REGISTERS:
        return rows
    again = rows.frame.duplicated(list(rows.table.key)).to_numpy(dtype=bool)
    if not again.any():
        return rows
    column = rows.table.key[-1]
    faults = [
        Fault(
            rows.table.name,
            int(rows.lines[row]),
            column,
            str(rows.frame[column].iloc[row]),
            "一度だけ現れる番号（先の行と内容が異なります）",
        )
        for row in np.flatnonzero(again)
    ]
    frame, lines = rows.without(again)
    ordered = tuple(sorted((*rows.faults, *faults), key=lambda fault: fault.line))
    return replace(rows, frame=frame, lines=lines, faults=ordered)
