"""Counting what was known by a day: events by key, asked for many keys and days at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_DAY_BITS = 17
LAST_DAY = (1 << _DAY_BITS) - 1
"""The last day (since 1970) that a tally can tell apart: in the year 2328."""

NEVER = np.int64(-1)
"""The day of an event that did not happen."""


@dataclass(frozen=True)
class Span:
    """Where the events of each question stand in the tally: ``start`` to ``stop``, both (n,)."""

    start: Ints
    stop: Ints


class Tally:
    """Events with a key (non-negative integer), a day (days since 1970) and amounts.

    A question (key, day) sees the events of that key on or before that day, never a later one. Events or
    questions with a negative key belong to nobody and count for nothing.

    >>> tally = Tally(np.array([7, 7, 9]), np.array([10, 20, 10]), {"hit": np.array([1.0, 0.0, 1.0])})
    >>> span = tally.known(np.array([7, 7, 9]), np.array([15, 20, 9]))
    >>> tally.count(span).tolist(), tally.total("hit", span).tolist()
    ([1.0, 2.0, 0.0], [1.0, 1.0, 0.0])
    """

    def __init__(self, keys: Ints, days: Ints, amounts: Mapping[str, Floats] | None = None) -> None:
        kept = keys >= 0
        stamps = (keys[kept].astype(np.int64) << _DAY_BITS) | days[kept].astype(np.int64)
        order = np.argsort(stamps, kind="stable")
        self._stamps = stamps[order]
        self._totals = {
            name: np.concatenate([[0.0], np.cumsum(amount[kept][order], dtype=np.float64)])
            for name, amount in (amounts or {}).items()
        }

    def known(self, keys: Ints, days: Ints) -> Span:
        """Return the span of the events each (key, day) may see; ``keys`` and ``days`` are (n,)."""
        base = np.maximum(keys, 0).astype(np.int64) << _DAY_BITS
        start = np.searchsorted(self._stamps, base, side="left")
        stop = np.searchsorted(self._stamps, base | days.astype(np.int64), side="right")
        return Span(start, np.where(keys < 0, start, np.maximum(start, stop)))

    def count(self, span: Span) -> Floats:
        """Return how many events each span holds, (n,)."""
        return (span.stop - span.start).astype(np.float64)

    def total(self, name: str, span: Span) -> Floats:
        """Return the sum of the amount ``name`` over each span, (n,)."""
        totals = self._totals[name]
        found: Floats = totals[span.stop] - totals[span.start]
        return found

    def last_day(self, span: Span) -> Ints:
        """Return the day of the last event in each span, ``NEVER`` where there is none, (n,)."""
        if not len(self._stamps):
            return np.full(len(span.stop), NEVER)
        last = self._stamps[np.maximum(span.stop - 1, 0)] & LAST_DAY
        return np.where(span.stop > span.start, last, NEVER)


def days_since_epoch(days: object) -> Ints:
    """Return days since 1970 of a datetime series or array; 0 where a day is missing.

    A fact without a day is a constant fact, so day 0 makes it known always. Days before 1970 count as day 0,
    those after ``LAST_DAY`` as that day.
    """
    stamps = np.asarray(days, dtype="datetime64[s]").astype("datetime64[D]")
    whole = np.clip(stamps.astype(np.int64), 0, LAST_DAY)
    return np.where(np.isnat(stamps), 0, whole)
