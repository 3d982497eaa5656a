from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.effects import officer_effects
from models.growth import Growth, fit_growth, within


def test_what_is_the_officers_own_is_found_and_what_is_nobodys_is_drawn_to_nothing() -> None:
    rng = np.random.default_rng(1)
    who = rng.integers(0, 30, 6000)
    flag, noise = (rng.random(6000) < 0.3).astype(float), rng.normal(0, 1, 6000)
    level, special = rng.normal(0, 0.2, 30), rng.normal(0, 0.15, 30)
    rest = level[who] + special[who] * flag + rng.normal(0, 0.3, 6000)
    traits = np.stack([np.ones(6000), flag, noise], axis=1)
    found = officer_effects(rest, traits, who, np.array([0, 1, 2]))
    assert np.corrcoef(found.own[:, 0], level)[0, 1] > 0.97
    assert np.corrcoef(found.own[:, 1], special)[0, 1] > 0.9
    assert np.sqrt(found.spread) == pytest.approx([level.std(), special.std(), 0.0], abs=0.03)
    assert found.chance == pytest.approx(0.09, abs=0.01)
    assert (found.doubt > 0).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.floats(-1, 1), st.integers(0, 99))
def test_few_cases_say_less_than_many_and_a_row_of_half_weight_less_than_a_whole(
    few: int, mean: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    who = np.append(np.zeros(few, int), 1 + rng.integers(0, 9, 500))
    rest = np.append(np.full(few, mean), rng.normal(0, 0.2, 10)[who[few:]] + rng.normal(0, 0.3, 500))
    ones = np.ones((len(rest), 1))
    whole = officer_effects(rest, ones, who, np.array([0]))
    assert abs(whole.own[0, 0]) <= abs(mean) + 1e-9
    assert whole.own[0, 0] * mean >= 0
    half = officer_effects(rest, ones, who, np.array([0]), weights=np.append(np.full(few, 0.5), np.ones(500)))
    assert abs(half.own[0, 0]) <= abs(whole.own[0, 0]) + 0.02


@pytest.mark.parametrize("middle", [2.0, 20.0])
def test_growth_of_any_falling_shape_is_found_within_officers(middle: float) -> None:
    rng = np.random.default_rng(2)
    who, months = rng.integers(0, 40, 12_000), rng.uniform(0, 48, 12_000)
    hardness = rng.normal(0, 1, 12_000)
    fall = 0.5 / (1 + np.exp(-(months - middle) / 4))
    stays = -0.3 * (who < 20)  # the fast ones stay: their months must not look like growth
    months = months * np.where(who < 20, 1.0, 0.7)
    fall = 0.5 / (1 + np.exp(-(months - middle) / 4))
    rest = stays - fall * (1 + 0.3 * np.clip(hardness, -2, 2)) + rng.normal(0, 0.3, 12_000)
    found = fit_growth(rest, months, hardness, who)
    at = np.array([0.0, 6.0, 12.0, 24.0, 36.0])
    true = -0.5 / (1 + np.exp(-(at - middle) / 4))
    ours = found.log_ratio(at)
    np.testing.assert_allclose(ours - ours[0], true - true[0], atol=0.07)
    assert found.slope == pytest.approx(0.3, abs=0.1)


@given(st.lists(st.floats(0, 1), min_size=7, max_size=7), st.floats(-0.5, 0.5), st.floats(-3, 3))
def test_months_never_make_slower(steps: list[float], slope: float, hardness: float) -> None:
    months = np.linspace(0, 80, 50)
    ratio = Growth(tuple(steps), slope, 0.2).log_ratio(months, hardness)
    assert (np.diff(ratio) <= 1e-12).all()


def test_within_takes_each_officers_mean_away() -> None:
    assert within(np.array([1.0, 3.0, 7.0]), np.array([0, 0, 2])).tolist() == [-1, 1, 0]
