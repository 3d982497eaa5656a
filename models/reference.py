"""The reference: how inputs, scores and answers were spread when a model was learnt, to notice a change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BINS = 10
LEAST_KNOWN = 100.0
"""Cases' worth of known values below which a spread is not compared."""
LUMP = 0.05
"""A value that so large a share of the cases has in common gets a bin of its own."""
CLOSE = 0.25
"""The width of such a bin, to either side, in standard deviations: a rate that moves a little stays in it."""


@dataclass(frozen=True)
class Spread:
    """How one column was spread over cases, each case weighing 1 however many targets it has.

    ``edges``: inner borders of the bins, rising; ``shares``: of the known values in each bin (one more than
    edges, adding to 1). ``known``: cases' worth of known values; ``missing``: share without a value, 0..1.

    >>> [round(share, 2) for share in spread_of(np.array([1.0, 2.0, 2.0, np.nan]), np.ones(4)).shares]
    [0.0, 0.33, 0.0, 0.67, 0.0]
    """

    edges: tuple[float, ...]
    shares: tuple[float, ...]
    known: float
    missing: float

    def counts(self, values: Floats, weight: Floats) -> Floats:
        """Return the weight of the known ``values`` in each bin, (bins,)."""
        seen = ~np.isnan(values)
        place = np.searchsorted(self.edges, values[seen], side="right")
        return np.bincount(place, weights=weight[seen], minlength=len(self.shares)).astype(np.float64)


def psi(then: Spread, counts: Floats) -> float:
    """Return the population stability index of ``counts`` (bins,) against ``then``.

    Half a case is added to each bin, so that an empty one does not make it infinite.
    """
    bins = len(then.shares)
    old = (np.asarray(then.shares) * then.known + 0.5) / (then.known + 0.5 * bins)
    new = (counts + 0.5) / (counts.sum() + 0.5 * bins)
    return float(((new - old) * np.log(new / old)).sum())


@dataclass(frozen=True)
class Answered:
    """Answered inquiries of one kind of target, and how many of them were hits."""

    answers: int
    hits: int


@dataclass(frozen=True)
class Reference:
    """What the records looked like on ``day`` (ISO): over ``cases`` open cases drawn at random.

    ``inputs``: by input of the ranker; ``usual``: the largest PSI of each within the year before (absent: 0).
    ``score``: of the best target's probability (None: the rules rank).
    ``answered``: by kind. ``institutions``: names by ``kind|code`` of banks, insurers and the like.
    """

    day: str
    cases: int
    inputs: Mapping[str, Spread]
    usual: Mapping[str, float]
    score: Spread | None
    answered: Mapping[str, Answered]
    institutions: Mapping[str, str]

    def to_text(self) -> str:
        """Return the reference as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> Reference:
        """Return the reference of ``to_text``; ValueError, KeyError or TypeError where it is damaged."""
        facts = json.loads(text)
        return cls(
            str(facts["day"]),
            int(facts["cases"]),
            {str(name): _spread(each) for name, each in facts["inputs"].items()},
            {str(name): float(each) for name, each in facts["usual"].items()},
            None if facts["score"] is None else _spread(facts["score"]),
            {str(kind): Answered(**each) for kind, each in facts["answered"].items()},
            {str(key): str(name) for key, name in facts["institutions"].items()},
        )


def spread_of(values: Floats, weight: Floats) -> Spread:
    """Return how ``values`` (n,; NaN: unknown) are spread, each weighing ``weight``."""
    seen = ~np.isnan(values)
    known, heavy = values[seen], weight[seen]
    total = float(heavy.sum())
    missing = 1.0 - total / float(weight.sum()) if weight.sum() else 0.0
    if not len(known):
        return Spread((), (1.0,), 0.0, missing)
    edges = _edges(known, heavy)
    counts = np.bincount(np.searchsorted(edges, known, side="right"), weights=heavy, minlength=len(edges) + 1)
    return Spread(
        tuple(float(edge) for edge in edges),
        tuple(float(share) for share in counts / total),
        total,
        missing,
    )


def _edges(known: Floats, weight: Floats) -> Floats:
    """Return borders at the deciles, and around each value that holds a twentieth of the weight or more.

    Such a value (a zero, a flag) is a bin of its own: what is moved off it falls into another.
    """
    order = np.argsort(known, kind="stable")
    rising = known[order]
    different, first = np.unique(rising, return_index=True)
    held = np.add.reduceat(weight[order], first) / weight.sum()
    reached = np.cumsum(held)
    deciles = different[np.minimum(np.searchsorted(reached, np.arange(1, BINS) / BINS), len(different) - 1)]
    lumps = np.flatnonzero(held >= LUMP)
    near = float(np.std(known)) * CLOSE or 0.5
    around = np.concatenate([different[lumps] - near, different[lumps] + near])
    plain = deciles[~np.isin(deciles, different[lumps])]
    return np.unique(np.concatenate([plain, around]))


def _spread(facts: Mapping[str, object]) -> Spread:
    edges, shares = facts["edges"], facts["shares"]
    if not isinstance(edges, list) or not isinstance(shares, list) or len(shares) != len(edges) + 1:
        raise ValueError("a spread has one share more than edges")
    return Spread(
        tuple(map(float, edges)),
        tuple(map(float, shares)),
        float(str(facts["known"])),
        float(str(facts["missing"])),
    )
