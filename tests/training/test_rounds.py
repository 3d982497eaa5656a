from __future__ import annotations

import pytest

from features.town.truth import Town
from training.course import Lesson
from training.rounds import COLUMNS, Way, main, round_scores


def test_two_rounds_send_fewer_inquiries_and_find_as_much(small_town: Town, small_lesson: Lesson) -> None:
    scores = round_scores(small_town, small_lesson.bundle, Way(first=3, budget=8))
    assert list(scores.columns) == list(COLUMNS)
    assert len(scores) > 30
    assert scores["sent_two"].mean() < 0.9 * scores["sent_one"].mean()
    assert scores["found_two"].mean() >= scores["found_one"].mean() - 0.03
    assert scores["in_order_two"].mean() < 1.1 * scores["in_order_one"].mean()
    same = scores["in_order_one"] <= 3
    assert (scores.loc[same, "in_order_one"] == scores.loc[same, "in_order_two"]).all()


def test_an_unknown_style_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--styles", "nowhere"]) == 1
    assert "様式 nowhere はありません" in capsys.readouterr().err
