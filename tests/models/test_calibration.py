from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.calibration import fit_curve

ROWS = st.lists(st.tuples(st.floats(-6, 6), st.floats(0, 1), st.floats(0.1, 2.0)), min_size=1, max_size=120)


@given(ROWS)
def test_a_curve_rises_and_stays_within_nought_and_one(rows: list[tuple[float, float, float]]) -> None:
    scores, outcomes, weight = np.array(rows).T
    curve = fit_curve(scores, outcomes, weight)
    values = curve.at(np.linspace(-8, 8, 50))
    assert (np.diff(values) >= -1e-12).all()
    assert values.min() >= 0.0
    assert values.max() <= 1.0


def test_a_curve_finds_the_share_of_hits() -> None:
    random = np.random.default_rng(0)
    scores = random.normal(size=20_000)
    chance = 1 / (1 + np.exp(-scores))
    curve = fit_curve(scores, (random.random(20_000) < chance).astype(float), np.ones(20_000))
    assert abs(float(curve.at(np.array([0.0]))[0]) - 0.5) < 0.03
