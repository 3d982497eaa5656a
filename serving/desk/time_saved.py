"""The minutes a choice takes with the product, beside the office's own record of choosing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class TimeSaved:
    """Medians in minutes; every figure that rests on too few choices is None.

    ``choices`` are finished choices that count, ``interrupted`` those left out because they took longer
    than ``idle_minutes``, ``needed`` how many must count before anything is stated. ``baseline`` is the
    office's own median of ``selecting_minutes`` over ``baseline_cases`` finished cases: not a controlled
    comparison, because other cases and other days stand behind it.
    """

    choices: int
    interrupted: int
    needed: int
    idle_minutes: float
    enough: bool
    median_minutes: float | None
    baseline_cases: int
    baseline: float | None
    saved_per_case: float | None
    kept_share: float | None


@dataclass(frozen=True)
class FinishedChoice:
    """One finished choice: its minutes and how many targets were accepted, added and dropped."""

    minutes: float
    accepted: int
    added: int
    dropped: int


def time_saved(
    choices: Sequence[FinishedChoice], baseline: Sequence[float], needed: int, idle_minutes: float
) -> TimeSaved:
    """Compare the choices with the office's own minutes; nothing is stated on too few of either.

    >>> report = time_saved([FinishedChoice(4, 3, 0, 1)] * 3, [30, 40, 50], needed=3, idle_minutes=60)
    >>> report.saved_per_case, report.kept_share
    (36.0, 0.75)
    """
    counted = [choice for choice in choices if choice.minutes <= idle_minutes]
    enough = len(counted) >= needed and len(baseline) >= needed
    ours = round(float(median(choice.minutes for choice in counted)), 1) if len(counted) >= needed else None
    theirs = round(float(median(baseline)), 1) if len(baseline) >= needed else None
    return TimeSaved(
        choices=len(counted),
        interrupted=len(choices) - len(counted),
        needed=needed,
        idle_minutes=idle_minutes,
        enough=enough,
        median_minutes=ours,
        baseline_cases=len(baseline),
        baseline=theirs,
        saved_per_case=round(theirs - ours, 1) if ours is not None and theirs is not None else None,
        kept_share=_kept_share(counted) if len(counted) >= needed else None,
    )


def _kept_share(choices: Sequence[FinishedChoice]) -> float | None:
    kept = sum(choice.accepted for choice in choices)
    touched = kept + sum(choice.added + choice.dropped for choice in choices)
    return round(kept / touched, 3) if touched else None
