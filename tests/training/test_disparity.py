from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.ledger.snapshot import Municipality, ledger_of
from training.disparity import burden, groups_of
from training.first_rounds import FirstRounds
from training.standings import RANKINGS


def test_bands_are_those_of_the_day() -> None:
    ledger = ledger_of(
        Municipality("999999", "町", date(2026, 4, 1)),
        {
            "debtors": pd.DataFrame(
                {"debtor_id": ["a", "b", "c"], "entity": ["1", "2", "1"], "birth_year": [1960, None, 1990]}
            ),
            "incomes": pd.DataFrame(
                {"debtor_id": ["a", "a", "a"], "tax_year": [2023, 2024, 2025], "salary": [9e6, 1e6, 9e6]}
            ),
        },
    )
    days = pd.Series(["2025-05-31", "2025-05-31", "2025-05-31"], dtype="datetime64[s]")
    cases = pd.DataFrame({"debtor_id": ["a", "b", "c"], "day": days, "arrears": [99_999.0, 100_000.0, 2e6]})
    found = groups_of(ledger, cases)
    assert found["age"].tolist() == ["65_and_over", "company", "under_40"]
    assert found["income"].tolist() == ["under_2m", "unknown", "unknown"]  # the slip of 2025 is not out yet
    assert found["debt"].tolist() == ["under_100k", "100k_to_300k", "over_1m"]


def judged() -> tuple[pd.DataFrame, FirstRounds, pd.DataFrame]:
    """Sixty cases of four targets, nobody of the first band has anything; ten cases are of a small band."""
    case = np.repeat(np.arange(60), 4)
    hit = ((case >= 20) & (np.arange(240) % 4 == 0)).astype(float)
    rows = {"case": case, "target": np.arange(240), "first": True, "answered": True, "hit": hit}
    ranks = {name: np.tile([1.0, 2.0, 3.0, 4.0], 60) for name in RANKINGS}
    table = pd.DataFrame({**rows, "balance": hit * 1e5, **ranks})
    cases = pd.DataFrame({"arrears": np.full(60, 1e5), "months": 5.0})
    age = np.repeat(["under_40", "40_to_64", "65_and_over"], [20, 30, 10])
    groups = pd.DataFrame({"age": age, "income": "none", "debt": "over_1m"})
    return table, FirstRounds(cases, table, {}), groups


def test_the_burden_stands_beside_the_hit_rate_and_small_groups_are_not_shown() -> None:
    found = burden(*judged())
    assert "65_and_over" not in set(found["group"])
    lines = found[(found["ranking"] == "ranker") & (found["by"] == "age")].set_index(["group", "measure"])
    assert lines.loc[("under_40", "without_result"), "mean"] == 1.0
    assert lines.loc[("under_40", "without_result"), "apart"] == "higher"
    assert lines.loc[("under_40", "blanks"), "mean"] == 3.0
    assert lines.loc[("40_to_64", "hit_rate"), "mean"] == pytest.approx(1 / 3)
    assert lines.loc[("all", "without_result"), "cases"] == 60


def test_all_that_officers_asked_is_shown_too() -> None:
    found = burden(*judged()).set_index(["ranking", "by", "group", "measure"])
    assert found.loc[("officers_all", "age", "under_40", "blanks"), "mean"] == 4.0
