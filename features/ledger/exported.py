"""How an office's own software would spell a table: the oddities of real exports, put in on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import jaconv
import numpy as np

from features.ledger.days import era_of
from features.ledger.tables import Column, Kind, Table

DUPLICATES = 4
"""Rows of a table with planted faults that are written twice."""

PLANTS = 3
"""Rows that are written a second time with a cell that nobody can read."""

LOSING_ZEROS = frozenset({"direct_debit_bank", "refund_bank", "bank_code", "prefecture", "former_prefecture"})
"""Columns of codes whose leading zeros a spreadsheet may eat."""

PLANTED = MappingProxyType(
    {
        "debts": ("principal", "不明"),
        "payments": ("amount", "不明"),
        "replies": ("balance", "不明"),
        "contacts": ("contacted_on", "令和6年2月30日"),
    }
)
"""Table to the column that is spoilt and what is written into it."""


@dataclass(frozen=True)
class PlantedFault:
    """A cell that cannot be read, on ``line`` (1-based) of the table's file."""

    table: str
    line: int
    column: str
    found: str


def exported_cells(column: Column, cells: list[str], draw: np.random.Generator) -> list[str]:
    """Return native ``cells`` of ``column`` as an export would spell them; what they say stays the same."""
    if column.kind is Kind.DAY:
        return _each(cells, draw, _DAY_SPELLINGS, empty=("", "0000-00-00"))
    if column.kind is Kind.YEN:
        return _each(cells, draw, _YEN_SPELLINGS)
    if column.name in LOSING_ZEROS:
        lost = draw.random() < 0.5  # a spreadsheet loses them in the whole column or not at all
        return [cell.lstrip("0") for cell in cells] if lost else cells
    if column.name == "note":
        return _each(cells, draw, _NOTE_SPELLINGS)
    return cells


def with_oddities(
    table: Table, rows: list[list[str]], draw: np.random.Generator
) -> tuple[list[list[str]], tuple[PlantedFault, ...]]:
    """Return ``rows`` with some repeated and some spoilt ones at the end, and the faults so planted."""
    if table.name not in PLANTED or len(rows) < PLANTS + DUPLICATES:
        return rows, ()
    column, found = PLANTED[table.name]
    at = [each.name for each in table.columns].index(column)
    chosen = draw.choice(len(rows), PLANTS + DUPLICATES, replace=False)
    spoilt = [[*rows[row][:at], found, *rows[row][at + 1 :]] for row in chosen[:PLANTS]]
    first = len(rows) + 2  # line 1 is the header
    faults = tuple(PlantedFault(table.name, first + n, column, found) for n in range(PLANTS))
    return [*rows, *spoilt, *(list(rows[row]) for row in chosen[PLANTS:])], faults


_Spelling = Callable[[str], str]
_Spellings = MappingProxyType[_Spelling, float]


def _each(
    cells: list[str],
    draw: np.random.Generator,
    spellings: _Spellings,
    empty: tuple[str, ...] = ("",),
) -> list[str]:
    ways, shares = list(spellings), list(spellings.values())
    chosen, blanks = draw.choice(len(ways), len(cells), p=shares), draw.integers(len(empty), size=len(cells))
    return [
        ways[way](cell) if cell else empty[blank]
        for cell, way, blank in zip(cells, chosen, blanks, strict=True)
    ]


def _slashed(cell: str) -> str:
    return cell.replace("-", "/")


def _in_era(cell: str) -> str:
    day = date.fromisoformat(cell)
    era, _, year = era_of(day)
    return f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def _in_short_era(cell: str) -> str:
    day = date.fromisoformat(cell)
    _, letter, year = era_of(day)
    return f"{letter}{year}.{day.month}.{day.day}"


def _separated(cell: str) -> str:
    return f"{int(cell):,}"


def _wide(cell: str) -> str:
    return str(jaconv.h2z(cell, digit=True, ascii=True))


def _half_kana(cell: str) -> str:
    return str(jaconv.z2h(cell, kana=True, ascii=False, digit=False))


def _as_is(cell: str) -> str:
    return cell


_DAY_SPELLINGS: _Spellings = MappingProxyType({_slashed: 0.34, _in_era: 0.33, _in_short_era: 0.33})
_YEN_SPELLINGS: _Spellings = MappingProxyType({_as_is: 0.5, _separated: 0.46, _wide: 0.04})
_NOTE_SPELLINGS: _Spellings = MappingProxyType({_as_is: 0.9, _half_kana: 0.1})
