"""From a municipality's folder to its ledger, with everything that could not be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from features.ledger.contradictions import contradictions
from features.ledger.door import Admitted, Door, open_folder
from features.ledger.faults import Fault, FolderRefused, Repair
from features.ledger.repairs import (
    DUPLICATES,
    restored_identifiers,
    with_single_entries,
    without_duplicates,
)
from features.ledger.rows import TableRows, read_rows
from features.ledger.snapshot import Ledger, ledger_of, typed_frame
from features.ledger.tables import TABLES

__all__ = ["Fault", "FolderRefused", "Reading", "Repair", "TableReading", "read_folder"]


@dataclass(frozen=True)
class TableReading:
    """How a table was read: ``found`` rows in ``file``, of them ``kept``, ``set_aside``, ``duplicates``."""

    table: str
    file: str
    encoding: str
    form: str
    found: int
    kept: int
    set_aside: int
    duplicates: int


@dataclass(frozen=True)
class Reading:
    """A folder that was read.

    ``counts`` maps each table that is present to the rows kept of it, those later than the ledger's day
    included. ``faults`` holds every cell for which a row was set aside; the order of ``faults``,
    ``repairs`` and ``tables`` is that of the contract, then of the lines.
    """

    ledger: Ledger
    faults: tuple[Fault, ...]
    repairs: tuple[Repair, ...]
    warnings: tuple[str, ...]
    counts: Mapping[str, int]
    tables: tuple[TableReading, ...] = ()


MANY = 10
"""Rows of a table; that none of so many can be read is the file's fault, not theirs."""


def read_folder(folder: Path, *, progress: Callable[[str], None] | None = None) -> Reading:
    """Read every table of ``folder``, in native form or as exported (see the data contract).

    ``progress`` is told in Japanese which step begins. A row with a cell that cannot be read is set aside
    as a fault; duplicates and lost zeros are repaired; contradictions are kept and become warnings.
    Raises FolderRefused, with every reason at once, when the folder as a whole cannot be used.
    """
    tell = progress or _silent
    tell("フォルダを確かめています")
    door = open_folder(Path(folder))
    tables = {}
    for name in (table for table in TABLES if table in door.files):
        tell(f"{TABLES[name].file_ja}を読んでいます")
        tables[name] = read_rows(door.files[name])
    tell("重複と番号を整えています")
    tables = {name: _settled(rows) for name, rows in restored_identifiers(tables).items()}
    if unreadable := _unreadable(tables):
        raise FolderRefused(unreadable)
    tell("記録どうしの矛盾を数えています")
    frames = {name: rows.frame for name, rows in tables.items()}
    typed = {name: typed_frame(table, frames.get(name)) for name, table in TABLES.items()}
    return _reading(door, tables, typed)


def _silent(_: str) -> None:
    """Tell nobody."""


def _settled(rows: TableRows) -> TableRows:
    return with_single_entries(without_duplicates(rows))


def _reading(door: Door, tables: Mapping[str, TableRows], typed: Mapping[str, pd.DataFrame]) -> Reading:
    return Reading(
        ledger=ledger_of(door.municipality, typed),
        faults=tuple(fault for rows in tables.values() for fault in rows.faults),
        repairs=tuple(repair for rows in tables.values() for repair in rows.repairs),
        warnings=(
            *door.warnings,
            *_empty(tables),
            *_nobody_in_post(typed["staff"], door.municipality.as_of),
            *contradictions(typed, door.municipality.as_of),
        ),
        counts=MappingProxyType({name: len(rows.frame) for name, rows in tables.items()}),
        tables=tuple(_table_reading(door.files[name], rows) for name, rows in tables.items()),
    )


def _table_reading(file: Admitted, rows: TableRows) -> TableReading:
    return TableReading(
        table=file.table.name,
        file=file.file,
        encoding=file.text.encoding,
        form=file.form,
        found=rows.found,
        kept=len(rows.frame),
        set_aside=len({fault.line for fault in rows.faults}),
        duplicates=sum(repair.count for repair in rows.repairs if repair.sentence == DUPLICATES),
    )


def _unreadable(tables: Mapping[str, TableRows]) -> list[str]:
    """Return a refusal for each required table of which not one row can be read.

    Two columns of it are swapped, most likely: whoever went on would train on nothing, and write empty lists
    in the place of good ones. Of a handful of rows each may be wrong by itself.
    """
    return [
        f"{rows.table.file_ja}：{rows.found:,}行の1行も読めません。列の入れ替わりがないか確かめてください。"
        f"例えば{rows.faults[0].line}行目の「{rows.faults[0].column}」に必要なもの：{rows.faults[0].wanted}。"
        for rows in tables.values()
        if rows.table.required and rows.frame.empty and rows.found >= MANY and rows.faults
    ]


def _empty(tables: Mapping[str, TableRows]) -> tuple[str, ...]:
    return tuple(
        f"{rows.table.file_ja}：読める行が1行もありません。"
        for rows in tables.values()
        if rows.table.required and rows.frame.empty
    )


def _nobody_in_post(staff: pd.DataFrame, as_of: date) -> tuple[str, ...]:
    """Return a warning where the staff table has people, of whom none is in post on ``as_of``."""
    day = pd.Timestamp(as_of)
    if staff.empty or (~(staff["joined_on"] > day) & ~(staff["left_on"] <= day)).any():
        return ()
    sentence = f"基準日（{as_of}）に在職している職員が1人もいないため、担当案を作れません。"
    return (f"{TABLES['staff'].file_ja}：{sentence}着任日と離任日を確かめてください。",)
