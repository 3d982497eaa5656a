"""Differences between two groups of one trial, with intervals that count persons, not their cases.

The cases of one officer are alike. So officers are drawn with replacement, each with all of their cases
in both groups, and the interval is widened as Student's t is over the normal, because few officers vary
too little among their own draws. Weights undo unequal chances of falling into a group (one over the
chance), so that a share that was changed on the way does not mix up the months.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from training.metrics import RESAMPLES, Better, Figure

Array = npt.NDArray[np.float64]

FEW_CLUSTERS = 10
"""With fewer officers than this an interval is likely to be too narrow, and has to be read so."""


@dataclass(frozen=True)
class Group:
    """The cases of one group: of each a value, a weight (above 0) and the number of a cluster, (n,)."""

    values: Array
    weights: Array
    clusters: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.values)


Statistic = Callable[[Array, Array], Array]
"""From values (n,) and weights (draws, n) to one number a draw."""


def medians(values: Array, weights: Array) -> Array:
    """Return the weighted median of ``values`` under each row of ``weights``; NaN where all are 0.

    Where half of the weight lies exactly on either side, it is the middle between both.

    >>> medians(np.array([4.0, 1.0, 2.0]), np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0]])).tolist()
    [2.0, 2.5]
    """
    if not len(values):
        return np.full(len(weights), np.nan)
    order = np.argsort(values, kind="stable")
    ordered, summed = values[order], np.cumsum(weights[:, order], axis=1)
    half = summed[:, -1:] / 2
    slack = 1e-9 * half
    low = np.argmax(summed >= half - slack, axis=1)
    high = np.argmax(summed > half + slack, axis=1)
    middle = np.asarray((ordered[low] + ordered[high]) / 2, dtype=np.float64)
    middle[half[:, 0] <= 0] = np.nan
    return middle


def means(values: Array, weights: Array) -> Array:
    """Return the weighted mean of ``values`` under each row of ``weights``; NaN where all are 0."""
    total = weights.sum(axis=1)
    found = np.full(len(weights), np.nan)
    np.divide(weights @ values, total, out=found, where=total > 0)
    return found


def level(group: Group, statistic: Statistic = medians) -> float:
    """Return the weighted statistic of one group; NaN when it is empty."""
    return float(statistic(group.values, group.weights[None, :])[0])


def gap(
    first: Group,
    second: Group,
    statistic: Statistic = medians,
    better: Better = Better.HIGHER,
    seed: int = 0,
) -> Figure:
    """Return ``statistic(first) - statistic(second)`` with its 95 % interval over clusters.

    NaN bounds where an interval cannot be told (one cluster, or an empty group in most draws).
    """
    value = level(first, statistic) - level(second, statistic)
    clusters = np.unique(np.concatenate([first.clusters, second.clusters]))
    if len(clusters) < 2 or not len(first) or not len(second):
        return Figure(value, better=better)
    rng = np.random.default_rng(seed)
    drawn = []
    for start in range(0, RESAMPLES, 50):
        size = min(50, RESAMPLES - start)
        times = rng.multinomial(len(clusters), np.full(len(clusters), 1 / len(clusters)), size=size)
        sides = [
            statistic(group.values, times[:, np.searchsorted(clusters, group.clusters)] * group.weights)
            for group in (first, second)
        ]
        drawn.append(sides[0] - sides[1])
    found = np.concatenate(drawn)
    usable = found[~np.isnan(found)]
    if len(usable) < RESAMPLES / 2:
        return Figure(value, better=better)
    low, high = np.quantile(usable, [0.025, 0.975])
    wider = _widening(len(clusters))
    return Figure(value, value - wider * (value - float(low)), value + wider * (float(high) - value), better)


def _widening(clusters: int) -> float:
    """Return how much wider an interval over so few clusters has to be than over many.

    >>> round(_widening(5), 2), round(_widening(40), 2)
    (1.58, 1.05)
    """
    over_normal = student.ppf(0.975, clusters - 1) / student.ppf(0.975, np.inf)
    return float(over_normal * (clusters / (clusters - 1)) ** 0.5)
