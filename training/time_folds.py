"""Time folds: the past that settings learn from, the later cases they are judged on, again and again.

Each fold is the split of a backtest. The last one is held out: no setting is chosen by it. The ones before it
are the same split of the records as they stood at the border of the next, so that no label is younger, and
no fact later known, than an office at that time had.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from features.archive import Archive
from features.candidates import Pairs
from features.ledger.snapshot import Ledger
from features.matrix import Matrix, build_matrix
from features.tally import Floats
from models.ranker import RankerSettings, fit_ranker
from training.course import LEAST_HITS
from training.examples import Examples, examples_of
from training.first_rounds import FirstRounds, first_rounds
from training.metrics import case_metrics
from training.splits import MATURE_DAYS, time_split

LEAST_CASES = 20
"""Judged cases with a hit below which a fold says nothing."""


class FoldProblem(ValueError):  # noqa: N818 - a finding about the records, not a fault of the program
    """The records cannot carry the folds; the text is one Japanese sentence with what to do."""


@dataclass(frozen=True)
class Fold:
    """One border: what was known before it, and what was asked and answered after it.

    ``asked``: case, target, hit, balance, arrears per row of ``judged``.
    """

    border: date
    examples: Examples
    learnt: Matrix
    judged: Matrix
    asked: pd.DataFrame

    @property
    def cases(self) -> int:
        """The number of cases judged on that had a hit."""
        return int((self.asked.groupby("case")["hit"].max() > 0).sum())

    def scores(self, settings: RankerSettings) -> pd.DataFrame:
        """Learn with ``settings`` and return the metrics of each case with a hit (``training.metrics``)."""
        ranker, _ = fit_ranker(self.learnt, self.examples.outcomes, settings)
        told = ranker.scores(self.judged)
        rows = self.asked.assign(share=told.share, score=told.score)
        rows = rows.sort_values(["case", "share", "score", "target"], ascending=[True, False, False, True])
        return case_metrics(
            pd.DataFrame(
                {
                    "case": rows["case"].to_numpy(),
                    "rank": (rows.groupby("case").cumcount() + 1).to_numpy(),
                    "hit": rows["hit"].to_numpy(),
                    "value": rows["balance"].to_numpy(),
                    "arrears": rows["arrears"].to_numpy(),
                }
            )
        )


def time_folds(
    ledger: Ledger, folds: int, share: float = 0.2, mature_days: int = MATURE_DAYS, seed: int = 0
) -> list[Fold]:
    """Return ``folds`` folds and the one held out, oldest first; FoldProblem where one has too few cases."""
    found: list[Fold] = []
    known = ledger
    for number in range(folds + 1):
        fold = _fold(known, share, mature_days, seed, f"{folds + 1 - number}/{folds + 1}")
        found.append(fold)
        known = known.as_of(fold.border)
    return found[::-1]


def _fold(ledger: Ledger, share: float, mature_days: int, seed: int, which: str) -> Fold:
    archive = Archive(ledger)
    split = time_split(ledger["inquiries"], ledger["replies"], ledger.day, mature_days, share=share)
    rounds = first_rounds(archive, split.test)
    if rounds.hits < LEAST_CASES:
        raise FoldProblem(_TOO_FEW.format(which=which, what="検証", found=rounds.hits, least=LEAST_CASES))
    border = rounds.cases["day"].min().date()
    past = Archive(ledger.as_of(border))
    examples = examples_of(past, seed)
    if examples.hits < LEAST_HITS:
        raise FoldProblem(_TOO_FEW.format(which=which, what="学習", found=examples.hits, least=LEAST_HITS))
    judged, asked = _judged(archive, rounds)
    return Fold(border, examples, build_matrix(past, examples.pairs), judged, asked)


_TOO_FEW = (
    "時間で分けた{which}番目の組では、{what}に使える財産の判明が{found}件しかありません({least}件以上必要)。"
    "--folds を減らすか、調査と回答の記録をより長い期間そろえてください。"
)


def _judged(archive: Archive, rounds: FirstRounds) -> tuple[Matrix, pd.DataFrame]:
    rows = rounds.asked[rounds.asked["first"] & rounds.asked["answered"]].reset_index(drop=True)
    cases = rounds.cases[["debtor_id", "day"]]
    case = rows["case"].to_numpy(dtype=np.int64)
    pairs = Pairs(cases, case, rows["target"].to_numpy(dtype=np.int64), archive.roll.targets)
    owed: Floats = rounds.cases["arrears"].to_numpy(dtype=np.float64)[case]
    columns = rows[["case", "target", "hit", "balance"]].assign(arrears=owed)
    return build_matrix(archive, pairs), columns
