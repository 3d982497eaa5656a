"""CSV and xlsx as the product writes them, with no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a text for a formula; Japanese ones take the wide signs too."""

_FIGURE = re.compile(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?%?")


def harmless(cell: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would run as a formula; a figure stays a figure.

    >>> harmless("=1+1"), harmless("三菱UFJ銀行"), harmless(-5), harmless("-1,200"), harmless("-1+A1")
    ("'=1+1", '三菱UFJ銀行', -5, '-1,200', "'-1+A1")
    """
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) and not _FIGURE.fullmatch(cell):
        return f"'{cell}"
    return cell


def harmless_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return ``frame`` with every text harmless, those of its header too; numbers are left as they are."""
    texts = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
    safe = frame.assign(**{name: frame[name].map(harmless, na_action="ignore") for name in texts})
    return safe.rename(columns=harmless)


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return texts and numbers as CSV in UTF-8 with the mark that Japanese spreadsheets look for."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(_harmless_rows(frame))
    return text.getvalue().encode("utf-8-sig")


def xlsx_bytes(frame: pd.DataFrame, title: str) -> bytes:
    """Return ``frame`` as a workbook of one sheet; texts are kept as texts."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import and needed where a file is written

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in _harmless_rows(frame):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _harmless_rows(frame: pd.DataFrame) -> Iterator[Sequence[object]]:
    """Yield the header and the rows with every text harmless; what is missing is None."""
    yield [harmless(str(name)) for name in frame.columns]
    # Cell by cell: most files have a few rows, and frames take longer to be set up than those to be written.
    columns = [[_cell(value) for value in column.tolist()] for _, column in frame.items()]
    yield from zip(*columns, strict=True)


def _cell(value: object) -> object:
    return None if value is pd.NA or value != value else harmless(value)  # noqa: PLR0124 - NaN alone differs
