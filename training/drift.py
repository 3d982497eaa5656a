"""Drift: whether the records of today still look like those a model was learnt from.

Four things are watched: the inputs and the score (PSI, the population stability index, and the share of
missing values), whether later forecasts came true, and how often inquiries hit. A bound is never below what
chance alone does in so many cases and columns, so that a quiet month raises no alarm.
Source: PSI above 0.2 as "has changed" is the usual rule of credit scoring (Siddiqi, Credit Risk Scorecards).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm

from features.matrix import Matrix
from features.tally import Floats
from models.ranker import Ranker, inputs_of
from models.reference import LEAST_KNOWN, Answered, Reference, Spread, psi
from training.metrics import Better, bootstrap
from training.present import best_probability, case_weight

PSI_BOUND = 0.2
BEYOND_USUAL = 1.5
"""An input that follows the calendar is flagged beyond so many times its own ups and downs of a year."""
MISSING_BOUND = 0.1
CALIBRATION_BOUND = 0.03
OUTCOME_BOUND = 0.05
LEAST_ANSWERS = 50
CHANCE = 0.01
"""How often all columns together may raise an alarm by chance."""


@dataclass(frozen=True)
class Sign:
    """One thing watched. ``what``: input, missing, score, calibration, outcome, institution.

    ``then`` and ``now`` are shares, rates or NaN; ``value`` beyond ``bound`` is flagged; ``judged`` False:
    too few cases to say. ``named``: a kind or an institution's name where ``name`` is a code.
    """

    what: str
    name: str
    then: float
    now: float
    value: float
    bound: float
    judged: bool = True
    named: str = ""

    @property
    def flagged(self) -> bool:
        """Whether the change is beyond its bound."""
        return self.judged and self.value > self.bound


def inputs_drift(reference: Reference, matrix: Matrix) -> list[Sign]:
    """Return two signs an input: its spread (``input``) and its missing values (``missing``)."""
    table, weight = inputs_of(matrix), case_weight(matrix)
    names = [str(name) for name in table.columns if str(name) in reference.inputs]
    chance = CHANCE / max(len(names), 1)
    values = table[names].to_numpy(dtype=np.float64)
    signs = []
    for place, name in enumerate(names):
        usual = reference.usual.get(name, 0.0)
        signs += column_drift(name, reference.inputs[name], values[:, place], weight, usual, chance)
    return signs


def column_drift(  # noqa: PLR0917 - a column, what it was, what it is, and how much may be chance
    name: str, then: Spread, values: Floats, weight: Floats, usual: float, chance: float
) -> list[Sign]:
    """Return the signs ``input`` and ``missing`` of one column.

    ``usual``: the PSI it reached within a year before; ``chance``: of a false alarm.
    """
    total = float(weight.sum())
    counts = then.counts(values, weight)
    known = float(counts.sum())
    missing = 1.0 - known / total if total else 0.0
    before = then.known / (1.0 - then.missing) if then.missing < 1.0 else total
    pooled = (then.missing * before + missing * total) / (before + total)
    noise = np.sqrt(max(pooled * (1.0 - pooled), 1e-6) * (1.0 / before + 1.0 / total))
    return [
        _spread_sign("input", name, then, counts, usual, chance),
        Sign(
            "missing",
            name,
            then.missing,
            missing,
            abs(missing - then.missing),
            max(MISSING_BOUND, float(norm.ppf(1.0 - chance / 2) * noise)),
        ),
    ]


def score_drift(reference: Reference, ranker: Ranker, matrix: Matrix) -> list[Sign]:
    """Return the sign of the best target's probability; none where the rules ranked."""
    if reference.score is None:
        return []
    best = best_probability(ranker, matrix)
    counts = reference.score.counts(best, np.ones(len(best)))
    return [_spread_sign("score", "probability", reference.score, counts, 0.0, CHANCE)]


def calibration_drift(probability: Floats, hit: Floats, case: Floats) -> Sign:
    """Return whether forecasts of later answers came true: mean forecast against hits, intervals by case."""
    if not len(hit):
        none = float("nan")
        return Sign("calibration", "probability", none, none, 0.0, CALIBRATION_BOUND, judged=False)
    gap = pd.DataFrame({"case": case, "gap": hit - probability}).groupby("case")["gap"].mean()
    figure = bootstrap(gap.to_numpy(), Better.NONE)
    # The nearer end of the interval must be beyond the bound: a gap by chance is no drift.
    sure = 0.0 if figure.low <= 0.0 <= figure.high else min(abs(figure.low), abs(figure.high))
    return Sign(
        "calibration",
        "probability",
        float(probability.mean()) if len(probability) else float("nan"),
        float(hit.mean()) if len(hit) else float("nan"),
        sure,
        CALIBRATION_BOUND,
        len(hit) >= LEAST_ANSWERS,
    )


def outcome_drift(then: Mapping[str, Answered], later: Mapping[str, Answered]) -> list[Sign]:
    """Return one sign a kind: the hit rate of later answers against those learnt from."""
    signs = []
    for kind in sorted(set(then) | set(later)):
        old, new = then.get(kind, Answered(0, 0)), later.get(kind, Answered(0, 0))
        if not old.answers or not new.answers:
            signs.append(Sign("outcome", kind, *_rates(old, new), 0.0, OUTCOME_BOUND, judged=False))
            continue
        before, now = _rates(old, new)
        noise = np.sqrt(
            max(before * (1 - before), 1e-4) / old.answers + max(now * (1 - now), 1e-4) / new.answers
        )
        sure = max(abs(now - before) - float(norm.ppf(1 - CHANCE / 2)) * noise, 0.0)
        enough = min(old.answers, new.answers) >= LEAST_ANSWERS
        signs.append(Sign("outcome", kind, before, now, sure, OUTCOME_BOUND, enough))
    return signs


def institution_drift(then: Mapping[str, str], now: Mapping[str, str]) -> list[Sign]:
    """Return a sign for each institution that left the list or changed its name; a new one is no drift."""
    none = float("nan")
    gone = [Sign("institution", key, 1.0, 0.0, 1.0, 0.0, named=name) for key, name in sorted(then.items())
            if key not in now]  # fmt: skip
    renamed = [
        Sign("institution", key, none, none, 1.0, 0.0, named=f"{then[key]} → {now[key]}")
        for key in sorted(set(then) & set(now))
        if then[key] and now[key] and then[key] != now[key]
    ]
    return [*gone, *renamed]


def _spread_sign(  # noqa: PLR0917 - see column_drift
    what: str, name: str, then: Spread, counts: Floats, usual: float, chance: float
) -> Sign:
    known = float(counts.sum())
    enough = min(known, then.known) >= LEAST_KNOWN
    noise = 1.0 / max(known, 1.0) + 1.0 / max(then.known, 1.0)
    chance_alone = noise * float(chi2.ppf(1.0 - chance, max(sum(share > 0.0 for share in then.shares), 1)))
    none = float("nan")
    return Sign(what, name, none, none, psi(then, counts), max(PSI_BOUND, chance_alone, usual * BEYOND_USUAL),
                enough)  # fmt: skip


def _rates(old: Answered, new: Answered) -> tuple[float, float]:
    return tuple(  # type: ignore[return-value]
        each.hits / each.answers if each.answers else float("nan") for each in (old, new)
    )
