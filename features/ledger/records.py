"""From the text of a CSV file to its rows, each with the line on which it begins.

Written by hand because a lone quotation mark must cost one row, not the rest of the file.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_CELL = 200
"""Lines that a quoted cell may span before its quotation mark is taken for a stray one."""

_NOTHING = " \t\x00\x1a\u3000"


@dataclass(frozen=True)
class Records:
    """The rows of a file, column by column: row ``i`` begins on physical line ``lines[i]`` (1-based).

    ``misshapen`` are (line, number of fields) of rows with a wrong number of fields, 0 where a quotation
    mark never closes; ``blank`` counts rows without any content.
    """

    columns: list[list[str]]
    lines: list[int]
    misshapen: list[tuple[int, int]]
    blank: int


def header_of(text: str) -> tuple[list[str], int]:
    r"""Return the header's cells and the index of the first line after it ([], 0 when there is no line).

    >>> header_of("\na,b,\n1,2")
    (['a', 'b'], 2)
    """
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if line.strip(_NOTHING):
            cells = next(csv.reader([line]))
            while cells and not cells[-1].strip():
                cells.pop()
            return cells, index + 1
    return [], 0


def records_of(text: str, start: int, width: int) -> Records:
    r"""Return the rows of ``text`` from line index ``start`` on, each of ``width`` fields.

    >>> records_of('a,b\n1,"x\ny"\n\n2\n3,4,\n5,"6', 1, 2)
    Records(columns=[['1', '3'], ['x\ny', '4']], lines=[2, 6], misshapen=[(5, 1), (7, 0)], blank=1)
    """
    lines = text.split("\n")
    while len(lines) > start and not lines[-1].strip("\x1a"):
        lines.pop()  # the end of the last line, or the end-of-file mark of old systems
    cells: list[str] = []  # row after row: a list a row would keep the garbage collector busy
    numbers, misshapen = [], []
    blank, index = 0, start
    while index < len(lines):
        row, span = _record_at(lines, index, width)
        if len(row) > width and not any(row[width:]):
            row = row[:width]  # commas at the end of the line
        if (row and not any(row)) or (len(row) == 1 and not row[0].strip(_NOTHING)):
            blank += 1
        elif len(row) == width:
            cells.extend(row)
            numbers.append(index + 1)
        else:
            misshapen.append((index + 1, len(row)))
        index += span
    return Records([cells[at::width] for at in range(width)], numbers, misshapen, blank)


def _record_at(lines: Sequence[str], index: int, width: int) -> tuple[list[str], int]:
    """Return the fields of the row at ``index`` ([]: a quotation mark never closes) and its lines."""
    if '"' not in lines[index]:
        return lines[index].split(","), 1
    for span in range(1, min(LONGEST_CELL, len(lines) - index) + 1):
        if span > 1 and '"' not in lines[index + span - 1]:
            continue  # cannot close the cell
        try:
            row = next(csv.reader(["\n".join(lines[index : index + span])], strict=True))
        except csv.Error as error:
            if "end of data" in str(error):
                continue
            break
        return (row, span) if span == 1 or len(row) == width else ([], 1)
    return [], 1
