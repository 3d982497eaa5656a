"""From a ledger to a folder in the contract's form, native or as an office would export it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from features.ledger.exported import PlantedFault, exported_cells, with_oddities
from features.ledger.snapshot import Ledger, Municipality
from features.ledger.tables import TABLES, Column, Kind, Table

UNWRITTEN_WHEN_EMPTY = ("absences", "exclusions")

_UTF8_TABLES = ("debts", "contacts", "inquiries", "dispositions")
"""Tables that an export writes in UTF-8 with BOM; the others are CP932 where their text allows."""


class FolderTakenError(FileExistsError):
    """The folder to be written exists and is not empty; the message is one Japanese sentence."""


def write_folder(
    ledger: Ledger, folder: Path, *, as_exported: bool = False, seed: int = 0
) -> tuple[PlantedFault, ...]:
    """Write every table of ``ledger`` into the new ``folder``, whole or not at all.

    Native form: English names, UTF-8, ISO days. ``as_exported``: Japanese names, CP932 or UTF-8 with BOM,
    CRLF, 和暦, lost zeros, repeated rows and, drawn by ``seed``, cells that nobody can read; those are
    returned (none in native form). Raises FolderTakenError when ``folder`` is there and not empty.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTakenError(
            f"「{folder}」は既にあり空ではありません。空のフォルダか新しい名前を指定してください。"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        planted = _write_tables(ledger, draft, np.random.default_rng(seed) if as_exported else None)
        (draft / "municipality.json").write_text(
            _described(replace(ledger.municipality, as_of=ledger.day)), encoding="utf-8"
        )
        draft.chmod(0o755)
        draft.replace(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return planted


def _described(municipality: Municipality) -> str:
    return json.dumps(
        {
            "code": municipality.code,
            "name": municipality.name,
            "as_of": municipality.as_of.isoformat(),
            "opt_in": sorted(municipality.opt_in),
        },
        ensure_ascii=False,
    )


def _write_tables(ledger: Ledger, draft: Path, draw: np.random.Generator | None) -> tuple[PlantedFault, ...]:
    planted: list[PlantedFault] = []
    for name, table in TABLES.items():
        frame = ledger[name]
        if frame.empty and name in UNWRITTEN_WHEN_EMPTY:
            continue
        columns = [native_cells(column, frame[column.name]) for column in table.columns]
        if draw is None:
            content = _csv([column.name for column in table.columns], _rows(columns), "\n").encode()
            (draft / f"{name}.csv").write_bytes(content)
        else:
            planted += _write_exported(table, columns, draft, draw)
    return tuple(planted)


def _write_exported(
    table: Table, columns: list[list[str]], draft: Path, draw: np.random.Generator
) -> tuple[PlantedFault, ...]:
    spelt = [
        exported_cells(column, cells, draw) for column, cells in zip(table.columns, columns, strict=True)
    ]
    rows, planted = with_oddities(table, _rows(spelt), draw)
    text = _csv([column.header for column in table.columns], rows, "\r\n")
    (draft / f"{table.file_ja}.csv").write_bytes(_encoded(table, text))
    return planted


def _encoded(table: Table, text: str) -> bytes:
    try:
        return text.encode("utf-8-sig" if table.name in _UTF8_TABLES else "cp932")
    except UnicodeEncodeError:
        return text.encode("utf-8-sig")


def native_cells(column: Column, values: pd.Series) -> list[str]:
    """Return ``values`` of ``column`` in the contract's native spelling, the unknown as empty texts."""
    if column.kind is Kind.DAY:
        texts = values.dt.strftime("%Y-%m-%d")
    elif column.kind in (Kind.MINUTES, Kind.SHARE):
        texts = values.map("{:g}".format, na_action="ignore")
    else:
        texts = values.astype("str")
    return list(texts.astype(object).where(values.notna(), ""))


def _rows(columns: list[list[str]]) -> list[list[str]]:
    return [list(row) for row in zip(*columns, strict=True)]


def _csv(header: list[str], rows: list[list[str]], line_end: str) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator=line_end)
    writer.writerow(header)
    writer.writerows(rows)
    return file.getvalue()
