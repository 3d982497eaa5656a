"""How well the finding "no property, in hardship" is calibrated, on towns that know their truth.

python -m training.hardship_proof --debtors 4000 --seeds 2 --styles ward,factory
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from tqdm import tqdm

from features.law import open_cases, routed
from features.town.build import build_town
from features.town.style import STYLES
from features.town.truth import Town
from models.adviser import CASES_AT_ONCE, Adviser
from models.bundle import Bundle
from models.ranker import RankerSettings
from training.calibration import calibration
from training.course import learn
from training.towns import Task, add_options, chosen_styles, spread, tasks_of

COLUMNS = ("probability", "hard", "truly_both", "truly_hard")


def finding_scores(town: Town, bundle: Bundle) -> pd.DataFrame:
    """Return one row per open case that no gate routes away: ``COLUMNS``, forecasts beside the truth."""
    adviser = Adviser(bundle, town.ledger)
    cases = open_cases(town.ledger, town.ledger.day)
    free = cases[~routed(town.ledger, cases)]["debtor_id"].astype(str).tolist()
    found = []
    for start in range(0, len(free), CASES_AT_ONCE):
        part = adviser.cases_of(free[start : start + CASES_AT_ONCE])
        found += adviser.findings(adviser.rank(part), part)
    truth = town.truth.hardship.set_index("debtor_id").reindex(free)
    hard = truth["hardship"].to_numpy()
    return pd.DataFrame(
        {
            "probability": [each.probability for each in found],
            "hard": [each.hard for each in found],
            "truly_both": hard * truth["no_property"].to_numpy(),
            "truly_hard": hard,
        },
        dtype=float,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print calibration per style; return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        styles = chosen_styles(asked.styles)
    except ValueError as unknown:
        sys.stderr.write(f"{unknown}\n")
        return 1
    tasks = tasks_of(styles, asked.seeds)
    towns = spread(partial(_one, debtors=asked.debtors), tasks, asked.processes)
    found = dict(tqdm(towns, total=len(tasks), desc="town", unit="town", file=sys.stderr))
    for style, seed in tasks:
        sys.stdout.write(_told(f"{style} {seed}", found[style, seed]))
    return 0


def _one(task: Task, debtors: int) -> pd.DataFrame:
    style, seed = task
    town = build_town(STYLES[style], debtors, seed)
    return finding_scores(town, learn(town.ledger, RankerSettings(threads=1)).bundle)


def _told(name: str, scores: pd.DataFrame) -> str:
    lines = []
    for forecast, truth in (("probability", "truly_both"), ("hard", "truly_hard")):
        told = calibration(scores[forecast].to_numpy(), scores[truth].to_numpy())
        top = scores.nlargest(max(1, len(scores) // 20), forecast)
        lines.append(
            f"{name:<12} {truth:<11} forecast {scores[forecast].mean():.3f} true {scores[truth].mean():.3f}  "
            f"error {told.error:.3f} resolution {told.resolution:.4f}  of the top 5 %: forecast "
            f"{top[forecast].mean():.2f} true {top[truth].mean():.2f}  likely "
            f"{int(np.sum(scores[forecast] >= 0.4))}"
        )
    return "\n".join(lines) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.hardship_proof", description="困窮の見込みの検証"
    )
    add_options(parser, debtors=4000, seeds=2, styles="ward,factory")
    return parser


if __name__ == "__main__":
    sys.exit(main())
