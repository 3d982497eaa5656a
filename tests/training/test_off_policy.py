from __future__ import annotations

import warnings
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.off_policy import Method, OffPolicyProblem, OffPolicyWarning, estimate

OLD = np.array([0.5, 0.3, 0.2])
NEW = np.array([0.1, 0.3, 0.6])
MEAN = np.array([0.2, 0.5, 0.8])
TRUE_VALUE = float(NEW @ MEAN)
METHODS = get_args(Method)


def bandit(rows: int, seed: int, model: np.ndarray = MEAN) -> pd.DataFrame:
    """A logged bandit of three arms whose rewards are known in the mean."""
    rng = np.random.default_rng(seed)
    action = rng.choice(3, size=rows, p=OLD)
    return pd.DataFrame(
        {
            "reward": (rng.random(rows) < MEAN[action]).astype(float),
            "propensity": OLD[action],
            "new_propensity": NEW[action],
            "predicted_logged": model[action],
            "predicted_new": np.full(rows, NEW @ model),
        }
    )


@pytest.mark.parametrize("method", METHODS)
def test_every_method_finds_the_value_of_a_simulated_bandit(method: Method) -> None:
    found = [estimate(bandit(2000, seed), method).value for seed in range(40)]
    assert np.mean(found) == pytest.approx(TRUE_VALUE, abs=0.01)


@pytest.mark.parametrize("method", ["ips", "snips", "dr"])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(method: Method) -> None:
    estimates = [estimate(bandit(500, seed), method) for seed in range(200)]
    held = np.mean([each.low <= TRUE_VALUE <= each.high for each in estimates])
    assert 0.9 <= held <= 0.99


def test_doubly_robust_survives_a_wrong_model_and_the_direct_method_does_not() -> None:
    wrong = np.array([0.9, 0.9, 0.1])
    logs = [bandit(2000, seed, wrong) for seed in range(30)]
    assert np.mean([estimate(log, "dr").value for log in logs]) == pytest.approx(TRUE_VALUE, abs=0.02)
    assert abs(estimate(logs[0], "dm").value - TRUE_VALUE) > 0.2


def test_rows_of_one_cluster_count_once() -> None:
    """Every row written four times says no more than once, where it is said which rows belong together."""
    log = bandit(300, 1)
    four = pd.concat([log.assign(cluster=np.arange(len(log)))] * 4, ignore_index=True)
    for method in METHODS:
        once, clustered, naive = (
            estimate(each, method) for each in (log, four, four.drop(columns="cluster"))
        )
        assert clustered.value == pytest.approx(once.value)
        assert clustered.high - clustered.low == pytest.approx(once.high - once.low)
        if method != "dm":  # the direct estimate of a bandit without contexts has no spread at all
            assert naive.high - naive.low < 0.6 * (once.high - once.low)


@settings(max_examples=30, deadline=None)
@given(st.floats(-100, 100), st.integers(0, 1000))
def test_snips_moves_with_a_shift_of_the_rewards(shift: float, seed: int) -> None:
    log = bandit(300, seed)
    moved = estimate(log.assign(reward=log["reward"] + shift), "snips")
    assert moved.value == pytest.approx(estimate(log, "snips").value + shift, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000))
def test_doubly_robust_is_the_direct_method_where_the_model_is_never_wrong(seed: int) -> None:
    log = bandit(300, seed)
    log = log.assign(reward=log["predicted_logged"])
    assert estimate(log, "dr").value == pytest.approx(estimate(log, "dm").value)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000))
def test_the_old_policy_is_worth_its_mean_reward(seed: int) -> None:
    log = bandit(300, seed).assign(new_propensity=lambda frame: frame["propensity"])
    for method in ("ips", "snips"):
        found = estimate(log, method)
        assert found.value == pytest.approx(log["reward"].mean())
        assert found.effective_n == pytest.approx(300)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(METHODS))
def test_row_order_does_not_matter(seed: int, method: Method) -> None:
    log = bandit(200, seed)
    assert estimate(log[::-1], method).value == pytest.approx(estimate(log, method).value)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("bad", [0.0, -0.1, 1.2])
def test_a_propensity_outside_is_refused(method: Method, bad: float) -> None:
    log = bandit(50, 0)
    log.loc[3, "propensity"] = bad
    with pytest.raises(OffPolicyProblem, match=r"propensity must be in \(0, 1\]: 1 rows"):
        estimate(log, method)


