from __future__ import annotations

from training.expectation import CURVE, expected, told


def test_the_curve_grows_with_the_answers_and_is_flat_beyond_its_ends() -> None:
    assert [point.answers for point in CURVE] == sorted(point.answers for point in CURVE)
    assert expected(1).hit_at_1 == CURVE[0].hit_at_1
    assert expected(10**9).cover_at_5 == CURVE[-1].cover_at_5


def test_a_training_says_how_much_there_was_and_what_it_lets_expect() -> None:
    text = told(20_000, 2_600, learnt=True)
    assert "回答は20,000件（判明2,600件）" in text
    assert "tegakari backtest" in text


def test_too_little_is_said_to_be_too_little() -> None:
    assert "職員の経験則で順位を付けます" in told(80, 10, learnt=False)
