"""The blend: how far the trees and how far the officers' rules are believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Blend:
    """How far the trees and how far the officers' rules are believed about a hit, learnt on held-back cases.

    Log-odds of a hit = ``trees`` x the trees' log-odds + ``rules`` x (the rules' log-odds - ``centre``) +
    ``shift``. With few outcomes the rules weigh more, with many hardly at all.
    """

    trees: float
    rules: float
    centre: float
    shift: float

    def of(self, trees: Floats, rules: Floats) -> Floats:
        """Return the blended log-odds, (n,)."""
        return self.trees * trees + self.rules * (rules - self.centre) + self.shift


def fit_blend(trees: Floats, rules: Floats, hit: Floats, weight: Floats) -> Blend:
    """Learn how far to believe the trees and the rules, all (n,), on cases not fitted on.

    Where one of them would be believed backwards, the trees alone are believed.
    """
    centre = float(np.average(rules, weights=weight))
    columns = np.column_stack([trees, rules - centre])
    fitted = LogisticRegression(C=1e3).fit(columns, hit, sample_weight=weight)
    (of_trees, of_rules), shift = fitted.coef_[0], float(fitted.intercept_[0])
    if min(of_trees, of_rules) < 0:
        return Blend(1.0, 0.0, centre, 0.0)
    return Blend(float(of_trees), float(of_rules), centre, shift)
