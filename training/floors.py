"""What a ranker must reach on towns whose truth is known, and whether it does.

A figure of one town is the mean over its cases; towns are the sample, so an interval is Student's over the
towns (seeds), not over cases: it holds for the next town too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from training.metrics import DIRECTIONS, MARKS, Better, Figure

Measure = Literal["difference", "ratio", "value"]
EVERY = "all"


@dataclass(frozen=True)
class Floor:
    """``ours`` against ``theirs`` on ``metric``.

    A ``difference`` holds when its 95 % interval lies on the better side of ``least``, a ``ratio`` when its
    mean reaches ``least``, a ``value`` (of ``ours`` alone; ``theirs`` is empty) likewise. ``binding``: a miss
    fails the proof; otherwise it is an aim, printed alone.
    """

    ours: str
    theirs: str
    metric: str
    measure: Measure
    least: float
    binding: bool = True


FLOORS: tuple[Floor, ...] = (
    *(
        Floor("ranker", bar, metric, "difference", 0.0)
        for bar in ("know_how", "average")
        for metric in ("hit_at_1", "hit_at_5", "cover_at_5")
    ),
    Floor("ranker", "", "calibration_error", "value", 0.02),
    Floor("ranker", "", "resolution", "value", 0.0, binding=False),
    Floor("ranker", "veteran", "hit_at_1", "ratio", 1.20, binding=False),
    Floor("ranker", "veteran", "hit_at_5", "ratio", 1.03, binding=False),
    Floor("ranker", "veteran", "cover_at_5", "ratio", 1.06, binding=False),
    Floor("ranker", "veteran", "ndcg_at_10", "ratio", 1.09, binding=False),
    *(
        Floor("ranker", "ceiling", metric, "ratio", 0.95)
        for metric in ("hit_at_1", "hit_at_5", "cover_at_5", "ndcg_at_10")
    ),
    *(
        Floor("ceiling", "veteran", metric, "ratio", least, binding=False)
        for metric, least in (
            ("hit_at_1", 1.25),
            ("hit_at_5", 1.08),
            ("cover_at_5", 1.12),
            ("ndcg_at_10", 1.17),
        )
    ),
)
"""What must hold on towns of the usual size."""

COLD_FLOORS: tuple[Floor, ...] = (
    Floor("ranker", "veteran", "hit_at_5", "ratio", 0.95),
    Floor("ranker", "know_how", "hit_at_5", "ratio", 1.0),
)
"""What must hold where an office has only a thousand debtors."""

_DIRECTIONS = {**DIRECTIONS, **MARKS}


def t_interval(values: npt.ArrayLike, better: Better = Better.HIGHER) -> Figure:
    """Return the mean of ``values`` with Student's 95 % interval; one value alone has none (infinite).

    >>> t_interval([1.0, 1.0, 1.0])
    Figure(value=1.0, low=1.0, high=1.0, better=<Better.HIGHER: 'higher'>)
    """
    towns = np.asarray(values, dtype=np.float64)
    if not len(towns):
        return Figure(float("nan"), better=better)
    mean = float(towns.mean())
    if len(towns) == 1:
        return Figure(mean, float("-inf"), float("inf"), better)
    half = float(stats.t.ppf(0.975, len(towns) - 1) * towns.std(ddof=1) / np.sqrt(len(towns)))
    return Figure(mean, mean - half, mean + half, better)


def judge(scores: pd.DataFrame, floors: Sequence[Floor] = FLOORS) -> pd.DataFrame:
    """Return one row per style (and ``all``) and floor: [style, ..., mean, low, high, least, binding, holds].

    ``scores`` is [style, seed, ranking, metric, mean], one town per style and seed. A floor whose rankings
    are not both among the scores is left out.
    """
    wide = scores.pivot(index=["style", "seed"], columns=["ranking", "metric"], values="mean")
    styles = list(dict.fromkeys(scores["style"]))
    parts = [(style, wide.loc[wide.index.get_level_values("style") == style]) for style in styles]
    if len(styles) > 1:
        parts.append((EVERY, wide))
    rows = [
        (style, floor.ours, floor.theirs, floor.metric, floor.measure, *_judged(towns, floor))
        for style, towns in parts
        for floor in floors
        if {(name, floor.metric) for name in (floor.ours, floor.theirs) if name} <= set(wide.columns)
    ]
    names = [
        "style",
        "ours",
        "theirs",
        "metric",
        "measure",
        "mean",
        "low",
        "high",
        "least",
        "binding",
        "holds",
    ]
    return pd.DataFrame(rows, columns=names)


def _judged(towns: pd.DataFrame, floor: Floor) -> tuple[float, float, float, float, bool, bool]:
    better = _DIRECTIONS[floor.metric]
    lower = better is Better.LOWER
    found = t_interval(_measured(towns, floor), better)
    if floor.measure == "difference":
        holds = found.high < floor.least if lower else found.low > floor.least
    else:
        holds = found.value <= floor.least if lower else found.value >= floor.least
    return found.value, found.low, found.high, floor.least, floor.binding, bool(holds)


def _measured(towns: pd.DataFrame, floor: Floor) -> npt.NDArray[np.float64]:
    """Return the floor's measure of each town where both rankings competed."""
    names = [name for name in (floor.ours, floor.theirs) if name]
    table = towns[[(name, floor.metric) for name in names]].dropna().to_numpy(np.float64)
    measured: npt.NDArray[np.float64] = table[:, 0]
    if floor.measure == "difference":
        measured = measured - table[:, 1]
    elif floor.measure == "ratio":
        measured = measured / table[:, 1]
    return measured
