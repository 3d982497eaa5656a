"""The shelf: rows sorted by their holder once, so that those of a few holders are found fast."""

from __future__ import annotations

import numpy as np

from features.tally import Ints


class Shelf:
    """Rows by holder. ``holders``: the number of each row's holder, (rows,); a negative one is nobody.

    >>> Shelf(np.array([4, 2, 4])).of(np.array([9, 4]))
    (array([1, 1]), array([0, 2]))
    """

    def __init__(self, holders: Ints) -> None:
        self._order = np.argsort(holders, kind="stable").astype(np.int64)
        self._holders = holders[self._order]

    def of(self, wanted: Ints) -> tuple[Ints, Ints]:
        """Return every pair of a question (place in ``wanted``) and a row of that holder, both (pairs,)."""
        start = np.searchsorted(self._holders, wanted, side="left")
        stop = np.searchsorted(self._holders, wanted, side="right")
        size = np.where(wanted < 0, 0, stop - start)
        question = np.repeat(np.arange(len(wanted)), size)
        within = np.arange(len(question)) - np.repeat(np.cumsum(size) - size, size)
        return question, self._order[start[question] + within]
