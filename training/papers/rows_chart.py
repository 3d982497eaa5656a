"""The rows chart: one row a feature, with a bar or with the spread of its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from training.papers.canvas import (
    FAINT,
    GRID,
    INK,
    OURS,
    THEIRS,
    Words,
    dot,
    drawing,
    line,
    round_ticks,
    text,
)

WIDTH, LEFT, RIGHT, ROW = 900, 400, 30, 34
_LONGEST = 66


@dataclass(frozen=True)
class Spread:
    """The tenth, the middle and the ninetieth percentile of something; NaN where there is nothing."""

    low: float
    middle: float
    high: float


def bars(title: Words, note: Words, rows: Sequence[tuple[Words, float]]) -> str:
    """Return a chart of shares, one bar a row, with the share beside it."""
    top = max([value for _, value in rows] or [1.0]) or 1.0
    room = WIDTH - LEFT - RIGHT - 50
    body = ""
    for place, (name, value) in enumerate(rows):
        y = place * ROW
        length = value / top * room
        body += _named(name, y) + (
            f'<rect x="{LEFT}" y="{y + 8}" width="{max(length, 0.5):.1f}" height="16" fill="{OURS}"/>'
        )
        body += text(LEFT + length + 6, y + 21, f"{value:.1%}")
    return drawing(WIDTH, ROW * len(rows) + 12, title, note, body)


def spreads(title: Words, note: Words, rows: Sequence[tuple[Words, Spread, Spread]]) -> str:
    """Return a chart with two lines a row: where a value is low (hollow) and where it is high (full)."""
    ends = [end for _, low, high in rows for side in (low, high) for end in (side.low, side.high)]
    known = [end for end in ends if not isnan(end)] or [0.0, 1.0]
    ticks = round_ticks(min(*known, 0.0), max(*known, 0.0))
    height = ROW * len(rows) + 8

    def across(value: float) -> float:
        return LEFT + (value - ticks[0]) / (ticks[-1] - ticks[0]) * (WIDTH - LEFT - RIGHT)

    body = "".join(
        line(across(tick), 0, across(tick), height, colour=INK if tick == 0 else GRID)
        + text(across(tick), height + 16, f"{tick:+g}", size=11, colour=FAINT, anchor="middle")
        for tick in ticks
    )
    for place, (name, low, high) in enumerate(rows):
        y = place * ROW
        body += _named(name, y)
        for side, at, colour, full in ((low, y + 11, THEIRS, False), (high, y + 23, OURS, True)):
            if not isnan(side.middle):
                body += line(across(side.low), at, across(side.high), at, colour=colour, width=3)
                body += dot(across(side.middle), at, colour, full)
    body += (
        dot(LEFT + 6, height + 36, THEIRS, False)
        + text(LEFT + 16, height + 40, "値が低い3分の1 / low third", size=11)
        + dot(LEFT + 226, height + 36, OURS)
        + text(LEFT + 236, height + 40, "値が高い3分の1 / high third", size=11)
    )
    return drawing(WIDTH, height + 52, title, note, body)


def _named(name: Words, y: float) -> str:
    english = name.en if len(name.en) <= _LONGEST else name.en[: _LONGEST - 1] + "…"
    return text(LEFT - 10, y + 15, name.ja, anchor="end") + text(
        LEFT - 10, y + 28, english, size=9, colour=FAINT, anchor="end"
    )