@pytest.mark.parametrize("bad", [-0.1, 1.2])
def test_a_new_propensity_outside_is_refused(bad: float) -> None:
    log = bandit(50, 0)
    log.loc[3, "new_propensity"] = bad
    with pytest.raises(OffPolicyProblem, match=r"new_propensity must be in \[0, 1\]"):
        estimate(log, "ips")


def test_no_overlap_is_refused() -> None:
    with pytest.raises(OffPolicyProblem, match="no overlap"):
        estimate(bandit(50, 0).assign(new_propensity=0.0), "snips")


def test_clipping_and_thin_overlap_are_warned_of() -> None:
    log = bandit(1000, 0).assign(propensity=1.0, new_propensity=0.001)
    log.loc[0, ["propensity", "new_propensity"]] = [0.001, 1.0]
    with pytest.warns(OffPolicyWarning) as said:
        estimate(log, "ips")
    texts = [str(each.message) for each in said]
    assert any("clipping: 1 of 1000 weights" in text for text in texts)
    assert any("thin overlap" in text for text in texts)


def test_a_sound_log_is_silent() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for method in METHODS:
            estimate(bandit(20, 0), method)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(OffPolicyProblem, match="predicted_logged, predicted_new"):
        estimate(bandit(5, 0)[["reward", "propensity", "new_propensity"]], "dr")
    with pytest.raises(OffPolicyProblem, match="the log is empty"):
        estimate(bandit(0, 0), "ips")
    with pytest.raises(OffPolicyProblem, match="reward is missing or not finite in 1 rows"):
        estimate(bandit(5, 0).assign(reward=[1.0, np.nan, 0, 0, 0]), "ips")
    with pytest.raises(OffPolicyProblem, match="reward must hold numbers"):
        estimate(bandit(2, 0).assign(reward=["a", "b"]), "ips")
    with pytest.raises(OffPolicyProblem, match="unknown method 'magic'"):
        estimate(bandit(5, 0), "magic")  # type: ignore[arg-type]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("clip", [0, -1, np.nan, np.inf, pytest.param(10**400, id="huge"), "5", None, True])
def test_a_clip_that_is_no_number_above_zero_is_refused(method: Method, clip: float) -> None:
    with pytest.raises(OffPolicyProblem, match="clip must be a finite number above zero"):
        estimate(bandit(50, 0), method, clip)


@pytest.mark.parametrize("method", METHODS)
def test_a_log_of_another_shape_is_refused(method: Method) -> None:
    log = bandit(5, 0)
    for other in (None, log.to_dict("list"), log["reward"], log.to_numpy()):
        with pytest.raises(OffPolicyProblem, match="the log must be a DataFrame, not a"):
            estimate(other, method)  # type: ignore[arg-type]
    twice = pd.concat([log, log[["reward", "predicted_new"]]], axis=1)
    with pytest.raises(OffPolicyProblem, match="more than once: reward, predicted_new"):
        estimate(twice, method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("cluster", [["a", None, "b", "b", None], [1, np.nan, 2, 2, np.nan]])
def test_a_row_of_no_cluster_is_refused(method: Method, cluster: list[object]) -> None:
    with pytest.raises(OffPolicyProblem, match="cluster is missing in 2 rows"):
        estimate(bandit(5, 0).assign(cluster=cluster), method)


@pytest.mark.parametrize("method", ["ips", "snips", "dr"])
def test_a_tiny_propensity_is_clipped_like_any_other(method: Method) -> None:
    log, same = bandit(1000, 0), bandit(1000, 0)
    log.loc[0, ["propensity", "new_propensity"]] = [1e-320, 1.0]
    same.loc[0, ["propensity", "new_propensity"]] = [1e-3, 1.0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", OffPolicyWarning)
        assert estimate(log, method) == estimate(same, method)


def test_the_scale_of_the_weights_does_not_change_how_many_rows_speak() -> None:
    log = bandit(1000, 0)
    tiny = log.assign(new_propensity=log["new_propensity"] * 1e-200)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert estimate(tiny, "ips").effective_n == pytest.approx(estimate(log, "ips").effective_n)


def test_the_log_is_never_written_to() -> None:
    log = bandit(50, 0)
    before = log.copy()
    for method in METHODS:
        estimate(log, method)
    pd.testing.assert_frame_equal(log, before)
