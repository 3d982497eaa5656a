from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from training.swap import swap_test


def table(cases: int = 100, later: int = 3, seed: int = 0) -> pd.DataFrame:
    """Per case eight targets asked at once, ``later`` asked later, four never; yen are as forecast."""
    rng = np.random.default_rng(seed)
    size = 12 + later
    case, number = np.repeat(np.arange(cases), size), np.tile(np.arange(size), cases)
    expected = rng.random(cases * size) * 1e5
    first, asked = number < 8, number < 8 + later
    yen = np.where(rng.random(len(case)) < 0.5, expected * 2, 0.0)
    return pd.DataFrame(
        {"case": case, "target": number, "ranker": 1.0, "first": first, "answered": asked,
         "place": np.where(asked, number + 1.0, np.nan), "yen": np.where(asked, yen, np.nan),
         "expected_yen": expected, "propensity": 0.5}
    )  # fmt: skip


def test_better_targets_find_more_and_it_is_said_what_is_observed() -> None:
    found = swap_test(table()).set_index("variant")
    assert found["observed"].to_dict() == {
        "same_case": False, "any_case": False, "later_round": True, "other_cases": True,
    }  # fmt: skip
    assert (found["low"] > 0).all()
    assert (found["new_yen"] - found["dropped_yen"]).to_numpy() == pytest.approx(found["gain_yen"].to_numpy())
    assert found.loc["same_case", "swapped"] == 80
    assert found.loc["any_case", "gain_yen"] > found.loc["same_case", "gain_yen"]


def test_the_forecast_of_the_new_ones_is_what_answered_ones_brought() -> None:
    """A model that promises ten times too much is brought down to what its promises were worth."""
    honest, boasting = table(), table().assign(expected_yen=lambda rows: rows["expected_yen"] * 10)
    one, other = (
        swap_test(each).set_index("variant").loc["any_case", "new_yen"] for each in (honest, boasting)
    )
    assert one == pytest.approx(other)


def test_a_model_that_knows_nothing_gains_nothing_that_is_observed() -> None:
    rows = table(cases=200)
    blind = rows.assign(expected_yen=np.random.default_rng(9).permutation(rows["expected_yen"]))
    found = swap_test(blind).set_index("variant")
    for name in ("later_round", "other_cases"):
        assert found.loc[name, "low"] <= 0 <= found.loc[name, "high"]


def test_too_few_to_swap_says_nothing() -> None:
    found = swap_test(table(cases=20, later=0)).set_index("variant")
    assert np.isnan(found.loc["later_round", "gain_yen"])
    assert np.isnan(found.loc["same_case", "change"])
