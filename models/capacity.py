"""Capacity: how many cases of a run each officer may take, and how many of the hardest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

TOLERANCE = 1.05
"""Nobody takes more than this times the FTE share of a run, however little they hold already."""
RELIEF = 2.0
"""Nobody takes more than this times the FTE share of the hardest fifth: veterans are relieved, too."""
HARDEST_SHARE = 0.2


def capacities(fte: pd.Series, cases: int, load: pd.Series | None = None) -> Counts:
    """Return how many cases each officer may take: the FTE share of ``cases``, rounded up.

    ``load``: cases in hand that are not among those assigned. Who holds more than others gets fewer, so
    that all come as near to one load per FTE as ``TOLERANCE`` allows.

    >>> capacities(pd.Series([1.0, 0.5, 0.5]), 10).tolist()
    [5, 3, 3]
    >>> capacities(pd.Series([1.0, 1.0]), 100, pd.Series([3, 0])).tolist()
    [49, 52]
    """
    full = fte.to_numpy(dtype=np.float64)
    share = full / full.sum() * cases
    if load is not None:
        held = load.to_numpy(dtype=np.float64)
        share = _levelled(full, held, share * TOLERANCE, cases)
    places: Counts = np.ceil(np.round(share, 9)).astype(np.int64)
    return places


def most_hard(fte: pd.Series, hard: int) -> Counts:
    """Return how many of ``hard`` hardest cases each officer may take.

    >>> most_hard(pd.Series([1.0, 1.0, 0.5, 0.5]), 30).tolist()
    [20, 20, 10, 10]
    """
    full = fte.to_numpy(dtype=np.float64)
    places: Counts = np.ceil(np.round(RELIEF * full / full.sum() * hard, 9)).astype(np.int64)
    return places


def hardest(minutes: pd.Series, debtors: pd.Series) -> npt.NDArray[np.bool_]:
    """Return which cases are the fifth that takes longest (ties: the later debtor_id)."""
    order = np.lexsort((debtors.to_numpy(), minutes.to_numpy(dtype=np.float64)))
    hard = np.zeros(len(order), dtype=bool)
    hard[order[len(order) - round(HARDEST_SHARE * len(order)) :]] = True
    return hard


def _levelled(full: Numbers, held: Numbers, most: Numbers, cases: int) -> Numbers:
    """Return shares of ``cases`` that bring ``held`` to one level per FTE, none above ``most``."""
    low, high = 0.0, float((held.sum() + cases) / full[full > 0].min()) * 2 + 1
    for _ in range(80):
        level = (low + high) / 2
        taken = float(np.clip(full * level - held, 0.0, most).sum())
        low, high = (level, high) if taken < cases else (low, level)
    return np.clip(full * high - held, 0.0, most)
