"""A small town and what it teaches, built once for every test that asks for them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import settings

from features.archive import Archive
from features.ledger.snapshot import Ledger
from features.town.build import build_town
from features.town.style import STYLES
from features.town.truth import Town
from models.ranker import RankerSettings
from training.backtest import Backtest, Terms, backtest, schooled
from training.course import Lesson, learn

# Two cores are shared: how long one example takes says nothing about the code, so no example is judged by it.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

QUICK = RankerSettings(rounds=40, size_rounds=20, threads=1)
HALF = Terms(share=0.4)
"""A small town has few later cases: more of them are judged on."""


@pytest.fixture(scope="session")
def small_town() -> Town:
    return build_town(STYLES["factory"], 700, 3)


@pytest.fixture(scope="session")
def small_ledger(small_town: Town) -> Ledger:
    return small_town.ledger


@pytest.fixture(scope="session")
def small_archive(small_ledger: Ledger) -> Archive:
    return Archive(small_ledger)


@pytest.fixture(scope="session")
def everybody(small_ledger: Ledger) -> pd.DataFrame:
    """Every debtor of the small town as a case on the ledger's day."""
    ids = small_ledger["debtors"]["debtor_id"]
    day = pd.Series(pd.Timestamp(small_ledger.day), ids.index, dtype="datetime64[s]")
    return pd.DataFrame({"debtor_id": ids, "day": day})


@pytest.fixture(scope="session")
def small_lesson(small_ledger: Ledger) -> Lesson:
    return learn(small_ledger, QUICK)


@pytest.fixture(scope="session")
def small_backtest(small_ledger: Ledger) -> Backtest:
    return backtest(small_ledger, schooled(QUICK, lambda _: None), HALF)
