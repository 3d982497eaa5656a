from __future__ import annotations

import math
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.metrics import (
    DIRECTIONS,
    Better,
    bootstrap,
    case_metrics,
    compare,
    gains,
    paired_difference,
    paired_ratio,
    ranked_rows,
    truth_rows,
)


def assets(*rows: tuple[str, str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["debtor_id", "target_code", "value"])
    return frame.assign(target_kind="bank")


def ranking(**lists: str) -> pd.DataFrame:
    """One letter is one target, in the order asked."""
    rows = [
        (debtor, place + 1, "bank", code)
        for debtor, codes in lists.items()
        for place, code in enumerate(codes)
    ]
    return pd.DataFrame(rows, columns=["debtor_id", "rank", "target_kind", "target_code"])


def owed(**yen: int) -> pd.Series:
    return pd.Series(yen, dtype="Int64")


def scored(table: pd.DataFrame, arrears: pd.Series, proposed: pd.DataFrame) -> pd.DataFrame:
    return case_metrics(ranked_rows(proposed, table, arrears), truth_rows(table, arrears))


def test_one_case_by_hand() -> None:
    table = assets(("d", "b", 60_000), ("d", "c", 5_000), ("d", "e", 20_000), ("d", "z", 200_000))
    found = scored(table, owed(d=100_000), ranking(d="abcde")).loc["d"]
    assert found["hit_at_1"] == 0
    assert found["hit_at_5"] == 1
    assert found["cover_at_1"] == 0
    assert found["cover_at_5"] == pytest.approx(0.8)  # the 5,000 yen of c are no hit
    assert found["first_hit"] == found["inquiries"] == 2
    ideal = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert found["ndcg_at_10"] == pytest.approx((2 / math.log2(3) + 1 / math.log2(6)) / ideal)


def test_cover_is_capped_at_the_arrears() -> None:
    table = assets(("d", "a", 90_000), ("d", "b", 90_000))
    assert scored(table, owed(d=100_000), ranking(d="ab")).loc["d", "cover_at_5"] == 1


def test_a_case_without_any_hit_is_left_out_and_a_missed_one_is_not() -> None:
    table = assets(("poor", "a", 9_999), ("missed", "z", 50_000))
    found = scored(table, owed(poor=1000, missed=1000, none=1000), ranking(poor="a", missed="abc", none="a"))
    assert found.index.tolist() == ["missed"]
    assert found.loc["missed", "hit_at_10"] == 0
    assert found.loc["missed", "inquiries"] == 4
    assert math.isnan(found.loc["missed", "first_hit"])


def test_a_case_that_was_not_ranked_at_all_counts_as_missed() -> None:
    table = assets(("d", "a", 50_000), ("e", "a", 50_000))
    found = scored(table, owed(d=1000, e=1000), ranking(d="a"))
    assert found.loc["e", ["hit_at_10", "cover_at_10", "ndcg_at_10", "inquiries"]].tolist() == [0, 0, 0, 1]


def test_a_target_named_twice_counts_once_and_its_assets_add_up() -> None:
    table = assets(("d", "a", 6_000), ("d", "a", 6_000))
    twice = pd.concat([ranking(d="aa"), ranking(d="a")])
    rows = ranked_rows(twice, table, owed(d=12_000))
    assert rows["value"].tolist() == [12_000]
    assert scored(table, owed(d=12_000), twice).loc["d", "cover_at_5"] == 1


def test_gains_are_one_half_and_all() -> None:
    found = gains(pd.Series([0, 10_000, 10_000, 10_000]), pd.Series([5, 10_001, 20_001, 20_000]))
    assert found.tolist() == [0, 2, 1, 2]


worlds = st.dictionaries(
    st.sampled_from("abcdefghijklmnop"), st.integers(0, 300_000), min_size=1, max_size=16
)


@settings(max_examples=25, deadline=None)
@given(worlds, st.integers(1, 200_000), st.randoms())
def test_bounds_row_order_and_the_ideal(world: dict[str, int], arrears: int, rng: object) -> None:
    table = assets(*[("d", code, yen) for code, yen in world.items()])
    best = sorted(world, key=lambda code: -world[code])
    ideal = scored(table, owed(d=arrears), ranking(d="".join(best)))
    letters = list("abcdefghijklmnop")
    rng.shuffle(letters)  # type: ignore[attr-defined]
    proposed = ranking(d="".join(letters))
    found = scored(table, owed(d=arrears), proposed)
    pd.testing.assert_frame_equal(
        found, scored(table, owed(d=arrears), proposed.sample(frac=1, random_state=1))
    )
    if len(found):
        shares = found.filter(regex="hit_at|cover_at|ndcg")
        assert ((shares >= 0) & (shares <= 1 + 1e-12)).all(axis=None)
        assert ideal["ndcg_at_10"].iloc[0] == pytest.approx(1)
        for metric, better in DIRECTIONS.items():
            sign = 1 if better is Better.HIGHER else -1
            assert sign * ideal[metric].iloc[0] >= sign * found[metric].iloc[0] - 1e-12


def test_an_interval_holds_the_mean_and_narrows_with_cases() -> None:
    values = np.random.default_rng(1).random(2000)
    wide, narrow = bootstrap(values[:50]), bootstrap(values)
    assert narrow.low < values.mean() < narrow.high
    assert narrow.high - narrow.low < wide.high - wide.low
    assert bootstrap(values, seed=3) == bootstrap(values, seed=3)
    assert narrow.high - narrow.low == pytest.approx(2 * 1.96 * values.std() / np.sqrt(2000), rel=0.15)


def test_the_paired_difference_and_ratio_use_the_pairing() -> None:
    theirs = np.random.default_rng(2).random(500)
    ours = 1.2 * theirs
    assert paired_ratio(ours, theirs).value == pytest.approx(1.2)
    assert paired_ratio(ours, theirs).low == pytest.approx(1.2)
    assert paired_difference(ours, theirs).low > 0.08
    assert paired_difference(ours, theirs).value == pytest.approx(0.2 * theirs.mean())


def test_nothing_measured_is_said_so() -> None:
    assert math.isnan(bootstrap([]).value)
    assert math.isnan(paired_ratio([1.0], [0.0]).value)


def test_compare_gives_each_ranking_on_the_same_cases_with_a_direction() -> None:
    table = assets(("d", "a", 50_000), ("e", "b", 50_000))
    found = compare(
        table, owed(d=1000, e=1000), {"good": ranking(d="a", e="b"), "bad": ranking(d="ba", e="ab")}
    )
    assert found.columns.tolist() == ["ranking", "metric", "mean", "low", "high", "better", "cases"]
    means = found.set_index(["ranking", "metric"])["mean"]
    assert (means["good", "hit_at_1"], means["bad", "hit_at_1"]) == (1, 0)
    assert means["bad", "inquiries"] == 2
    assert (found["cases"] == 2).all()
    assert found.set_index("metric")["better"].to_dict() == {
        key: str(each) for key, each in DIRECTIONS.items()
    }


@pytest.mark.slow
def test_eight_thousand_cases_of_sixty_targets_take_about_a_second() -> None:
    rng = np.random.default_rng(0)
    cases, width = 8000, 60
    debtors = pd.Series(np.repeat([f"d{i:05}" for i in range(cases)], width), dtype="str")
    codes = pd.Series(np.tile([f"{i:04}" for i in range(width)], cases), dtype="str")
    proposed = pd.DataFrame(
        {"debtor_id": debtors, "rank": np.tile(np.arange(1, width + 1), cases), "target_kind": "bank"}
    ).assign(target_code=codes)
    table = proposed[rng.random(len(proposed)) < 0.1].assign(value=rng.integers(0, 200_000, 1)[0])
    arrears = pd.Series(200_000, index=debtors.unique())
    start = time.process_time()
    compare(table, arrears, {"one": proposed})
    assert time.process_time() - start < 3  # about one second on an idle core; slack for a busy one
