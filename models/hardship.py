"""Hardship: how likely a case is one without property to be found and in hardship at the same time.

No record says "in hardship" of everybody: officers write it down where they hear it, and suspend some of the
cases in which nothing was found. So hardship is taken as hidden (a latent class): what debtors say and
what officers decided are its signs, seen more often in hardship than outside it, and the facts of the
case say how likely it was to begin with. All three are learnt together from the office's own records (EM).
It is a finding for an officer, who decides; nothing here is an input of the ranking.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.rounds import log_odds

Floats = npt.NDArray[np.float64]

FACTS: tuple[str, ...] = (
    "income_total", "income_total_before", "salary", "pension", "business", "filed", "unfiled_years",
    "payroll_withheld", "arrears", "open_debts", "arrears_fiscal_years", "paid_share", "age", "dependents",
    "household_size", "moved_out", "vehicles", "insurance_years", "housing_loan_years", "company",
)  # fmt: skip
"""Facts of a case (its profile) that say how likely hardship is; yen and counts are taken as logarithms."""

SIGNS: tuple[str, ...] = ("statements", "suspended", "deferred")
"""Contacts in which hardship was stated; whether it was suspended for hardship; whether it was deferred."""

LEAST_STATED, LEAST_CASES = 40, 300
"""Cases with a statement, and cases in all, below which nothing is learnt and the written rule speaks."""

_STEPS, _RIDGE = 60, 100.0
_PRIOR = ((0.01, 0.15, 100.0), (0.005, 0.2, 20.0), (0.02, 0.03, 300.0))
"""Of each sign: rates outside and in hardship before any record, and how many observations they are worth.

A deferral has many grounds besides hardship: it may not make up its own hidden class.
"""
_RULE = {"base": -2.2, "stated": 2.0, "no_income": 0.9, "income": -0.5}
"""The written rule, in log-odds: one case in ten is in hardship; a statement or no income speak for it."""


@dataclass(frozen=True)
class HardshipModel:
    """``weights`` of the standardised ``FACTS`` and of their absence, ``level``: log-odds before any sign.

    ``means`` and ``spreads`` standardise. ``rates``: of each of ``SIGNS`` outside and in hardship (of
    statements: a contact). ``property_weights``: level, log-odds of finding nothing, hardship, of which the
    log-odds of there being nothing are made. ``cases``: how many it was learnt from (0: the written rule).
    """

    level: float
    weights: tuple[float, ...]
    means: tuple[float, ...]
    spreads: tuple[float, ...]
    rates: tuple[tuple[float, float], ...]
    property_weights: tuple[float, float, float]
    cases: int

    def parts(self, profiles: pd.DataFrame, signs: pd.DataFrame) -> pd.DataFrame:
        """Return what each fact and sign adds to the log-odds of hardship, (cases, FACTS + SIGNS).

        With ``level`` they add up to them. ``signs``: contacts, and ``SIGNS``, one row a case.
        """
        columns = _standard(profiles, np.array(self.means), np.array(self.spreads))
        shares = columns * np.array(self.weights)
        half = len(FACTS)
        table = pd.DataFrame(shares[:, :half] + shares[:, half:], columns=list(FACTS))
        told = _sign_parts(signs, self.rates)
        return pd.concat([table, told], axis=1)

    def hard(self, profiles: pd.DataFrame, signs: pd.DataFrame) -> Floats:
        """Return the probability of hardship of each case, (cases,)."""
        return _sigmoid(self.level + self.parts(profiles, signs).sum(axis=1).to_numpy())

    def nothing(self, hard: Floats, none_found: Floats) -> Floats:
        """Return the probability that a case in hardship has nothing to be found, (cases,).

        ``none_found``: forecast that none of its targets hits, the targets taken as independent.
        """
        level, slope, of_hardship = self.property_weights
        return _sigmoid(level + slope * log_odds(none_found) + of_hardship * hard)

    def to_text(self) -> str:
        """Return the model as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> HardshipModel:
        """Return what ``to_text`` wrote."""
        told = json.loads(text)
        level, slope, of_hardship = (float(each) for each in told["property_weights"])
        return cls(
            float(told["level"]),
            tuple(float(each) for each in told["weights"]),
            tuple(float(each) for each in told["means"]),
            tuple(float(each) for each in told["spreads"]),
            tuple((float(out), float(within)) for out, within in told["rates"]),
            (level, slope, of_hardship),
            int(told["cases"]),
        )


def written_rule() -> HardshipModel:
    """Return the rule of an office without enough records: a statement, and what income is on record."""
    weights = np.zeros(2 * len(FACTS))
    weights[FACTS.index("income_total")] = _RULE["income"]
    weights[len(FACTS) + FACTS.index("income_total")] = _RULE["no_income"]
    lift = float(np.exp(_RULE["stated"]))
    means = np.zeros(len(FACTS))
    means[FACTS.index("income_total")] = np.log1p(2_000_000.0)
    return HardshipModel(
        _RULE["base"],
        tuple(weights),
        tuple(means),
        (1.0,) * len(FACTS),
        ((0.03, 0.03 * lift), (0.001, 0.05), (0.02, 0.03)),
        (0.0, 1.0, 0.0),
        0,
    )


