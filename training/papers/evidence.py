"""The evidence: what a training shows about itself, as tables from which its plots and its card are made.

All of it comes from the folds held back (by case, not by time: the backtest is the judgement by time), and
none of it names or counts fewer than a group of cases.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.ledger.snapshot import Ledger
from features.matrix import CATALOGUE
from models.ranker import RULES, HeldBack, Ranker, RankerSettings, inputs_of
from training.calibration import calibration
from training.course import Lesson
from training.disparity import FIRST, burden_of, groups_of
from training.examples import Examples
from training.papers.growth_curve import growth_curve

SAMPLE = 600
"""Pairs whose reasons are summed up: enough for a summary, a second of work."""

STEPS = tuple(step / 20 for step in range(1, 21))

NAMES = {each.name: (each.label, each.meaning) for each in CATALOGUE} | {
    RULES: ("職員の経験則", "the officers' written rules as one score")
}
"""Japanese and English name of every input of the ranker."""


@dataclass(frozen=True)
class Evidence:
    """Tables of one training; all empty where nothing was learnt.

    ``gains`` [feature, gain]: share of the loss that splits on it saved. ``reasons`` [feature, mean_share,
    low_p10, low_p50, low_p90, high_p10, high_p50, high_p90]: how far it moves the score (log-odds), for the
    lower and the upper third of its values. ``reliability``: see ``training.calibration``. ``growth`` [cases,
    value, low, high]: first targets that hit, by cases learnt from. ``lift`` [inquiries, ranker, know_how,
    lift]: share of the hits found in a share of the inquiries. ``burden``: see ``training.disparity``.
    """

    gains: pd.DataFrame
    reasons: pd.DataFrame
    reliability: pd.DataFrame
    growth: pd.DataFrame
    lift: pd.DataFrame
    burden: pd.DataFrame


def evidence_of(lesson: Lesson, ledger: Ledger, settings: RankerSettings) -> Evidence | None:
    """Return what ``lesson``, learnt from ``ledger``, shows about itself; None where nothing was learnt."""
    ranker, held, matrix = lesson.bundle.ranker, lesson.held_back, lesson.matrix
    if ranker is None or held is None or matrix is None:
        return None
    asked = lesson.examples.outcomes.asked
    hit = lesson.examples.outcomes.hit
    chosen = np.random.default_rng(settings.seed).permutation(np.flatnonzero(asked))[:SAMPLE]
    return Evidence(
        gains_of(ranker),
        reasons_of(ranker, inputs_of(matrix.take(np.sort(chosen)))),
        calibration(held.probability[asked], hit[asked]).table,
        growth_curve(matrix, lesson.examples, held, ranker.blend, settings),
        lift_of(lesson.examples, held),
        held_back_burden(lesson.examples, held, ledger),
    )


def gains_of(ranker: Ranker) -> pd.DataFrame:
    """Return [feature, gain] of the trees that forecast a hit, greatest first; gains add up to 1."""
    gain = np.asarray(ranker.hit.feature_importance("gain"), dtype=np.float64)
    table = pd.DataFrame({"feature": ranker.hit.feature_name(), "gain": gain / max(gain.sum(), 1e-12)})
    return table.sort_values("gain", ascending=False, kind="stable", ignore_index=True)


def reasons_of(ranker: Ranker, table: pd.DataFrame) -> pd.DataFrame:
    """Return how far each input moves the score on the rows of ``table``, furthest first.

    Thirds of the values present; a missing value belongs to neither.
    """
    shares, _ = ranker.contributions(table)
    lines = []
    for place, name in enumerate(table.columns):
        value, share = table[name].to_numpy(dtype=np.float64), shares[:, place]
        known = value[~np.isnan(value)]
        low, high = np.quantile(known, [1 / 3, 2 / 3]) if len(known) else (np.nan, np.nan)
        # Of a flag, or of what is mostly zero, a third is all alike: then whatever is greater is high.
        above = share[value >= high] if high > low else share[value > low]
        below = share[value <= low]
        lines.append((name, float(np.abs(share).mean()), *_spread(below), *_spread(above)))
    columns = ["feature", "mean_share"]
    columns += [f"{side}_{point}" for side in ("low", "high") for point in ("p10", "p50", "p90")]
    found = pd.DataFrame(lines, columns=columns)
    return found.sort_values("mean_share", ascending=False, kind="stable", ignore_index=True)


def lift_of(examples: Examples, held: HeldBack) -> pd.DataFrame:
    """Return which share of the hits the first inquiries find, best expected first, against the rules."""
    asked = examples.outcomes.asked
    hit = examples.outcomes.hit[asked]
    lines = []
    found = {}
    for name, score in (("ranker", held.probability[asked]), ("know_how", held.rules[asked])):
        ordered = hit[np.argsort(-score, kind="stable")]
        found[name] = np.cumsum(ordered) / max(ordered.sum(), 1.0)
    for step in STEPS:
        last = max(round(step * len(hit)), 1) - 1
        ours, theirs = float(found["ranker"][last]), float(found["know_how"][last])
        lines.append((step, ours, theirs, ours / theirs if theirs else np.nan))
    return pd.DataFrame(lines, columns=["inquiries", "ranker", "know_how", "lift"])


def held_back_burden(examples: Examples, held: HeldBack, ledger: Ledger) -> pd.DataFrame:
    """Return who is asked without result by the first targets of the ranker and of the rules, by group."""
    asked = examples.outcomes.asked
    pairs = pd.DataFrame({"case": examples.pairs.case[asked], "hit": examples.outcomes.hit[asked]})
    cases = examples.pairs.cases.assign(arrears=examples.arrears)
    orders = {"ranker": held.share[asked], "know_how": held.rules[asked]}
    shown = {name: _first(pairs.assign(score=-score)) for name, score in orders.items()}
    return burden_of(shown, groups_of(ledger, cases))


def catalogue_table() -> pd.DataFrame:
    """Return the feature catalogue: name, unit, meaning, label, opt_in, record."""
    rows = [(f.name, f.unit, f.meaning, f.label, f.opt_in or "", f.record) for f in CATALOGUE]
    return pd.DataFrame(rows, columns=["name", "unit", "meaning", "label", "opt_in", "record"])


def _first(pairs: pd.DataFrame) -> pd.DataFrame:
    ordered = pairs.sort_values(["case", "score"], kind="stable")
    return ordered[ordered.groupby("case").cumcount() < FIRST][["case", "hit"]]


def _spread(shares: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, float, float]:
    if not len(shares):
        return (np.nan, np.nan, np.nan)
    low, middle, high = np.quantile(shares, [0.1, 0.5, 0.9])
    return float(low), float(middle), float(high)
