"""Effects: what is an officer's own in many cases, drawn to the office's mean where cases are few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.intp]

STEPS = 60  # of expectation and maximisation; measured to stand still by then
LEAST = 1e-6  # a spread below this is none


@dataclass(frozen=True)
class Effects:
    """``own``: shape (officers, traits), the expected effect of each trait with each officer.

    ``spread``: shape (traits,), the variance between officers of each trait's effect. ``chance``: the
    variance that no officer explains. ``doubt``: shape (officers, traits), the variance of ``own`` itself.
    """

    own: Numbers
    spread: Numbers
    chance: float
    doubt: Numbers


def officer_effects(
    rest: Numbers, traits: Numbers, officer: Counts, alike: Counts, *, weights: Numbers | None = None
) -> Effects:
    """Return the effects of a mixed model: rest = traits x own[officer] + chance, own ~ normal(0, spread).

    ``rest``: shape (rows,), log minutes less what the case explains. ``traits``: shape (rows, traits).
    ``officer``: who, 0 to officers - 1. ``alike``: shape (traits,), traits of one number share one spread.
    ``weights``: how much a row counts (1: a whole one). Spreads and chance are estimated with the effects
    (empirical Bayes by expectation and maximisation), so what does not differ between officers is drawn to
    nothing. Worked example: with a chance of 1 and a spread of 0.25, an officer of 12 cases keeps
    12 x 0.25 / (12 x 0.25 + 1) = 3/4 of the mean of those cases.
    """
    officers, width = int(officer.max()) + 1, traits.shape[1]
    weight = np.ones(len(rest)) if weights is None else weights
    gram, pull, size = _sums(rest, traits, officer, weight, officers)
    total = float((weight * rest**2).sum())
    chance = total / max(float(weight.sum()), 1.0)
    spread = np.full(width, max(chance * 0.2, LEAST))
    own: Numbers = np.zeros((officers, width))
    doubt: Numbers = np.zeros((officers, width, width))
    for _ in range(STEPS):
        doubt = _inverse(gram / chance + np.diag(1.0 / spread))
        own = np.einsum("ots,os->ot", doubt, pull) / chance
        second = own**2 + np.diagonal(doubt, axis1=1, axis2=2)
        by_group = np.bincount(alike, second[size > 0].mean(axis=0)) / np.bincount(alike)
        spread = np.maximum(by_group[alike], LEAST)
        left = total - 2 * float((own * pull).sum()) + float(np.einsum("ot,ots,os->", own, gram, own))
        chance = max((left + float(np.einsum("ots,ost->", gram, doubt))) / max(len(rest), 1), LEAST)
    return Effects(own, spread, chance, np.diagonal(doubt, axis1=1, axis2=2))


def _inverse(matrices: Numbers) -> Numbers:
    return np.asarray(np.linalg.inv(matrices), dtype=np.float64)


def _sums(
    rest: Numbers, traits: Numbers, officer: Counts, weight: Numbers, officers: int
) -> tuple[Numbers, Numbers, Numbers]:
    """Return per officer the sums of traits x traits, of traits x rest, and of rows."""
    width = traits.shape[1]
    gram, pull = np.zeros((officers, width, width)), np.zeros((officers, width))
    for who in np.unique(officer):
        rows = officer == who
        heavy = traits[rows] * weight[rows, None]
        gram[who], pull[who] = heavy.T @ traits[rows], heavy.T @ rest[rows]
    return gram, pull, np.bincount(officer, minlength=officers).astype(np.float64)
