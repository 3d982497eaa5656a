"""Leakage: whether the product looks better on cases drawn at random than on later ones.

A model that learned from other debtors of the same months may know what was not known yet. Both splits are
shown; where they judge the same cases (the debtors drawn, investigated after the border of time), the two are
compared case by case. A significant lead of the random one is flagged: it may be leakage, or a change over
time that the past could not teach.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from training.first_rounds import FirstRounds
from training.marks import LEAST_CASES, Scores
from training.metrics import DIRECTIONS, case_figures

WATCHED = ("hit_at_1", "ndcg_at_10")


@dataclass(frozen=True)
class Gap:
    """``table`` [metric, time, random, gap, low, high, cases] on shared cases; ``flagged``: a random lead.

    ``judged``: whether there were cases enough to say so.
    """

    table: pd.DataFrame
    flagged: bool
    judged: bool


def gap_between(
    time: tuple[FirstRounds, Scores], random: tuple[FirstRounds, Scores], ranking: str = "ranker"
) -> Gap:
    """Return the random split's lead over the time split on the cases that both judged."""
    later, drawn = (_by_debtor(rounds, scores[ranking]) for rounds, scores in (time, random))
    shared = later.index.intersection(drawn.index).sort_values()
    lead = drawn.loc[shared] - later.loc[shared]
    lines = [
        (
            name,
            later.loc[shared, name].mean(),
            drawn.loc[shared, name].mean(),
            f.value,
            f.low,
            f.high,
            len(shared),
        )
        for name, f in case_figures(lead, DIRECTIONS).items()
    ]
    table = pd.DataFrame(lines, columns=["metric", "time", "random", "gap", "low", "high", "cases"])
    judged = len(shared) >= LEAST_CASES
    watched = table[table["metric"].isin(WATCHED)]
    return Gap(table, judged and bool((watched["low"] > 0).any()), judged)


def _by_debtor(rounds: FirstRounds, scores: pd.DataFrame) -> pd.DataFrame:
    ids = rounds.cases["debtor_id"].to_numpy()[scores.index]
    return scores.set_index(pd.Index(ids, name="debtor_id"))
