"""Moves: what a matching made again changes of the one before, and why a case could not stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.run import Run

Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Moves:
    """Cases of the earlier matching that are matched again.

    They ``stayed``, or moved because their officer is away (``away``), may not take them any more
    (``barred``) or has no place left (``full``).
    """

    stayed: int = 0
    away: int = 0
    barred: int = 0
    full: int = 0

    @property
    def moved(self) -> int:
        """Return how many cases change hands."""
        return self.away + self.barred + self.full


def moves_of(run: Run, taken: Places) -> Moves | None:
    """Return what became of the pairs to keep (None: there were none).

    ``taken``: the officer's place of each case of the run.
    """
    if run.terms.keep is None:
        return None
    names = run.officers["staff_id"]
    kept = run.cases["debtor_id"].map(run.terms.keep)
    before = kept[kept.notna()].to_numpy()
    rows = np.flatnonzero(kept.notna().to_numpy(dtype=bool))
    place = np.asarray(names.reset_index(drop=True).tolist(), dtype=object)
    stayed = place[taken[rows]] == before
    where = {name: number for number, name in enumerate(names)}
    seats = np.array([where.get(name, -1) for name in before], dtype=np.intp)
    away = ~stayed & (seats < 0)
    barred = ~stayed & (seats >= 0) & np.isinf(run.extra[rows, seats])
    full = ~stayed & ~away & ~barred
    return Moves(int(stayed.sum()), int(away.sum()), int(barred.sum()), int(full.sum()))
