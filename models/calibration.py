"""Calibration: a rising curve from a model's raw score to what really came of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """A rising broken line: ``scores`` and ``values``, both (knots,), ascending.

    >>> Curve((0.0, 1.0), (0.1, 0.3)).at(np.array([-5.0, 0.5])).round(2).tolist()
    [0.1, 0.2]
    """

    scores: tuple[float, ...]
    values: tuple[float, ...]

    def at(self, scores: Floats) -> Floats:
        """Return the calibrated value of each score, (n,)."""
        return np.interp(scores, self.scores, self.values)


def fit_curve(scores: Floats, outcomes: Floats, weight: Floats, bins: int = 100) -> Curve:
    """Fit a rising curve of ``outcomes`` (between 0 and 1) on ``scores``, all (n,), of cases not fitted on.

    The mean of an isotonic and of a logistic regression over equal-mass bins: the first follows the data, the
    second keeps the line rising where a plateau would make different targets look alike, out to the
    lowest and the highest score.
    """
    order = np.argsort(scores, kind="stable")
    parts = np.array_split(order, max(1, min(bins, len(order) // 20)))
    middle = np.array([scores[part].mean() for part in parts])
    level = np.array([np.average(outcomes[part], weights=weight[part]) for part in parts])
    mass = np.array([weight[part].sum() for part in parts])
    stepped = IsotonicRegression(y_min=0.0, y_max=1.0).fit_transform(middle, level, sample_weight=mass)
    knots = np.concatenate([[scores.min()], middle, [scores.max()]])
    stepped = np.concatenate([stepped[:1], stepped, stepped[-1:]])
    rising = np.maximum.accumulate((stepped + _logistic(middle, level, mass, knots)) / 2)
    return Curve(tuple(map(float, knots)), tuple(map(float, rising)))


def _logistic(middle: Floats, level: Floats, mass: Floats, knots: Floats) -> Floats:
    """Return at ``knots`` the rising logistic line through ``level``; the mean level where it would fall."""
    columns, yes = np.concatenate([middle, middle])[:, None], np.repeat([1, 0], len(middle))
    weight = np.concatenate([mass * level, mass * (1 - level)])
    mean = np.full(len(knots), np.average(level, weights=mass))
    if not weight[: len(middle)].sum() or not weight[len(middle) :].sum():
        return mean
    fitted = LogisticRegression(C=1e3).fit(columns, yes, sample_weight=weight)
    if fitted.coef_[0][0] <= 0:
        return mean
    return np.asarray(fitted.predict_proba(knots[:, None])[:, 1], dtype=np.float64)
