"""Growth: how much faster everybody gets with the months in post, and how much more so on harder cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

KNOTS = (0.0, 3.0, 6.0, 12.0, 18.0, 24.0, 36.0, 48.0)
"""Months between which the curve is straight; after the last it is level, because nothing is known there."""

STEEPEST = 0.5  # of the gain, per unit of hardness: at a hardness of 2 a gain doubles, at -2 it is none
HARDEST = 2.0
ROUNDS = 4


@dataclass(frozen=True)
class Growth:
    """``steps``: fall of the log minutes between one of ``KNOTS`` and the next, each zero or more.

    ``slope``: by which share the fall is larger per unit of hardness (standard deviations of the expected
    log minutes). ``usual``: the fall of the office's mean case, from which everything is counted.
    """

    steps: tuple[float, ...]
    slope: float
    usual: float

    def log_ratio(self, months: Numbers, hardness: Numbers | float = 0.0) -> Numbers:
        """Return the log ratio to the minutes at the usual months; arguments broadcast. Never rises.

        >>> Growth((0.3,) + (0.0,) * 6, 0.0, 0.1).log_ratio(np.array([0.0, 1.0, 3.0, 99.0])).round(2).tolist()
        [0.1, 0.0, -0.2, -0.2]
        """
        fall = ramps(months) @ np.asarray(self.steps)
        hard = np.clip(hardness, -HARDEST, HARDEST)
        return np.asarray((self.usual - fall) * (1.0 + self.slope * hard), dtype=np.float64)


def ramps(months: Numbers) -> Numbers:
    """Return how far each stretch between ``KNOTS`` is walked: shape (..., 7), each from 0 to 1."""
    low, high = np.asarray(KNOTS[:-1]), np.asarray(KNOTS[1:])
    walked: Numbers = np.clip((np.asarray(months)[..., None] - low) / (high - low), 0.0, 1.0)
    return walked


def fit_growth(rest: Numbers, months: Numbers, hardness: Numbers, officer: Places) -> Growth:
    """Return the growth of log minutes less what the cases explain, read within each officer.

    Those who stay may differ from those who leave, so only what one officer's own months say counts. The
    curve may have any shape that never rises: some offices learn at once, some only after a year.
    """
    hard = np.clip(hardness, -HARDEST, HARDEST)
    walked, centred, slope = ramps(months), within(rest, officer), 0.0
    steps = np.zeros(walked.shape[1])
    for _ in range(ROUNDS):
        gain = within((walked.mean(axis=0) - walked) * (1.0 + slope * hard)[:, None], officer)
        steps = nnls(gain.T @ gain + 1e-6 * np.eye(len(steps)), gain.T @ centred)[0]
        fall = walked @ steps
        more = within((fall.mean() - fall) * hard, officer)
        left = centred - within(-fall, officer)
        slope = float(np.clip(more @ left / max(float(more @ more), 1e-9), -STEEPEST, STEEPEST))
    return Growth(tuple(float(step) for step in steps), slope, float((walked @ steps).mean()))


def within(values: Numbers, officer: Places) -> Numbers:
    """Return ``values`` (rows, or rows and columns) less the mean of each officer's own rows."""
    size = np.bincount(officer)
    flat = values.reshape(len(values), -1)
    means = np.stack([np.bincount(officer, column) / np.maximum(size, 1) for column in flat.T], axis=1)
    return np.asarray((flat - means[officer]).reshape(values.shape), dtype=np.float64)