def fit_hardship(profiles: pd.DataFrame, signs: pd.DataFrame) -> HardshipModel:
    """Learn from every case on one day; the written rule where there is too little.

    ``profiles``: the columns ``FACTS``; ``signs``: contacts, ``SIGNS``, searched (whether the case was
    investigated without a hit, so that it could have been suspended).
    """
    stated = int((signs["statements"] > 0).sum())
    if stated < LEAST_STATED or len(signs) < LEAST_CASES:
        return written_rule()
    means, spreads = _scale(profiles)
    columns = np.column_stack([np.ones(len(signs)), _standard(profiles, means, spreads)])
    weights = np.zeros(columns.shape[1])
    weights[0] = -2.0
    rates: tuple[tuple[float, float], ...] = ((0.01, 0.2), (0.005, 0.2), (0.02, 0.03))
    for _ in range(_STEPS):
        odds = columns @ weights + _sign_parts(signs, rates).sum(axis=1).to_numpy()
        hard = _sigmoid(odds)
        rates = _rates(signs, hard)
        weights = _newton(columns, hard, weights)
    return HardshipModel(
        float(weights[0]),
        tuple(weights[1:]),
        tuple(means),
        tuple(spreads),
        rates,
        (0.0, 1.0, 0.0),
        len(signs),
    )


def fit_property(none_found: Floats, hard: Floats, nothing: Floats) -> tuple[float, float, float]:
    """Return level, slope and weight of hardship of the log-odds that a search finds nothing.

    ``none_found``: forecast that none of the asked targets hits; ``nothing``: 1 where none did; all (cases,).
    """
    columns = np.column_stack([np.ones(len(hard)), log_odds(none_found), hard])
    weights = np.array([0.0, 1.0, 0.0])
    for _ in range(15):
        weights = _newton(columns, nothing, weights, np.array([0.0, 1.0, 0.0]), ridge=2.0)
    return float(weights[0]), float(weights[1]), float(weights[2])


def _sign_parts(signs: pd.DataFrame, rates: Sequence[tuple[float, float]]) -> pd.DataFrame:
    """Return the log-odds that each sign adds: what was seen, and what was not although it could be."""
    parts = {}
    for name, (out, within), could, seen in zip(SIGNS, rates, _could(signs), _seen(signs), strict=True):
        parts[name] = seen * np.log(within / out) + (could - seen) * np.log((1 - within) / (1 - out))
    return pd.DataFrame(parts)


def _rates(signs: pd.DataFrame, hard: Floats) -> tuple[tuple[float, float], ...]:
    """Return how often each sign is seen outside and in hardship, drawn towards ``_PRIOR``."""
    found = []
    for (out, within, weight), could, seen in zip(_PRIOR, _could(signs), _seen(signs), strict=True):
        rates = [
            (np.sum(share * seen) + weight * prior) / (np.sum(share * could) + weight)
            for share, prior in ((1 - hard, out), (hard, within))
        ]
        rarely = float(np.clip(rates[0], 1e-4, 0.9))
        found.append((rarely, float(np.clip(rates[1], rarely, 0.95))))
    return tuple(found)


def _could(signs: pd.DataFrame) -> tuple[Floats, ...]:
    """Return how often each of ``SIGNS`` could have been seen: a contact, a search in vain, a case."""
    every = np.ones(len(signs))
    return signs["contacts"].to_numpy(float), signs["searched"].to_numpy(float), every


def _seen(signs: pd.DataFrame) -> tuple[Floats, ...]:
    could = zip(SIGNS, _could(signs), strict=True)
    return tuple(np.minimum(signs[name].to_numpy(float), most) for name, most in could)


def _raw(profiles: pd.DataFrame) -> Floats:
    table = profiles[list(FACTS)].to_numpy(dtype=float)
    return np.asarray(np.sign(table) * np.log1p(np.abs(table)), dtype=np.float64)


def _scale(profiles: pd.DataFrame) -> tuple[Floats, Floats]:
    raw = _raw(profiles)
    known = ~np.isnan(raw)
    filled = np.where(known, raw, 0.0)
    count = np.maximum(known.sum(axis=0), 1)
    means = filled.sum(axis=0) / count
    spreads = np.sqrt((np.where(known, raw - means, 0.0) ** 2).sum(axis=0) / count)
    return means, np.where(spreads > 1e-9, spreads, 1.0)


def _standard(profiles: pd.DataFrame, means: Floats, spreads: Floats) -> Floats:
    """Return the standardised facts (0 where absent) and flags of what is absent or zero, side by side."""
    raw = _raw(profiles)
    absent = np.isnan(raw)
    return np.hstack([np.where(absent, 0.0, (raw - means) / spreads), absent | (raw == 0)]).astype(np.float64)


def _newton(
    columns: Floats, label: Floats, weights: Floats, towards: Floats | None = None, ridge: float = _RIDGE
) -> Floats:
    """Return ``weights`` after one step of a logistic fit; all but the level are drawn ``towards``."""
    centre = np.zeros(len(weights)) if towards is None else towards
    penalty = np.full(len(weights), ridge)
    penalty[0] = 1e-3
    expected = _sigmoid(columns @ weights)
    slope = columns.T @ (label - expected) - penalty * (weights - centre)
    bend = (columns * np.maximum(expected * (1 - expected), 1e-6)[:, None]).T @ columns + np.diag(penalty)
    step = np.linalg.solve(bend, slope)
    return np.asarray(weights + np.clip(step, -2.0, 2.0), dtype=np.float64)


def _sigmoid(odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30))), dtype=np.float64)
