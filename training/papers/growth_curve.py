"""The growth curve: how many first targets hit when fewer of the office's cases are learnt from.

Cheap on purpose: the trees alone are grown anew, on growing parts of the cases, and judged on the first fold
held back; the last point is the training itself.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.matrix import Matrix
from models.blend import Blend
from models.ranker import RULES, HeldBack, RankerSettings, grow_hits, inputs_of, weights_of
from training.examples import Examples
from training.metrics import Figure, bootstrap

PARTS = (1 / 16, 1 / 8, 1 / 4, 1 / 2)
LEAST_HITS = 30


def growth_curve(
    matrix: Matrix, examples: Examples, held: HeldBack, blend: Blend, settings: RankerSettings
) -> pd.DataFrame:
    """Return [cases, value, low, high]; parts with too few hits to learn from have no row."""
    table, outcomes = inputs_of(matrix), examples.outcomes
    weight = weights_of(outcomes, settings)
    case, judged = examples.pairs.case, held.fold == 0
    learnt = np.unique(case[~judged & outcomes.asked])
    order = np.random.default_rng(settings.seed).permutation(learnt)
    asked = judged & outcomes.asked
    rules = table[RULES].to_numpy(dtype=np.float64)
    lines = []
    for part in PARTS:
        chosen = order[: round(part * len(order))]
        rows = np.isin(case, chosen) & ~judged
        if outcomes.hit[rows].sum() < LEAST_HITS:
            continue
        trees = grow_hits(table, outcomes, weight, rows, settings)
        score = blend.of(trees.predict(table[asked].to_numpy(), raw_score=True), rules[asked])
        lines.append((len(chosen), first_hits(case[asked], score, outcomes.hit[asked])))
    lines.append((len(order), first_hits(case[asked], held.probability[asked], outcomes.hit[asked])))
    return pd.DataFrame(
        [(cases, figure.value, figure.low, figure.high) for cases, figure in lines],
        columns=["cases", "value", "low", "high"],
    )


def first_hits(
    case: np.ndarray[tuple[int], np.dtype[np.int64]],
    score: np.ndarray[tuple[int], np.dtype[np.float64]],
    hit: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> Figure:
    """Return the share of the cases with any hit whose best-scored pair hit (ties: the earlier pair)."""
    frame = pd.DataFrame({"case": case, "score": -score, "hit": hit})
    frame = frame[frame.groupby("case")["hit"].transform("max") > 0]
    return bootstrap(frame.sort_values(["case", "score"], kind="stable").groupby("case")["hit"].first())
