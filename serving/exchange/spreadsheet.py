"""CSV and xlsx as the product writes them, with no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a text for a formula; Japanese ones take the wide signs too."""

Rows = Iterable[Sequence[str | int | float | None]]
"""A header and what stands below it; None is an empty cell."""

_UNHEARD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FIGURE = re.compile(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?%?")


def harmless(cell: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would run as a formula; a figure stays a figure.

    Signs that no workbook may hold, and none can be read, are left out.

    >>> harmless("=1+1"), harmless("三菱UFJ銀行"), harmless(-5), harmless("-1,200"), harmless("-1+A1")
    ("'=1+1", '三菱UFJ銀行', -5, '-1,200', "'-1+A1")
    """
    if isinstance(cell, str):
        cell = _UNHEARD.sub("", cell)
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) and not _FIGURE.fullmatch(cell):
        return f"'{cell}"
    return cell


def harmless_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return ``frame`` with every text harmless, those of its header too; numbers are left as they are."""
    texts = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
    safe = frame.assign(**{name: frame[name].map(harmless, na_action="ignore") for name in texts})
    return safe.rename(columns=harmless)


def csv_bytes(rows: Rows) -> bytes:
    """Return texts and numbers as CSV in UTF-8 with the mark that Japanese spreadsheets look for."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(map(harmless, row) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_bytes(rows: Rows, title: str) -> bytes:
    """Return ``rows`` as a workbook of one sheet; texts are kept as texts."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import and needed where a file is written

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
