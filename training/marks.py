"""Marks: how well each ranking did on the cases judged, with intervals, by seniority of the officer.

Outcomes exist for asked targets alone. So a ranking is judged by the order in which it puts the targets that
officers asked and that answered (``reranked``), and beside it stands how many of its own first picks were
ever asked.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from training.calibration import calibration, calibration_figures
from training.first_rounds import FirstRounds
from training.metrics import DIRECTIONS, case_figures, case_metrics
from training.standings import FORECASTS, RANKINGS, reranked

EVERYONE = "all"
BANDS: tuple[tuple[str, float], ...] = (
    ("under_1_year", 12.0),
    ("1_to_3_years", 36.0),
    ("over_3_years", np.inf),
)
"""Seniority: months in post of the officer who asked, below the number; staff move every 3 to 4 years."""

UNKNOWN = "unknown"
TEN = "first_ten"
"""The asked ones among the first ten that a ranking shows."""

LEAST_CASES = 20
"""A group of fewer cases is not shown: it would say more of chance, and of persons, than of the ranking."""

Scores = Mapping[str, pd.DataFrame]
"""Per ranking the metrics of each case that has a hit; index case, columns of ``DIRECTIONS``."""


def seniority(months: pd.Series) -> pd.Series:
    """Return the band of each number of months in post, ``unknown`` where it is missing."""
    edges = [edge for _, edge in BANDS]
    place = np.searchsorted(edges, months.to_numpy(dtype=float), side="right")
    names = np.array([*(name for name, _ in BANDS), UNKNOWN], dtype=object)
    return pd.Series(np.where(months.isna(), UNKNOWN, names[np.minimum(place, len(BANDS))]), months.index)


def scores_of(table: pd.DataFrame, rounds: FirstRounds) -> Scores:
    """Return the case metrics of every ranking on the same asked-and-answered targets."""
    arrears = rounds.cases["arrears"]
    return {name: case_metrics(reranked(table, name, arrears)) for name in RANKINGS}


def marks(scores: Scores, rounds: FirstRounds) -> pd.DataFrame:
    """Return [band, ranking, metric, mean, low, high, better, cases]; small bands are left out."""
    lines = []
    for band, chosen in _groups(scores, rounds):
        for name, cases in scores.items():
            for metric, figure in case_figures(cases[chosen], DIRECTIONS).items():
                shown = (figure.value, figure.low, figure.high, str(figure.better))
                lines.append((band, name, metric, *shown, int(chosen.sum())))
    return pd.DataFrame(
        lines, columns=["band", "ranking", "metric", "mean", "low", "high", "better", "cases"]
    )


def differences(scores: Scores, rounds: FirstRounds, ours: str = "ranker") -> pd.DataFrame:
    """Return [band, ranking, metric, difference, low, high, cases]: ours less each other, case by case."""
    lines = []
    for band, chosen in _groups(scores, rounds):
        for name in (other for other in scores if other != ours):
            gap = (scores[ours] - scores[name])[chosen]
            for metric, figure in case_figures(gap, DIRECTIONS).items():
                shown = (figure.value, figure.low, figure.high)
                lines.append((band, name, metric, *shown, int(chosen.sum())))
    return pd.DataFrame(lines, columns=["band", "ranking", "metric", "difference", "low", "high", "cases"])


def ever_asked(table: pd.DataFrame, ks: tuple[int, ...] = (1, 5, 10)) -> pd.DataFrame:
    """Return [ranking, k, first_round, ever, picks]: the share of first picks that officers asked."""
    lines = []
    for name in ("ranker", "know_how", "past_hits", "often_asked"):
        for k in ks:
            picks = table[table[name] <= k]
            ever = picks["place"].notna()
            lines.append((name, k, float(picks["first"].mean()), float(ever.mean()), len(picks)))
    return pd.DataFrame(lines, columns=["ranking", "k", "first_round", "ever", "picks"])


def trust(table: pd.DataFrame, rounds: FirstRounds) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how far probabilities of a hit can be trusted on asked-and-answered candidates.

    First [ranking, band, measure, value, low, high, answers] (``error`` and ``resolution``, of ten equal-mass
    bins; beside the bands ``first_ten``), then the reliability table [ranking, bin, count, predicted,
    observed, low, high].
    """
    known = table[table["first"] & table["answered"] & table["ranker"].notna()]
    band = seniority(rounds.cases["months"]).to_numpy()[known["case"]]
    lines, tables = [], []
    for name, column in FORECASTS.items():
        groups = {EVERYONE: known, TEN: known[known[name] <= 10]}
        groups |= {each: known[band == each] for each in (*(each for each, _ in BANDS), UNKNOWN)}
        for group, rows in groups.items():
            if rows["case"].nunique() < LEAST_CASES:
                continue
            figures = calibration_figures(rows[column], rows["hit"], rows["case"])
            lines += [(name, group, m, f.value, f.low, f.high, len(rows)) for m, f in figures.items()]
        found = calibration(known[column], known["hit"]).table
        tables.append(found.assign(ranking=name)[["ranking", *found.columns]])
    columns = ["ranking", "band", "measure", "value", "low", "high", "answers"]
    return pd.DataFrame(lines, columns=columns), pd.concat(tables, ignore_index=True)


def _groups(
    scores: Scores, rounds: FirstRounds
) -> list[tuple[str, np.ndarray[tuple[int], np.dtype[np.bool_]]]]:
    """Return every band that is large enough with its flags over the cases scored, all of them first."""
    index = next(iter(scores.values())).index
    band = seniority(rounds.cases["months"]).to_numpy()[index]
    named = [(EVERYONE, np.ones(len(index), dtype=bool))]
    named += [(name, band == name) for name in (*(each for each, _ in BANDS), UNKNOWN)]
    return [(name, flags) for name, flags in named if flags.sum() >= LEAST_CASES or name == EVERYONE]
