from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from features.archive import Archive
from features.candidates import candidates_of
from features.matrix import Matrix, build_matrix
from training.propensity import fit_propensity


@pytest.fixture(scope="module")
def matrix(small_archive: Archive, everybody: pd.DataFrame) -> Matrix:
    cases = everybody.iloc[:150].reset_index(drop=True)
    return build_matrix(small_archive, candidates_of(small_archive, cases))


def drawn(matrix: Matrix, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return known propensities that the records explain, and what was asked by them."""
    values = matrix.values
    score = -2.0 + 2.5 * values["is_city_bank"] + 2.0 * (values["kind_hit_rate"] > 0.1)
    chance = 1.0 / (1.0 + np.exp(-score.to_numpy(dtype=float)))
    return chance, np.random.default_rng(seed).random(len(chance)) < chance


def test_it_finds_propensities_that_are_known(matrix: Matrix) -> None:
    chance, asked = drawn(matrix)
    fitted = fit_propensity(matrix, asked)
    assert np.abs(fitted.of(matrix) - chance).mean() < 0.04
    assert fitted.held_back.error < 0.04
    assert fitted.held_back.resolution > 0.01


def test_it_is_clipped_and_says_how_often(matrix: Matrix) -> None:
    _, asked = drawn(matrix)
    fitted = fit_propensity(matrix, asked, floor=0.2)
    assert fitted.of(matrix).min() == pytest.approx(0.2)
    assert fitted.of(matrix).max() <= 1.0
    assert 0 < fitted.clipped < 1


def test_inverse_propensities_weigh_the_asked_up_to_all(matrix: Matrix) -> None:
    chance, asked = drawn(matrix, 1)
    weight = 1.0 / fit_propensity(matrix, asked).out_of_fold[asked]
    assert weight.sum() == pytest.approx(len(chance), rel=0.08)


def test_the_same_records_teach_the_same(matrix: Matrix) -> None:
    _, asked = drawn(matrix)
    few = matrix.take(np.arange(2000))
    one, other = fit_propensity(few, asked[:2000]), fit_propensity(few, asked[:2000])
    np.testing.assert_array_equal(one.of(matrix), other.of(matrix))


def test_what_teaches_nothing_is_refused(matrix: Matrix) -> None:
    for asked in (np.zeros(len(matrix.pairs), bool), np.ones(len(matrix.pairs), bool)):
        with pytest.raises(ValueError, match="both asked and unasked"):
            fit_propensity(matrix, asked)
    with pytest.raises(ValueError, match="one value a pair"):
        fit_propensity(matrix, np.ones(3, bool))
