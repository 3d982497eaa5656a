from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.calibration import calibration, calibration_figures, reliability


def test_honest_forecasts_are_calibrated_and_resolved() -> None:
    rng = np.random.default_rng(0)
    forecast = rng.random(20_000)
    happened = rng.random(20_000) < forecast
    found = calibration(forecast, happened)
    assert found.error < 0.02
    assert found.resolution == pytest.approx(1 / 12, rel=0.1)
    assert found.table["count"].tolist() == [2000] * 10
    held = (found.table["low"] <= found.table["predicted"]) & (
        found.table["predicted"] <= found.table["high"]
    )
    assert held.sum() >= 8


def test_a_constant_is_calibrated_and_useless() -> None:
    happened = np.random.default_rng(0).random(20_000) < 0.12
    found = calibration(np.full(20_000, happened.mean()), happened)
    assert found.error < 0.02
    assert found.resolution < 0.001


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=50))
def test_bins_hold_every_row_and_figures_stay_in_bounds(rows: list[tuple[float, bool]]) -> None:
    found = calibration([forecast for forecast, _ in rows], [happened for _, happened in rows])
    assert found.table["count"].sum() == len(rows)
    assert found.table["count"].max() - found.table["count"].min() <= 1
    assert 0 <= found.error <= 1
    assert -1e-12 <= found.resolution <= 0.25 + 1e-12


def test_what_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        reliability([1.2], [1])
    with pytest.raises(ValueError, match="between 0 and 1"):
        reliability([], [])
    with pytest.raises(ValueError, match="of one length"):
        reliability([0.5], [1, 0])


def test_intervals_of_error_and_resolution_hold_and_count_cases_not_rows() -> None:
    rng = np.random.default_rng(0)
    forecast = rng.random(2000)
    outcome = (rng.random(2000) < forecast).astype(float)
    rows = np.arange(2000)
    found = calibration_figures(forecast, outcome, rows)
    plain = calibration(forecast, outcome)
    assert found["error"].value == plain.error
    assert found["resolution"].low < plain.resolution < found["resolution"].high
    # Four copies of a row in one case say no more than one.
    four = calibration_figures(np.tile(forecast, 4), np.tile(outcome, 4), np.tile(rows, 4))
    width = [each["resolution"].high - each["resolution"].low for each in (found, four)]
    assert width[1] == pytest.approx(width[0], rel=0.1)
