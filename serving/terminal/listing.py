"""Listing: a file that names debtors, officers or areas, one row each, as somebody typed or exported it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from features.ledger.cells import read_cell
from features.ledger.encoding import NotTextError, decoded
from features.ledger.headers import plain_header
from features.ledger.tables import TABLES, Column
from serving.problems import Problem

DEBTOR = TABLES["debtors"].column("debtor_id")
STAFF = TABLES["staff"].column("staff_id")
AREA = TABLES["debtors"].column("postcode3")


@dataclass(frozen=True)
class Role:
    """What a file is for: its Japanese ``name`` with the option, and the ``columns`` that it must have."""

    name: str
    columns: tuple[Column, ...]
    code: str = "list"

    def wrong(self, line: int, what: str, hint: str) -> Problem:
        """Return the problem of one line; what stands there is never told: it may be personal."""
        return Problem(f"{self.name}の{line}行目{what}", hint, self.code)


@dataclass(frozen=True)
class Row:
    """One row: the line on which it begins (1 first), and its cells in the order of the role's columns."""

    line: int
    cells: tuple[str, ...]


def listed(file: Path, role: Role) -> list[Row]:
    """Return the rows of ``file``: UTF-8 or CP932, with or without a header in English or Japanese.

    With a header its columns may stand in any order, without one the first columns count; further columns
    and blank lines are passed over. Raises Problem that names the role and the line.
    """
    places: list[int] | None = None
    rows = []
    for line, cells in _lines(_text(file, role), role):
        if places is None:
            places = _header(cells, line, role)
            if places is not None:
                continue
            places = list(range(len(role.columns)))
        rows.append(Row(line, _read(cells, places, line, role)))
    return rows


class Known:
    """The numbers that the records know; one that lost its leading zeros is found where only one fits."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self._numbers = frozenset(map(str, numbers))
        bare = Counter(number.lstrip("0") for number in self._numbers if number.isdecimal())
        self._whole: Mapping[str, str] = {
            number.lstrip("0"): number
            for number in self._numbers
            if number.isdecimal() and bare[number.lstrip("0")] == 1
        }

    def find(self, number: str) -> str | None:
        """Return the number as the records have it, None where they do not.

        >>> known = Known(["0012", "0007", "07", "T1"])
        >>> known.find("12"), known.find("T1"), known.find("7"), known.find("07")
        ('0012', 'T1', None, '07')
        """
        if number in self._numbers:
            return number
        whole = self._whole.get(number.lstrip("0")) if number.isdecimal() else None
        return whole if whole is not None and len(number) < len(whole) else None


def _text(file: Path, role: Role) -> str:
    if not file.exists():
        raise Problem(f"{role.name}のファイルが見つかりません。", "場所と名前を確かめてください。", role.code)
    try:
        return decoded(file.read_bytes()).text
    except (OSError, NotTextError):
        raise Problem(
            f"{role.name}を読めません。", "UTF-8かCP932のテキスト(CSV)を指定してください。", role.code
        ) from None


def _lines(text: str, role: Role) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise role.wrong(line, "は、CSVとして読めません。", "引用符を確かめてください。") from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _header(cells: list[str], line: int, role: Role) -> list[int] | None:
    """Return where each column stands, None where the row is no header."""
    names = [plain_header(cell) for cell in cells]
    places = []
    for column in role.columns:
        own = (column.name, plain_header(column.header))
        places.append(next((place for place, name in enumerate(names) if name in own), -1))
    if all(place < 0 for place in places):
        return None
    for column, place in zip(role.columns, places, strict=True):
        if place < 0:
            raise role.wrong(
                line,
                f"の見出しに{column.header}({column.name})がありません。",
                "見出しを直すか、見出しの行を除いてください。",
            )
    return places


def _read(cells: list[str], places: list[int], line: int, role: Role) -> tuple[str, ...]:
    found = []
    for column, place in zip(role.columns, places, strict=True):
        text = cells[place] if place < len(cells) else ""
        cell = read_cell(column, text)
        if cell.value is None:
            missing = not text.strip() or not cell.wanted
            what = f"に{column.header}がありません。" if missing else f"の{column.header}を読み取れません。"
            wanted = "、".join(each.header for each in role.columns)
            raise role.wrong(line, what, f"1行に{wanted}を書いてください。")
        found.append(str(cell.value))
    return tuple(found)
