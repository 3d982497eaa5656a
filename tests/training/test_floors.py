from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from training.floors import COLD_FLOORS, EVERY, FLOORS, Floor, judge, t_interval
from training.metrics import DIRECTIONS, MARKS


def scores(**means: list[float]) -> pd.DataFrame:
    """hit_at_1 of each ranking on the towns of one style, in order of their seeds."""
    rows = [
        ("ward", seed, ranking, "hit_at_1", mean)
        for ranking, each in means.items()
        for seed, mean in enumerate(each)
    ]
    return pd.DataFrame(rows, columns=["style", "seed", "ranking", "metric", "mean"])


def held(table: pd.DataFrame, floor: Floor) -> list[bool]:
    holds: list[bool] = judge(table, (floor,))["holds"].tolist()
    return holds


def test_students_interval_by_hand() -> None:
    found = t_interval([1.0, 2.0, 3.0, 4.0, 5.0])
    assert found.value == 3
    assert found.high - 3 == pytest.approx(2.776445 * math.sqrt(2.5 / 5))


def test_one_town_proves_nothing() -> None:
    assert t_interval([1.0]).low == -math.inf
    assert held(
        scores(ranker=[0.9], know_how=[0.1]), Floor("ranker", "know_how", "hit_at_1", "difference", 0)
    ) == [False]


def test_a_difference_holds_only_with_its_whole_interval() -> None:
    floor = Floor("ranker", "know_how", "hit_at_1", "difference", 0)
    assert held(scores(ranker=[0.5, 0.6, 0.55], know_how=[0.4, 0.5, 0.44]), floor) == [True]
    assert held(scores(ranker=[0.5, 0.6, 0.55], know_how=[0.4, 0.7, 0.44]), floor) == [False]


def test_a_ratio_holds_with_its_mean() -> None:
    floor = Floor("ranker", "veteran", "hit_at_1", "ratio", 1.2)
    assert held(scores(ranker=[0.6, 0.6], veteran=[0.5, 0.5]), floor) == [True]
    assert held(scores(ranker=[0.59, 0.6], veteran=[0.5, 0.5]), floor) == [False]


def test_a_value_stands_alone_and_towns_without_it_do_not_count() -> None:
    table = scores(ranker=[0.01, 0.02, float("nan")]).assign(metric="calibration_error")
    floor = Floor("ranker", "", "calibration_error", "value", 0.02)
    assert judge(table, (floor,))["mean"].tolist() == pytest.approx([0.015])
    assert held(table, floor) == [True]
    assert held(table.assign(mean=0.03), floor) == [False]


def test_where_less_is_better_the_other_side_counts() -> None:
    table = scores(ranker=[2.0, 2.1, 2.0], know_how=[3.0, 3.2, 3.1]).assign(metric="inquiries")
    assert held(table, Floor("ranker", "know_how", "inquiries", "difference", 0)) == [True]
    assert held(table, Floor("know_how", "ranker", "inquiries", "ratio", 1.0)) == [False]


def test_every_style_is_judged_and_then_all_towns() -> None:
    one = scores(ranker=[0.5, 0.6], know_how=[0.4, 0.4])
    table = pd.concat([one, one.assign(style="factory")])
    judged = judge(table, (Floor("ranker", "know_how", "hit_at_1", "difference", 0),))
    assert judged["style"].tolist() == ["ward", "factory", EVERY]
    assert judged["mean"].tolist() == pytest.approx([0.15] * 3)


def test_a_ranking_that_did_not_compete_is_left_out() -> None:
    assert judge(scores(ranker=[0.5, 0.6])).empty


def test_floors_name_metrics_that_exist_and_the_proof_of_the_two_bars() -> None:
    assert {floor.metric for floor in (*FLOORS, *COLD_FLOORS)} <= {*DIRECTIONS, *MARKS}
    binding = {(floor.theirs, floor.metric) for floor in FLOORS if floor.binding}
    figures = ("hit_at_1", "hit_at_5", "cover_at_5")
    assert binding == {("", "calibration_error"), ("ceiling", "ndcg_at_10")} | {
        (bar, metric) for bar in ("know_how", "average", "ceiling") for metric in figures
    }
    assert not np.isnan([floor.least for floor in FLOORS]).any()
