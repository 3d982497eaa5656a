"""Exchange price: what giving a case to the next best officer would cost the whole office."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


def next_best(costs: Numbers, taken: Places, free: npt.NDArray[np.bool_]) -> Numbers:
    """Return per case the minutes by which all minutes grow when the next best officer takes it.

    ``costs``: shape (cases, officers), inf where they may not meet; ``taken``: the officer of each case;
    ``free``: officers with a seat to spare. Whoever takes a case in a full office passes one on, along the
    cheapest chain, until the seat that became empty is filled again. inf: nobody else may take it. The cases
    must be of one sort, so that the limits on hard cases and steps stay kept whoever passes on what. Chains
    end after four: forecasts are rounded, and a long chain would add up what rounding left over.
    """
    officers = costs.shape[1]
    chain = np.full((officers, officers), np.inf)
    for giver in range(officers):
        own = costs[taken == giver]
        if len(own):
            chain[giver] = (own - own[:, [giver]]).min(axis=0)
    np.fill_diagonal(chain, 0.0)
    for _ in range(2):
        chain = (chain[:, :, None] + chain[None, :, :]).min(axis=1)
    ends = chain if not free.any() else np.minimum(chain, chain[:, free].min(axis=1)[:, None])
    # ends[p, o]: what it costs to make room with p when the seat of o has become empty
    rows = np.arange(len(taken))
    dearer = costs - costs[rows, taken][:, None] + ends.T[taken]
    dearer[rows, taken] = np.inf
    return np.asarray(np.maximum(dearer.min(axis=1), 0.0), dtype=np.float64)
