"""Samples: an invented file of replies in each layout, to be looked at or given to an institution."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from serving.exchange.layout import Layout
from serving.exchange.number import InquiryNumber
from serving.exchange.request import long_day
from serving.exchange.spreadsheet import harmless

Cell = str | int | None
Rows = list[list[Cell]]
DETAIL = "明細"
NOBODY = "000000"
"""The office of the invented numbers: there is none of that code, so that no sample can be taken in."""
ENDINGS = ("xlsx", "csv")


@dataclass(frozen=True)
class Sampled:
    """What a sample answers to one inquiry: accounts of (place of the kind in the layout, yen), or none."""

    number: str
    accounts: tuple[tuple[int, int], ...] = ()


INVENTED = (
    Sampled(str(InquiryNumber(NOBODY, 1, 1)), ((0, 120_000), (1, 300_000))),
    Sampled(str(InquiryNumber(NOBODY, 1, 2))),
    Sampled(str(InquiryNumber(NOBODY, 2, 1)), ((0, 4_500),)),
)
SAMPLE_DAY = date(2026, 4, 2)


def sample_file(
    layout: Layout, ending: str, answers: Sequence[Sampled] = INVENTED, day: date = SAMPLE_DAY
) -> bytes:
    """Return a file of replies as ``layout`` describes it: xlsx, or CSV with its sheets one below another.

    A CSV of a layout of cards holds the first answer alone: it is one sheet.
    """
    if layout.form == "cards":
        shown = answers if ending == "xlsx" else answers[:1]
        sheets = {f"{place}件目": _card(layout, each, day) for place, each in enumerate(shown, start=1)}
    else:
        cover, detail = _cover(layout, answers, day), _detail(layout, answers, day)
        sheets = {layout.cover[0]: cover, DETAIL: detail} if layout.cover and cover else {DETAIL: detail}
    return _book(sheets) if ending == "xlsx" else _csv(list(chain.from_iterable(sheets.values())))


def _cover(layout: Layout, answers: Sequence[Sampled], day: date) -> Rows:
    told: dict[str, Cell] = {
        "replied_on": long_day(day),
        "inquiries": len(answers),
        "accounts": sum(len(each.accounts) for each in answers),
        "total": sum(yen for each in answers for _, yen in each.accounts),
    }
    return [[words[0], told[name]] for name, words in _given(layout.labels.model_dump()) if name in told]


def _detail(layout: Layout, answers: Sequence[Sampled], day: date) -> Rows:
    columns = dict(_given(layout.columns.model_dump()))
    rows: Rows = [[words[0] for words in columns.values()]]
    for answer in answers:
        for place, cells in enumerate(_accounts(layout, answer, day, columns)):
            known = layout.number_as_above and place
            rows.append([cells.get(name) if not (known and name == "number") else None for name in columns])
    return rows


def _card(layout: Layout, answer: Sampled, day: date) -> Rows:
    words = layout.words
    told: dict[str, Cell] = {
        "number": answer.number,
        "replied_on": long_day(day),
        "result": (words.found if answer.accounts else words.none)[0],
    }
    columns = dict(_given(layout.columns.model_dump()))
    rows: Rows = [[each[0], told[name]] for name, each in _given(layout.labels.model_dump()) if name in told]
    rows += [[None], [each[0] for each in columns.values()]]
    held = _accounts(layout, answer, day, columns) if answer.accounts else []
    rows += [[cells.get(name) for name in columns] for cells in held]
    total = {"balance": sum(yen for _, yen in answer.accounts)}
    return [*rows, [words.total[0] if place == 0 else total.get(name) for place, name in enumerate(columns)]]


def _accounts(
    layout: Layout, answer: Sampled, day: date, columns: Mapping[str, list[str]]
) -> list[dict[str, Cell]]:
    """Return the cells of each account by column; of an answer without any one row that says so."""
    every: dict[str, Cell] = {"number": answer.number, "replied_on": long_day(day)}
    if not answer.accounts:
        said = next(name for name in ("result", "kind", "balance") if name in columns)
        return [{**every, said: layout.words.none[0]}]
    kinds = [words[0] for words in layout.kinds.values()] or ["普通", "定期"]
    return [
        {
            **every,
            "result": layout.words.found[0],
            "kind": kinds[place % len(kinds)],
            "balance": yen,
            "as_of": long_day(day),
        }
        for place, yen in answer.accounts
    ]


def _given(names: Mapping[str, list[str]]) -> list[tuple[str, list[str]]]:
    return [(name, words) for name, words in names.items() if words]


def _book(sheets: Mapping[str, Rows]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import and needed where a file is written

    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name[:31])
        for row in rows:
            sheet.append([harmless(cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _csv(rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([[harmless(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")
