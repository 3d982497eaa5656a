"""Rounds: what the answers of a case teach about its targets that were not asked yet.

Features change by themselves when a reply comes in: a bank that answered none is known as blank, a found
account as an account. What remains is whether a surprise at one target speaks about the others. How far it
does is learnt from the office's own log, from inquiries sent after first answers were known, and believed
only where it foretells held-back cases better than no such belief.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.roll import BANK
from features.tally import Ints

Floats = npt.NDArray[np.float64]
SIGNALS: tuple[str, ...] = ("bank_alike", "bank_elsewhere", "other_alike", "other_elsewhere")
"""For targets that are banks and for others: surprises at targets of the same kind, and of other kinds."""

LEAST_SECOND = 150
"""Answers of second rounds below which nothing is learnt."""

_RIDGE, _STEPS, _FOLDS, _SURE, _FURTHEST = 5.0, 25, 5, 2.0, 2.0


@dataclass(frozen=True)
class Rounds:
    """``weights``: log-odds per unit of each of ``SIGNALS``; ``answers``: how many they were learnt from.

    The unit is a surprise: a blank where a hit was expected with probability p counts -p, a hit 1 - p.
    """

    weights: tuple[float, ...]
    answers: int

    def shift(self, signals: Floats) -> Floats:
        """Return the log-odds that the answers of its case add to each pair, (n,); ``signals`` (n, 4).

        >>> Rounds((1.0, 0.0, 0.0, 0.0), 200).shift(np.array([[-0.5, 0.0, 0.0, 0.0]])).tolist()
        [-0.5]
        """
        shift = np.clip(signals @ np.asarray(self.weights), -_FURTHEST, _FURTHEST)
        return np.asarray(shift, dtype=np.float64)

    def to_text(self) -> str:
        """Return the weights as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Rounds:
        """Return what ``to_text`` wrote."""
        told = json.loads(text)
        return cls(tuple(float(each) for each in told["weights"]), int(told["answers"]))


def signals_of(case: Ints, kinds: npt.NDArray[np.object_], answers: pd.DataFrame) -> Floats:
    """Return ``SIGNALS`` of each pair, (n, 4). ``case`` and ``kinds``: of the pairs, (n,).

    ``answers``: case, kind, hit (0/1), probability (of a hit, before the answer was known).
    """
    told = answers.assign(surprise=answers["hit"] - answers["probability"])
    pairs = pd.MultiIndex.from_arrays([case, kinds])
    alike = told.groupby(["case", "kind"])["surprise"].sum().reindex(pairs).fillna(0.0).to_numpy(float)
    every = told.groupby("case")["surprise"].sum().reindex(case).fillna(0.0).to_numpy(float)
    bank = kinds == BANK
    columns = (alike * bank, (every - alike) * bank, alike * ~bank, (every - alike) * ~bank)
    return np.column_stack(columns).astype(np.float64)


def fit_rounds(signals: Floats, probability: Floats, hit: Floats, case: Ints) -> Rounds | None:
    """Return what second rounds taught; None where they were too few, or taught nothing that holds.

    ``signals`` (n, 4), ``probability`` as forecast before any answer (on cases not fitted on), ``hit`` 0/1,
    ``case``: a number; a case stays in one fold. Held-back log loss has to fall by two standard errors.
    """
    if len(hit) < LEAST_SECOND:
        return None
    offset = log_odds(probability)
    gain = np.zeros(len(hit))
    for fold in range(_FOLDS):
        held = case % _FOLDS == fold
        weights = _weights(signals[~held], offset[~held], hit[~held])
        with_level = offset[held] + weights[-1]
        gain[held] = _loss(with_level, hit[held]) - _loss(
            with_level + signals[held] @ weights[:-1], hit[held]
        )
    if gain.mean() < _SURE * gain.std() / np.sqrt(len(gain)):
        return None
    return Rounds(tuple(float(each) for each in _weights(signals, offset, hit)[:-1]), len(hit))


def log_odds(probability: Floats) -> Floats:
    """Return the log-odds, finite also for a probability of 0 or 1."""
    safe = np.clip(probability, 1e-4, 1.0 - 1e-4)
    return np.asarray(np.log(safe / (1.0 - safe)), dtype=np.float64)


def moved(probability: Floats, shift: Floats) -> Floats:
    """Return the probability after ``shift`` was added to its log-odds; unmoved where the shift is zero.

    >>> moved(np.array([0.5, 0.2]), np.array([np.log(3.0), 0.0])).round(2).tolist()
    [0.75, 0.2]
    """
    after = 1.0 / (1.0 + np.exp(-(log_odds(probability) + shift)))
    return np.where(shift == 0, probability, after)


def _weights(signals: Floats, offset: Floats, hit: Floats) -> Floats:
    """Return the weight of each signal and, last, the level, by Newton's steps.

    The level is fitted beside them and never used: officers chose whom to ask a second time.
    """
    columns = np.column_stack([signals, np.ones(len(hit))])
    penalty = np.diag([*[_RIDGE] * signals.shape[1], 1e-6])
    weights = np.zeros(columns.shape[1])
    for _ in range(_STEPS):
        expected = 1.0 / (1.0 + np.exp(-(offset + columns @ weights)))
        slope = columns.T @ (hit - expected) - penalty @ weights
        bend = (columns * (expected * (1.0 - expected))[:, None]).T @ columns + penalty
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def _loss(odds: Floats, hit: Floats) -> Floats:
    return np.asarray(np.logaddexp(0.0, odds) - hit * odds, dtype=np.float64)
