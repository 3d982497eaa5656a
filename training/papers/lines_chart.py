"""The lines chart: one or two lines over an axis, points with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from training.papers.canvas import (
    FAINT,
    GRID,
    OURS,
    THEIRS,
    Words,
    dot,
    drawing,
    line,
    round_ticks,
    text,
)

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 640, 434, 70, 24, 30, 46

Point = tuple[float, float, float, float]
"""Across, up, and the low and the high end of what is up (NaN: no interval)."""


@dataclass(frozen=True)
class Axes:
    """What is across and what is up; ``shares``: both are shares of something, told in percent."""

    across: Words
    up: Words
    percent_across: bool = True
    percent_up: bool = True
    diagonal: bool = False


def lines(title: Words, note: Words, axes: Axes, series: Sequence[tuple[Words, Sequence[Point]]]) -> str:
    """Return the chart; the first of ``series`` is ours, the second is dashed."""
    points = [point for _, each in series for point in each]
    along = round_ticks(0.0, max(point[0] for point in points))
    ends = [end for point in points for end in point[1:] if not isnan(end)]
    lowest = 0.0 if axes.percent_up and min(ends) < 0.4 else min(ends)
    rising = round_ticks(lowest, max(ends))
    floor = HEIGHT - FOOT

    def x(value: float) -> float:
        return LEFT + (value - along[0]) / (along[-1] - along[0]) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return floor - (value - rising[0]) / (rising[-1] - rising[0]) * (floor - TOP)

    body = "".join(
        line(x(tick), y(rising[0]), x(tick), TOP)
        + text(x(tick), floor + 18, _told(tick, axes.percent_across), size=11, colour=FAINT, anchor="middle")
        for tick in along
    ) + "".join(
        line(LEFT, y(tick), WIDTH - RIGHT, y(tick))
        + text(LEFT - 8, y(tick) + 4, _told(tick, axes.percent_up), size=11, colour=FAINT, anchor="end")
        for tick in rising
    )
    body += text(LEFT, HEIGHT - 8, f"→ {axes.across.ja} / {axes.across.en}", size=11)
    body += text(LEFT - 54, 14, f"↑ {axes.up.ja} / {axes.up.en}", size=11)
    if axes.diagonal:
        end = min(along[-1], rising[-1])
        body += line(x(0.0), y(0.0), x(end), y(end), colour=GRID, width=2, dash="5 4")
    for (name, each), colour, dash, row in zip(
        series, (OURS, THEIRS), ("", "6 4"), range(len(series)), strict=False
    ):
        body += _line([(x(a), y(b)) for a, b, _, _ in each], colour, dash)
        for across, up, low, high in each:
            if not isnan(low):
                body += line(x(across), y(low), x(across), y(high), colour=colour, width=2)
            if len(each) <= 12:
                body += dot(x(across), y(up), colour, filled=not dash)
        if len(series) > 1:
            at = HEIGHT + 14 + 18 * row
            body += line(LEFT, at - 4, LEFT + 34, at - 4, colour=colour, width=2.5, dash=dash)
            body += text(LEFT + 42, at, f"{name.ja} / {name.en}", size=11)
    return drawing(WIDTH, HEIGHT + (18 * len(series) + 8 if len(series) > 1 else 4), title, note, body)


def _line(points: Sequence[tuple[float, float]], colour: str, dash: str) -> str:
    path = "L".join(f"{across:.1f} {up:.1f}" for across, up in points)
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5"{broken}/>'


def _told(value: float, percent: bool) -> str:
    return f"{value:.0%}" if percent else f"{value:,.0f}"
