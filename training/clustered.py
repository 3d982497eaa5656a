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


Draws = npt.NDArray[np.int64]
"""How often each cluster is drawn: (draws, clusters)."""

Statistic = Callable[[Group, npt.NDArray[np.int64], Draws], Array]
"""From a group, the numbers of the clusters in ascending order, and draws of them: one number a draw."""


def medians(group: Group, clusters: npt.NDArray[np.int64], times: Draws) -> Array:
    """Return the weighted median under each draw; NaN where nothing of the group is drawn.

    Where half of the weight lies exactly on either side, it is the middle between both.

    >>> three = Group(np.array([4.0, 1.0, 2.0]), np.ones(3), np.array([0, 0, 1]))
    >>> medians(three, np.array([0, 1]), np.array([[1, 1], [1, 0]])).tolist()
    [2.0, 2.5]
    """
    if not len(group):
        return np.full(len(times), np.nan)
    order = np.argsort(group.values, kind="stable")
    summed = np.zeros((len(clusters), len(group)))
    summed[np.searchsorted(clusters, group.clusters[order]), np.arange(len(group))] = group.weights[order]
    summed = summed.cumsum(axis=1)
    half = times @ summed[:, -1] / 2
    low, high = (_place(summed, times, half * (1 + slack)) for slack in (-1e-9, 1e-9))
    ordered = group.values[order]
    middle = np.asarray((ordered[low] + ordered[high]) / 2, dtype=np.float64)
    middle[half <= 0] = np.nan
    return middle


def means(group: Group, clusters: npt.NDArray[np.int64], times: Draws) -> Array:
    """Return the weighted mean under each draw; NaN where nothing of the group is drawn."""
    place = np.searchsorted(clusters, group.clusters)
    weight = np.bincount(place, group.weights, len(clusters))
    value = np.bincount(place, group.weights * group.values, len(clusters))
    total = times @ weight
    found = np.full(len(times), np.nan)
    np.divide(times @ value, total, out=found, where=total > 0)
    return found


def level(group: Group, statistic: Statistic = medians) -> float:
    """Return the weighted statistic of one group; NaN when it is empty."""
    clusters = np.unique(group.clusters)
    return float(statistic(group, clusters, np.ones((1, len(clusters)), dtype=np.int64))[0])


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
    chances = np.full(len(clusters), 1 / len(clusters))
    times = np.random.default_rng(seed).multinomial(len(clusters), chances, size=RESAMPLES)
    found = statistic(first, clusters, times) - statistic(second, clusters, times)
    usable = found[~np.isnan(found)]
    if len(usable) < RESAMPLES / 2:
        return Figure(value, better=better)
    low, high = np.quantile(usable, [0.025, 0.975])
    wider = _widening(len(clusters))
    return Figure(value, value - wider * (value - float(low)), value + wider * (float(high) - value), better)


def _place(summed: Array, times: Draws, bound: Array) -> npt.NDArray[np.int64]:
    """Return the first column at which the drawn rows of ``summed`` (rising) together exceed the bound.

    Found by halving: of (clusters, n) sums only a few columns a draw are added up.
    """
    low = np.zeros(len(times), dtype=np.int64)
    high = np.full(len(times), summed.shape[1] - 1, dtype=np.int64)
    while (low < high).any():
        middle = (low + high) // 2
        beyond = (summed[:, middle].T * times).sum(axis=1) > bound
        low, high = np.where(beyond, low, middle + 1), np.where(beyond, middle, high)
        low = np.minimum(low, high)
    return low


def _widening(clusters: int) -> float:
    """Return how much wider an interval over so few clusters has to be than over many.

    >>> round(_widening(5), 2), round(_widening(40), 2)
    (1.58, 1.05)
    """
    over_normal = student.ppf(0.975, clusters - 1) / student.ppf(0.975, np.inf)
    return float(over_normal * (clusters / (clusters - 1)) ** 0.5)
