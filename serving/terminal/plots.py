"""Plots as inline SVG: a value with its interval, a reliability curve. Words stay in the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from markupsafe import Markup

WIDTH, HEIGHT, EDGE = 320, 22, 18
SIDE, LEFT = 320, 40


@dataclass(frozen=True)
class Scale:
    """From ``low`` to ``high``, with a mark at each of ``ticks``."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        """Return where a value stands between the edges of a strip; what lies outside stands at the edge."""
        share = (value - self.low) / (self.high - self.low)
        return EDGE + min(max(share, 0.0), 1.0) * (WIDTH - 2 * EDGE)


SHARES = Scale(0.0, 1.0, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))
"""The whole scale of a share, so that several charts of shares can be compared."""


def scale_over(values: Sequence[float], around_zero: bool = False) -> Scale:
    """Return a scale that holds every value, from zero (or either side of it) to a round number.

    >>> scale_over([0.31, 0.74]).ticks
    (0.0, 0.2, 0.4, 0.6, 0.8)
    """
    top = max([abs(each) for each in values if not isnan(each)] or [1.0]) or 1.0
    low = -top if around_zero and min(values) < 0 else 0.0
    step = _round_step((top - low) / 5)
    first, last = round(low / step - 0.499), round(top / step + 0.499)
    ticks = tuple(round(number * step, 10) for number in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def strip(value: float, low: float, high: float, scale: Scale, ours: bool = False) -> Markup:
    """Return one line of a chart: a dot for the value, a bar for its interval, faint marks at the ticks."""
    middle = HEIGHT / 2
    marks = "".join(
        f'<path d="M{scale.at(tick):.1f} 0V{HEIGHT}" class="{"zero" if tick == 0 else "tick"}"/>'
        for tick in scale.ticks
    )
    drawn = ""
    if not isnan(value):
        if not (isnan(low) or isnan(high)):
            drawn = f'<path d="M{scale.at(low):.1f} {middle}H{scale.at(high):.1f}" class="bar"/>'
        drawn += f'<circle cx="{scale.at(value):.1f}" cy="{middle}" r="5"/>'
    return Markup(
        f'<svg class="strip{" ours" if ours else ""}" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">'
        f"{marks}{drawn}</svg>"
    )


def axis(scale: Scale, labels: Sequence[str]) -> Markup:
    """Return the ticks of a scale with their numbers, to stand above its strips."""
    shown = "".join(
        f'<text x="{scale.at(tick):.1f}" y="15" text-anchor="middle">{label}</text>'
        for tick, label in zip(scale.ticks, labels, strict=True)
    )
    return Markup(f'<svg class="strip" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{shown}</svg>')


def reliability_plot(points: Sequence[tuple[float, float, float, float]]) -> Markup:
    """Return the plot of (predicted, observed, low, high) per bin, with the line where both agree."""
    scale = scale_over([each for point in points for each in point])
    size = SIDE - LEFT

    def across(value: float) -> float:
        return LEFT + value / scale.high * size

    def up(value: float) -> float:
        return size - value / scale.high * size + 8

    grid = "".join(
        f'<path d="M{across(tick):.1f} {up(0)}V8M{LEFT} {up(tick):.1f}H{SIDE}" class="tick"/>'
        f'<text x="{across(tick):.1f}" y="{up(0) + 18}" text-anchor="middle">{tick:.0%}</text>'
        f'<text x="{LEFT - 6}" y="{up(tick) + 4:.1f}" text-anchor="end">{tick:.0%}</text>'
        for tick in scale.ticks
    )
    dots = "".join(
        f'<path d="M{across(told):.1f} {up(low):.1f}V{up(high):.1f}" class="bar"/>'
        f'<circle cx="{across(told):.1f}" cy="{up(came):.1f}" r="5"/>'
        for told, came, low, high in points
    )
    line = f'<path d="M{LEFT} {up(0)}L{SIDE} 8" class="agree"/>'
    return Markup(
        f'<svg class="curve ours" viewBox="0 0 {SIDE + 20} {SIDE}" aria-hidden="true">'
        f"{grid}{line}{dots}</svg>"
    )


def _round_step(raw: float) -> float:
    """Return the least of 1, 2, 5 times a power of ten that is not below ``raw``."""
    power = 10.0 ** (len(str(int(raw))) - 1) if raw >= 1 else 1.0
    while power > raw:
        power /= 10
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
