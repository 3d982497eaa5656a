"""The parts of the backtest's page: tables and charts, computed here and only placed by the template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isnan

import pandas as pd
from markupsafe import Markup

from serving.terminal.bilingual import both, decimal, percent, thousandth, yen
from serving.terminal.plots import SHARES, Scale, axis, scale_over, strip

Write = Callable[[float], Markup]
OURS = "ranker"
COUNTED = frozenset({"first_hit", "inquiries"})
"""Measures that are numbers of inquiries, not shares."""


@dataclass(frozen=True)
class Row:
    """Cells of one row; ``ours``: it is the ranker's."""

    cells: tuple[Markup | str | int, ...]
    ours: bool = False


@dataclass(frozen=True)
class Part:
    """A table, a chart (a table with a picture in each row), or a picture; ``folded``: shown when opened."""

    caption: Markup | str = ""
    header: tuple[Markup | str, ...] = ()
    rows: tuple[Row, ...] = ()
    picture: Markup | str = ""
    folded: bool = False


@dataclass(frozen=True)
class Section:
    """A heading, what to know about it, and its parts."""

    title: Markup
    notes: tuple[Markup, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Mark:
    """One line of a chart."""

    name: Markup
    value: float
    low: float
    high: float
    ours: bool = False
    more: tuple[Markup | str | int, ...] = ()


def with_interval(value: float, low: float, high: float, write: Write = percent) -> Markup:
    """Write a value and its interval in brackets."""
    if isnan(low):
        return write(value)
    return Markup("{} [{}, {}]").format(write(value), write(low), write(high))


def chart(
    caption: Markup,
    marks: Sequence[Mark],
    write: Write = percent,
    more: tuple[Markup, ...] = (),
    scale: Scale | None = None,
) -> Part:
    """Return a chart: per line its name, the dot with its interval on a common scale, and the figures."""
    if not marks:
        return Part(caption)
    bounds = [each for mark in marks for each in (mark.value, mark.low, mark.high) if not isnan(each)]
    scale = scale or scale_over(bounds, around_zero=True)
    rows = tuple(
        Row(
            (
                mark.name,
                strip(mark.value, mark.low, mark.high, scale, mark.ours),
                with_interval(mark.value, mark.low, mark.high, write),
                *mark.more,
            ),
            mark.ours,
        )
        for mark in marks
    )
    ticks = [str(_short(tick, write)) for tick in scale.ticks]
    return Part(caption, (both("col.method"), axis(scale, ticks), both("col.value"), *more), rows)


def metric_chart(table: pd.DataFrame, metric: str, rankings: Sequence[str]) -> Part:
    """Return the chart of one metric over ``rankings``; ``table`` is ``marks`` of one split and band."""
    rows = table[table["metric"] == metric].set_index("ranking")
    marks = [
        Mark(both(f"ranking.{name}"), row["mean"], row["low"], row["high"], name == OURS)
        for name, row in rows.loc[[each for each in rankings if each in rows.index]].iterrows()
    ]
    scale = None if metric in COUNTED else SHARES
    return chart(both(f"metric.{metric}"), marks, writing(metric), scale=scale)


def writing(metric: str) -> Write:
    """Return how a metric is written: a share, or a number (of inquiries, or without a unit)."""
    if metric == "ndcg_at_10":
        return thousandth
    return decimal if metric in COUNTED else percent


def signed(metric: str) -> Write:
    """Return how a difference of a metric is written."""
    write = writing(metric)
    return lambda value: write(value, signed=True)  # type: ignore[call-arg]


def figures_table(table: pd.DataFrame, value: str, caption: Markup, write: Callable[[str], Write]) -> Part:
    """Return a folded table of all metrics: one row a metric, one column a ranking."""
    rankings = list(dict.fromkeys(table["ranking"]))
    rows = []
    for metric, group in table.groupby("metric", sort=False):
        each = group.set_index("ranking").loc[rankings]
        cells = [
            with_interval(row[value], row["low"], row["high"], write(str(metric)))
            for _, row in each.iterrows()
        ]
        rows.append(Row((both(f"metric.{metric}"), *cells)))
    header = (both("col.measure"), *(both(f"ranking.{name}") for name in rankings))
    return Part(caption, header, tuple(rows), folded=True)


def _short(tick: float, write: Write) -> Markup:
    if write is yen:
        return Markup(f"{tick:,.0f}")
    return Markup(f"{tick * 100:.0f}%") if write is percent else Markup(f"{tick:g}")
