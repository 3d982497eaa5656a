"""What an office may expect of its own amount of data, by the learning curve measured on made-up towns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

METRICS = ("hit_at_1", "hit_at_5", "cover_at_5")


@dataclass(frozen=True)
class Point:
    """With that many ``answers``: each figure of the ranker over that of the officers' written rules."""

    answers: int
    hit_at_1: float
    hit_at_5: float
    cover_at_5: float


CURVE: tuple[Point, ...] = (
    Point(2_151, 1.042, 1.026, 1.024),
    Point(4_171, 1.027, 1.028, 1.032),
    Point(8_452, 1.038, 1.024, 1.020),
    Point(16_931, 1.045, 1.028, 1.028),
    Point(32_000, 1.052, 1.039, 1.037),
)
"""What ``python -m training.learning_curve --seeds 1`` printed, over all styles; the last: ``make truth``.

Where there is little, what held-out cases say is rough: a town of 500 debtors has about sixty.
"""


def expected(answers: int, curve: Sequence[Point] = CURVE) -> Point:
    """Return what that many answers let expect: between two points on a logarithmic scale, flat beyond.

    >>> two = (Point(1000, 1.0, 1.0, 1.0), Point(4000, 1.2, 1.0, 1.0))
    >>> round(expected(2000, two).hit_at_1, 2)
    1.1
    """
    known = np.log([point.answers for point in curve])
    here = np.log(max(answers, 1))
    figures = {name: float(np.interp(here, known, [getattr(p, name) for p in curve])) for name in METRICS}
    return Point(answers, **figures)


def told(answers: int, hits: int, learnt: bool) -> str:
    """Return in a Japanese sentence how much data there is and what may be expected of it."""
    amount = f"学習に使える回答は{answers:,}件（判明{hits:,}件）です。"
    if not learnt:
        return amount + "まだ少ないため、職員の経験則で順位を付けます。回答が増えてから学習し直してください。"
    hope = expected(answers)
    gain = round(100 * (hope.hit_at_1 - 1))
    return amount + (
        f"架空の町での学習曲線では、この件数で先頭1件の判明が経験則より約{gain}%多く、先頭5件で満たす滞納額は"
        f"約{hope.cover_at_5:.2f}倍でした。実際の効果は tegakari backtest で確かめてください。"
    )
