"""The report about time as a table: one figure a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from serving.desk.time_figures import Interval, TimeSaved

COLUMNS = ("figure", "value", "low", "high")
_NAMES = ("span", "month", "start")

Row = tuple[str, object, object, object]


def rows(report: TimeSaved) -> list[Row]:
    """Return (figure, value, low, high) of everything in the report; empty where it is not stated.

    A figure is named by its place: ``results.without.hit_rate``, ``spans.under_1_year.median_with``.
    """
    return list(_walk("", report))


def as_csv(report: TimeSaved) -> str:
    """Return the table as CSV with its header and a mark that lets spreadsheets read it as UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(report))
    return "\ufeff" + text.getvalue()


def _walk(place: str, value: object) -> Iterator[Row]:
    if isinstance(value, Interval):
        yield place, value.value, _cell(value.low), _cell(value.high)
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in _NAMES:
                yield from _walk(f"{place}.{field.name}".lstrip("."), getattr(value, field.name))
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            if isinstance(each, tuple):  # (name, count)
                yield f"{place}.{each[0]}", each[1], "", ""
            else:
                name = next((getattr(each, name) for name in _NAMES if hasattr(each, name)), number)
                yield from _walk(f"{place}.{name}", each)
    else:
        yield place, _cell(value), "", ""


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    return "" if value is None else value
