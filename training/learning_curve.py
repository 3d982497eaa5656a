"""The learning curve: how good the ranking gets with the answers that an office has, as measured on towns.

    python -m training.learning_curve --seeds 2

measures it on made-up towns of several sizes. ``training.expectation`` holds what it printed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import numpy as np
import pandas as pd
from tqdm import tqdm

from features.answers import answers_of
from features.town.build import build_town
from features.town.style import STYLES
from training.contestants import RANKERS
from training.expectation import METRICS, Point
from training.truth import town_scores

SIZES = (500, 1000, 2000, 4000, 8000)
"""Debtors of the towns on which the curve is measured."""


def measured(size: int, seeds: int) -> Point:
    """Return the curve's point for towns of ``size`` debtors: the mean over all styles and ``seeds``."""
    rankers = {name: RANKERS[name] for name in ("ranker", "know_how")}
    answers, ratios = [], []
    for style in STYLES.values():
        for seed in range(seeds):
            town = build_town(style, size, seed)
            scores = town_scores(town, rankers)
            mean = scores.pivot(index="ranking", columns="metric", values="mean")
            answers.append(len(answers_of(town.ledger)))
            ratios.append(mean.loc["ranker", list(METRICS)] / mean.loc["know_how", list(METRICS)])
    figures = pd.DataFrame(ratios).mean()
    return Point(round(float(np.mean(answers))), *(float(figures[name]) for name in METRICS))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the curve from the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.learning_curve",
        description="データの量と順位の良さ(架空の町)。例: python -m training.learning_curve --seeds 2",
    )
    parser.add_argument("--seeds", type=int, default=2, help="様式と大きさごとの町の数")
    asked = parser.parse_args(arguments)
    for size in tqdm(SIZES, desc="size", file=sys.stderr):
        point = measured(size, asked.seeds)
        sys.stdout.write(f"{size:>6,} debtors  {point}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
