from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from features.ledger.snapshot import Ledger
from models.ranker import RankerSettings
from training.metrics import DIRECTIONS
from training.time_folds import Fold, FoldProblem, time_folds


@pytest.fixture(scope="module")
def folds(small_ledger: Ledger) -> list[Fold]:
    return time_folds(small_ledger, 1, share=0.3)


def test_borders_rise_and_each_fold_is_judged_before_the_next_border(folds: list[Fold]) -> None:
    earlier, held = folds
    assert earlier.border < held.border
    days = earlier.judged.pairs.cases["day"]
    assert pd.Timestamp(earlier.border) <= days.min()
    assert days.max() < pd.Timestamp(held.border)


def test_nothing_learnt_from_is_younger_than_the_border(folds: list[Fold], small_ledger: Ledger) -> None:
    replies = small_ledger["replies"].merge(small_ledger["inquiries"], on="inquiry_id")
    for fold in folds:
        edge = pd.Timestamp(fold.border)
        learnt = fold.examples.pairs.cases
        assert learnt["day"].max() < edge
        assert set(learnt["debtor_id"]).isdisjoint(fold.judged.pairs.cases["debtor_id"])
        settled = replies.loc[replies["replied_on"] <= edge, "debtor_id"].nunique()
        asked = fold.examples.outcomes.asked
        assert len(np.unique(fold.examples.pairs.case[asked])) <= settled


def test_settings_are_scored_on_every_case_with_a_hit(folds: list[Fold]) -> None:
    scores = folds[0].scores(RankerSettings(rounds=10, size_rounds=10, threads=1))
    assert len(scores) == folds[0].cases
    assert list(scores) == list(DIRECTIONS)


def test_too_few_mature_cases_are_one_sentence(small_ledger: Ledger) -> None:
    with pytest.raises(FoldProblem, match=r"しかありません.*--folds を減らすか"):
        time_folds(small_ledger, 6, share=0.5)
