"""CSV and xlsx as the product writes them, with no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import io
import re

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
    """Return ``frame`` as CSV in UTF-8 with the mark that Japanese spreadsheets look for."""
    text = harmless_frame(frame).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def xlsx_bytes(frame: pd.DataFrame, title: str) -> bytes:
    """Return ``frame`` as a workbook of one sheet; texts are kept as texts."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import and needed where a file is written

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    safe = harmless_frame(frame)
    sheet.append([str(name) for name in safe.columns])
    for row in safe.astype(object).where(safe.notna(), None).itertuples(index=False, name=None):
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
