"""How likely a target was to be asked, from what the records said on the eve: the old policy, estimated.

Choices were officers', so outcomes exist only where they asked. A propensity lets an answered inquiry speak
for the targets like it that were not asked. It is estimated, not logged: what officers knew beside the
records is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from features.matrix import Matrix
from training.calibration import Calibration, calibration

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FLOOR = 0.01
"""Below it a propensity is cut to it: one answer never speaks for more than a hundred targets."""

_FOLDS = 3
_ROUNDS = 120


@dataclass(frozen=True)
class Propensity:
    """The chance that an officer asks a candidate in the first round. ``slope`` and ``shift`` calibrate.

    ``out_of_fold``: the propensity of each pair fitted on, by trees that had not seen its case, in
    [floor, 1), (n,): what to weigh those very pairs with, for ``of`` is too sure of what it was fitted on.
    ``held_back``: how well these say what was asked. ``clipped``: the share of them cut to ``floor``.
    """

    trees: lgb.Booster
    slope: float
    shift: float
    floor: float
    out_of_fold: Floats
    held_back: Calibration
    clipped: float

    def of(self, matrix: Matrix) -> Floats:
        """Return the propensity of every pair of ``matrix``, in [floor, 1), (n,)."""
        return np.clip(_chance(_raw(self.trees, matrix), self.slope, self.shift), self.floor, 1.0)


def fit_propensity(
    matrix: Matrix, asked: Flags, *, floor: float = FLOOR, seed: int = 0, threads: int = 1
) -> Propensity:
    """Fit on every candidate of past cases: ``asked`` in the first round or not, (n,).

    Few leaves and large ones; the log-odds are calibrated on cases that were not fitted on. Raises
    ValueError where nothing, or everything, was asked.
    """
    if len(asked) != len(matrix.pairs):
        raise ValueError("asked must have one value a pair of the matrix")
    if not asked.any() or asked.all():
        raise ValueError("a propensity needs both asked and unasked candidates")
    fold = np.random.default_rng(seed).permutation(len(matrix.pairs.cases))[matrix.pairs.case] % _FOLDS
    held = np.zeros(len(asked))
    for number in range(_FOLDS):
        out = fold == number
        if out.any() and 0 < asked[~out].sum() < (~out).sum():
            held[out] = _raw(_grow(matrix.take(~out), asked[~out], seed, threads), matrix.take(out))
    line = LogisticRegression(C=1e3).fit(held[:, None], asked)
    slope, shift = float(line.coef_[0][0]), float(line.intercept_[0])
    chance = _chance(held, slope, shift)
    return Propensity(
        _grow(matrix, asked, seed, threads),
        slope,
        shift,
        floor,
        np.clip(chance, floor, 1.0),
        calibration(chance, asked.astype(np.float64)),
        float((chance < floor).mean()),
    )


def _grow(matrix: Matrix, asked: Flags, seed: int, threads: int) -> lgb.Booster:
    parameters = {
        "objective": "binary",
        "learning_rate": 0.06,
        "num_leaves": 15,
        "min_data_in_leaf": 40,
        "feature_fraction": 0.5,
        "lambda_l2": 5.0,
        "seed": seed,
        "num_threads": threads,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }
    names = list(matrix.values.columns)
    data = lgb.Dataset(matrix.values.to_numpy(), asked.astype(np.float64), feature_name=names)
    return lgb.train(parameters, data, _ROUNDS)


def _raw(trees: lgb.Booster, matrix: Matrix) -> Floats:
    return np.asarray(trees.predict(matrix.values.to_numpy(), raw_score=True), dtype=np.float64)


def _chance(raw: Floats, slope: float, shift: float) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-(slope * raw + shift))), dtype=np.float64)
