"""How well the finding "no property, in hardship" is calibrated, on towns that know their truth.

python -m training.hardship_proof --debtors 4000 --seeds 2 --styles ward,factory
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import numpy as np
import pandas as pd

from features.law import open_cases, routed
from features.town.build import build_town
from features.town.style import STYLES
from features.town.truth import Town
from models.adviser import CASES_AT_ONCE, Adviser
from models.bundle import Bundle
from models.ranker import RankerSettings
from training.calibration import calibration
from training.course import learn

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
    styles = tuple(STYLES) if asked.styles == "all" else tuple(asked.styles.split(","))
    unknown = [style for style in styles if style not in STYLES]
    if unknown:
        sys.stderr.write(
            f"様式 {', '.join(unknown)} はありません。{', '.join(STYLES)} から選んでください。\n"
        )
        return 1
    for style in styles:
        for seed in range(asked.seeds):
            town = build_town(STYLES[style], asked.debtors, seed)
            scores = finding_scores(town, learn(town.ledger, RankerSettings(threads=1)).bundle)
            sys.stdout.write(_told(f"{style} {seed}", scores))
    return 0


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
    parser.add_argument("--debtors", type=int, default=4000, help="町の滞納者数")
    parser.add_argument("--seeds", type=int, default=2, help="様式ごとの町の数")
    parser.add_argument("--styles", default="ward,factory", help="all、またはコンマ区切りの様式名")
    return parser


if __name__ == "__main__":
    sys.exit(main())
