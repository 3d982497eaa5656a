from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.rounds import LEAST_SECOND, SIGNALS, Rounds, fit_rounds, log_odds, moved, signals_of


def second_rounds(effect: float, size: int = 4000) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Second rounds in which a surprise at the same kind moves the log-odds of a bank by ``effect``."""
    rng = np.random.default_rng(1)
    signals = rng.normal(0, 0.6, (size, len(SIGNALS)))
    probability = rng.uniform(0.05, 0.6, size)
    odds = log_odds(probability) + effect * signals[:, 0]
    hit = (rng.random(size) < 1 / (1 + np.exp(-odds))).astype(float)
    return signals, probability, hit, np.arange(size)


def test_what_answers_teach_is_learnt() -> None:
    rounds = fit_rounds(*second_rounds(1.2))
    assert rounds is not None
    assert rounds.weights[0] == pytest.approx(1.2, abs=0.2)
    assert np.abs(rounds.weights[1:]).max() < 0.2


def test_what_teaches_nothing_is_not_believed() -> None:
    assert fit_rounds(*second_rounds(0.0)) is None


def test_too_few_second_rounds_teach_nothing() -> None:
    assert fit_rounds(*second_rounds(1.2, LEAST_SECOND - 1)) is None


def test_signals_are_surprises_by_kind() -> None:
    answers = pd.DataFrame(
        {
            "case": [0, 0, 0],
            "kind": ["bank", "bank", "employer"],
            "hit": [0.0, 1.0, 0.0],
            "probability": [0.6, 0.1, 0.3],
        }
    )
    kinds = np.array(["bank", "employer", "bank"], dtype=object)
    found = signals_of(np.array([0, 0, 1]), kinds, answers)
    np.testing.assert_allclose(found[0], [0.3, -0.3, 0.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(found[1], [0.0, 0.0, -0.3, 0.3], atol=1e-12)
    np.testing.assert_allclose(found[2], 0.0)


def test_it_is_written_and_read_again() -> None:
    rounds = Rounds((0.1, -0.2, 0.3, 0.0), 321)
    assert Rounds.from_text(rounds.to_text()) == rounds


def test_no_shift_moves_nothing() -> None:
    probability = np.array([0.0, 0.3, 1.0])
    np.testing.assert_array_equal(moved(probability, np.zeros(3)), probability)
