"""Active minutes: the time between signs of work on a case, each pause counted up to a limit.

A sign of work is a request (a page opened, a reply entered, a choice sent), and where the browser runs the
page's small script, a minute in which a key or the pointer was used on the page. A stretch between two signs
counts when it begins or ends on the case; what somebody does elsewhere in between does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

MOST_MARKS = 600
LONGEST_SECONDS = 86_400


@dataclass(frozen=True)
class Sign:
    """A sign of work at a moment; ``here``: on the case that is measured."""

    at: datetime
    here: bool = True


@dataclass(frozen=True)
class Measured:
    """Minutes by the clock and active minutes; ``marks``: how many signs the page itself gave."""

    minutes: float
    active_minutes: float
    marks: int


def active_minutes(signs: Iterable[Sign], idle_minutes: float) -> float:
    """Return the minutes between signs, each pause counted up to ``idle_minutes``.

    >>> nine = datetime(2026, 4, 1, 9)
    >>> minute = lambda n, here=True: Sign(nine + timedelta(minutes=n), here)
    >>> active_minutes([minute(0), minute(4), minute(64)], idle_minutes=10)  # an hour at the counter
    14.0
    >>> active_minutes([minute(0), minute(2, False), minute(7, False), minute(8)], 10)  # another case
    3.0
    """
    ordered = sorted(signs, key=lambda sign: sign.at)
    pauses = [
        (later.at - sign.at).total_seconds() / 60
        for sign, later in pairwise(ordered)
        if sign.here or later.here
    ]
    return sum(min(pause, idle_minutes) for pause in pauses)


def measure(
    begun: datetime, ended: datetime, others: Iterable[Sign], marks: Sequence[int], idle_minutes: float
) -> Measured:
    """Measure one choice from ``begun`` to ``ended``.

    ``others``: the user's signs in between; ``marks``: seconds before the end at which the page was worked
    on, as the page tells. Marks outside of the choice count for nothing, so that no page can add time.
    """
    told = [ended - timedelta(seconds=mark) for mark in marks[:MOST_MARKS]]
    inside = [moment for moment in told if begun < moment < ended]
    signs = [Sign(begun), *others, *(Sign(moment) for moment in inside), Sign(ended)]
    within = [sign for sign in signs if begun <= sign.at <= ended]
    clock = (ended - begun).total_seconds() / 60
    return Measured(round(clock, 2), round(active_minutes(within, idle_minutes), 2), len(inside))


def marks_of(text: str) -> tuple[int, ...]:
    """Read what the page's script tells: seconds before sending, with commas; nonsense is passed over.

    >>> marks_of("0,61,x,-4,122"), marks_of("")
    ((0, 61, 122), ())
    """
    numbers = (int(part) for part in text.split(",") if part.isascii() and part.isdecimal() and len(part) < 7)
    return tuple(number for number in numbers if number <= LONGEST_SECONDS)[:MOST_MARKS]
