"""The cells of a file of replies, xlsx or CSV, as texts. What might do harm is refused before it is read."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from features.ledger.encoding import NotTextError, decoded
from serving.exchange.package import require_plain_package
from serving.exchange.refused import FileFault, FileRefused

MOST_LINES = 1_200_000
"""Lines gone through, the empty ones between included: a few bytes of a workbook can claim a million."""
MOST_CELLS = 1_000_000
"""Cells gone through, the empty ones to the left of a row's last included."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FORMULA = re.compile(r"[=＝@＠]|[-+].*[(|!]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")

Row = tuple[str, ...]
_Lines = Iterator[tuple[int, list[tuple[str, bool]]]]
"""Each line's number with its cells: the text, and whether it is a formula."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``rows`` by their 1-based line, empty ones left out, cells as stripped texts."""

    name: str
    rows: MappingProxyType[int, Row]


def sheets_of(content: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of a file. Raises FileRefused as ``cells_of`` does, and for a formula anywhere."""
    sheets, formulas = cells_of(content)
    if formulas:
        raise FileRefused("file_faulty", formulas)
    return sheets


def cells_of(content: bytes) -> tuple[tuple[Sheet, ...], tuple[FileFault, ...]]:
    """Return the sheets of a file, CSV as one without a name, and a fault for each formula; it is left empty.

    Raises FileRefused: what is no such file, is locked, carries macros or entities, or is larger unpacked
    than any reply.
    """
    if not content.strip():
        raise FileRefused("file_empty")
    if content.startswith(_OLE):
        raise FileRefused("file_locked")
    if content.startswith(b"PK\x03\x04"):
        require_plain_package(content)
        return _gathered(_workbook(content))
    return _gathered([("", _csv_rows(content))])


def _gathered(sheets: Iterable[tuple[str, _Lines]]) -> tuple[tuple[Sheet, ...], tuple[FileFault, ...]]:
    found: list[Sheet] = []
    faults: list[FileFault] = []
    lines = cells = 0
    for name, rows in sheets:
        kept: dict[int, Row] = {}
        for line, row in rows:
            lines, cells = lines + 1, cells + len(row)
            if lines > MOST_LINES or cells > MOST_CELLS:
                raise FileRefused("file_bomb")
            if not row:
                continue
            runs = [formula or bool(_FORMULA.match(text)) for text, formula in row]
            faults += [
                FileFault(name, line, column_letter(place), "formula")
                for place, formula in enumerate(runs, start=1)
                if formula
            ]
            texts = tuple("" if formula else text for (text, _), formula in zip(row, runs, strict=True))
            if any(texts):
                kept[line] = texts
        found.append(Sheet(name, MappingProxyType(kept)))
    if not faults and not any(sheet.rows for sheet in found):
        raise FileRefused("file_empty")
    return tuple(found), tuple(faults)


def _csv_rows(content: bytes) -> _Lines:
    try:
        text = decoded(content)
    except NotTextError:
        raise FileRefused("file_kind") from None
    if text.damaged or _CONTROL.search(text.text):
        raise FileRefused("file_kind")
    reader = csv.reader(io.StringIO(text.text, newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            yield line, [(cell.strip(), False) for cell in row]
            line = reader.line_num + 1
    except csv.Error:
        raise FileRefused("file_damaged") from None


def _workbook(content: bytes) -> Iterator[tuple[str, _Lines]]:
    for sheet in _opened(content).worksheets:
        yield str(sheet.title), _lines(sheet)


def _opened(content: bytes) -> Any:  # noqa: ANN401 - a workbook of openpyxl
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import and needed where a file came in

    try:
        with warnings.catch_warnings():  # about styles and print areas that nobody asked for
            warnings.simplefilter("ignore")
            # Formulas are wanted as such: with data_only an unseen one would be read as its last result.
            return load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception:  # whatever a broken workbook makes of the library, the reader gets one sentence
        raise FileRefused("file_damaged") from None


def _lines(sheet: Any) -> _Lines:  # noqa: ANN401 - a worksheet of openpyxl
    try:
        sheet.reset_dimensions()  # what the file says of its own size is not to be believed
        # Without a last column each row is as wide as it says, and those between are of no width at all.
        for line, row in enumerate(sheet.iter_rows(min_row=1), start=1):
            yield line, [(_text(cell.value), cell.data_type == "f") for cell in row]
    except Exception:  # as above
        raise FileRefused("file_damaged") from None


def _text(value: object) -> str:
    """Return what a cell shows, as far as it matters: days in ISO form, whole numbers without a point.

    >>> _text(1200.0), _text(datetime(2026, 4, 1)), _text(None)
    ('1200', '2026-04-01', '')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def column_letter(place: int) -> str:
    """Return a spreadsheet's letter of a 1-based column.

    >>> column_letter(1), column_letter(28)
    ('A', 'AB')
    """
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
