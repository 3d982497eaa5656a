from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from training.policy_value import FIRST, policy_values


def logged(cases: int, seed: int, floor: float = 0.1) -> tuple[pd.DataFrame, float]:
    """A log of 12 candidates a case with known propensities, and the true yen of the ranker's first five."""
    rng = np.random.default_rng(seed)
    case = np.repeat(np.arange(cases), 12)
    quality = rng.random(len(case))
    propensity = np.clip(0.7 * rng.random(len(case)), floor, 1.0)
    hit = (rng.random(len(case)) < quality).astype(float)
    asked = rng.random(len(case)) < propensity
    rank = pd.Series(-quality).groupby(case).rank(method="first").to_numpy()
    table = pd.DataFrame(
        {"case": case, "ranker": rank, "know_how": rank, "past_hits": 13 - rank, "first": asked,
         "answered": asked, "hit": np.where(asked, hit, np.nan), "yen": np.where(asked, hit * 1e5, np.nan),
         "propensity": propensity, "probability": np.full(len(case), 0.5), "expected_yen": quality * 1e5}
    )  # fmt: skip
    weight = pd.Series(propensity).groupby(case).sum()
    true = pd.Series(np.where(rank <= FIRST, quality, np.nan)).groupby(case).mean()
    return table, float((true * weight).sum() / weight.sum())


@pytest.mark.parametrize("method", ["ips", "snips", "dr"])
def test_the_value_of_a_known_ranking_is_found(method: str) -> None:
    found = []
    for seed in range(12):
        table, true = logged(400, seed)
        lines = policy_values(table).set_index(["policy", "reward", "method"])
        found.append(lines.loc[("ranker", "hit", method), "value"] - true)
    assert np.mean(found) == pytest.approx(0.0, abs=0.02)


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    held = []
    for seed in range(60):
        table, true = logged(150, seed)
        line = policy_values(table).set_index(["policy", "reward", "method"]).loc[("ranker", "hit", "snips")]
        held.append(line["low"] <= true <= line["high"])
    assert 0.85 <= np.mean(held) <= 1.0


def test_where_nobody_asked_what_the_ranking_wants_it_is_refused() -> None:
    table, _ = logged(100, 0)
    table = table.assign(first=table["first"] & (table["ranker"] > FIRST + 2))
    table = table.assign(answered=table["first"])
    lines = policy_values(table).set_index(["policy", "reward", "method"]).sort_index()
    refused = lines.loc[("ranker", "yen")]
    assert refused["value"].isna().all()
    assert refused["refused"].str.startswith("no overlap").all()
    assert lines.loc[("past_hits", "yen", "snips"), "refused"] == ""
    assert lines.loc[("officers", "yen", "logged"), "value"] > 0


def test_a_silent_inquiry_is_no_row_of_the_log() -> None:
    table, _ = logged(100, 0)
    silent = table["first"] & (np.arange(len(table)) % 3 == 0)
    table = table.assign(answered=table["answered"] & ~silent)
    table.loc[silent, ["hit", "yen"]] = np.nan
    assert policy_values(table)["inquiries"].max() == int((table["first"] & table["answered"]).sum())
