"""The figures of the report about time: plain records without a name, None where too little is known."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

from training.metrics import Figure


@dataclass(frozen=True)
class Interval:
    """A value with its 95 % interval; bounds are None where no interval can be told."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class ArmTime:
    """One arm: cases opened and choices finished in it, and the median minutes of those.

    ``median_clock`` is by the clock, pauses included; ``cut_share`` the share of choices with a pause that
    was cut; ``marked_share`` of those whose page told when it was worked on.
    """

    opened: int
    choices: int
    median_minutes: float | None = None
    median_clock: float | None = None
    cut_share: float | None = None
    marked_share: float | None = None


@dataclass(frozen=True)
class Found:
    """What chosen targets brought. ``targets`` chosen, ``answered`` of them; rates are of the answered."""

    targets: int
    answered: int
    hit_rate: float | None = None
    yen_per_inquiry: float | None = None


@dataclass(frozen=True)
class Results:
    """Targets chosen without the ranking, on the same cases after it was seen, and with it from the start.

    Differences are with (from the start) less without.
    """

    without: Found
    revised: Found
    with_ranking: Found
    hit_difference: Interval | None
    yen_difference: Interval | None


@dataclass(frozen=True)
class Reasons:
    """Rankings with their reasons shown, and with them folded away; differences are shown less hidden."""

    shown: int
    hidden: int
    opened_share: float | None
    median_shown: float | None
    median_hidden: float | None
    minutes_difference: Interval | None
    kept_shown: float | None
    kept_hidden: float | None
    hit_difference: Interval | None
    yen_difference: Interval | None


@dataclass(frozen=True)
class Adoption:
    """What became of proposals: shares of all targets kept, added and dropped."""

    choices: int
    kept: float | None
    added: float | None
    dropped: float | None


@dataclass(frozen=True)
class Span:
    """Officers of one span in post; ``suppressed``: too few, or they would give another group away."""

    span: str
    suppressed: bool
    choices: int | None = None
    median_with: float | None = None
    median_without: float | None = None
    saved: float | None = None
    adoption: Adoption | None = None


@dataclass(frozen=True)
class Month:
    """One month of the trial; medians are None where too few choices stand behind them."""

    month: str
    median_with: float | None
    median_without: float | None


@dataclass(frozen=True)
class Bin:
    """Share of the choices of each arm that took from ``start`` to below ``end`` minutes (None: and more)."""

    start: float
    end: float | None
    with_ranking: float
    without: float


@dataclass(frozen=True)
class TimeSaved:
    """What is measured of the time that choosing takes with the ranking, and without it.

    ``enough``: both arms hold ``needed`` finished choices of three officers, so that ``saved`` (medians,
    without less with, in minutes) is stated. ``saved_clock`` is the same by the clock. ``hours_a_month``
    rests on the difference of the means, for hours add up as means do, and on ``choices_a_month``.
    ``few_officers``: the intervals may be too narrow. ``outside``: openings that are no part of the trial, by
    why. ``office_median`` is the office's own ``selecting_minutes`` over ``office_cases`` ended cases: other
    cases on other days.
    """

    needed: int
    idle_minutes: float
    enough: bool
    few_officers: bool
    with_ranking: ArmTime
    without: ArmTime
    saved: Interval | None
    saved_clock: Interval | None
    choices_a_month: float | None
    hours_a_month: Interval | None
    results: Results
    reasons: Reasons
    adoption: Adoption
    spans: tuple[Span, ...]
    months: tuple[Month, ...]
    bins: tuple[Bin, ...]
    outside: tuple[tuple[str, int], ...]
    office_cases: int
    office_median: float | None


def interval(figure: Figure, places: int = 1, times: float = 1.0) -> Interval | None:
    """Return a measured figure as told to a reader; None when it was not measured.

    >>> interval(Figure(2.04, 1.02, 3.1))
    Interval(value=2.0, low=1.0, high=3.1)
    """
    if isnan(figure.value):
        return None
    value, low, high = (
        None if isnan(each) else round(each * times, places)
        for each in (figure.value, figure.low, figure.high)
    )
    return Interval(value or 0.0, low, high)
