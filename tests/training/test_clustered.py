from __future__ import annotations

import numpy as np
import pytest

from training.clustered import Group, gap, level, means, medians

WITHOUT, WITH = 12.0, 4.0


def office(seed: int, officers: int = 12, cases: int = 40, share: float = 0.2) -> tuple[Group, Group]:
    """Minutes of an office whose medians are known, by arm; officers differ, and take part in both arms."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(officers), cases)
    speed = rng.normal(0.0, 0.35, officers)[who]
    blind = rng.random(len(who)) < share
    minutes = np.where(blind, WITHOUT, WITH) * np.exp(speed + rng.normal(0.0, 0.6, len(who)))
    weights = np.where(blind, 1 / share, 1 / (1 - share))
    arms = [Group(minutes[arm], weights[arm], who[arm]) for arm in (blind, ~blind)]
    return arms[0], arms[1]


def test_the_interval_covers_the_known_difference_in_about_95_of_100_offices() -> None:
    found = [gap(*office(seed)) for seed in range(120)]
    covered = sum(each.low <= WITHOUT - WITH <= each.high for each in found)
    assert 0.90 <= covered / len(found) <= 1.0  # 0.95 less three standard errors of 120 trials
    assert all(each.low > 0 for each in found)  # an effect of this size is never missed


def test_no_effect_is_not_taken_for_one() -> None:
    rng = np.random.default_rng(3)
    wrong = 0
    for seed in range(60):
        _, plain = office(seed, share=0.02)
        half = rng.random(len(plain)) < 0.5
        parts = [Group(plain.values[m], plain.weights[m], plain.clusters[m]) for m in (half, ~half)]
        found = gap(*parts)
        wrong += not found.low <= 0 <= found.high
    assert wrong <= 8  # 3 expected


def test_weights_undo_a_share_that_was_changed_on_the_way() -> None:
    """A slow month with few blind choices, a quick one with many: their mix alone is no effect."""
    slow, quick = np.full(1000, 20.0), np.full(1000, 10.0)
    values = np.concatenate([slow, quick])
    share = np.repeat([0.1, 0.5], 1000)
    blind = np.concatenate([np.arange(1000) < 100, np.arange(1000) < 500])
    weights = np.where(blind, 1 / share, 1 / (1 - share))
    arms = [Group(values[arm], weights[arm], np.arange(int(arm.sum())) % 20) for arm in (blind, ~blind)]
    assert level(arms[0], means) == pytest.approx(15.0)
    assert level(arms[1], means) == pytest.approx(15.0)


def test_one_officer_gives_a_difference_without_an_interval() -> None:
    one = Group(np.array([5.0, 7.0]), np.ones(2), np.zeros(2, dtype=np.int64))
    found = gap(one, one)
    assert found.value == 0
    assert np.isnan([found.low, found.high]).all()


def test_an_empty_group_has_no_median() -> None:
    empty = Group(np.array([]), np.array([]), np.array([], dtype=np.int64))
    one = Group(np.array([1.0]), np.ones(1), np.zeros(1, dtype=np.int64))
    clusters, nobody = np.array([0]), np.array([[0]])
    assert np.isnan(medians(empty, clusters, nobody)).all()
    assert np.isnan(medians(one, clusters, nobody)).all()
    assert np.isnan(means(one, clusters, nobody)).all()


def test_the_median_is_that_of_the_drawn_cases() -> None:
    """Against copying every drawn officer's cases, draw by draw."""
    arm, _ = office(2, officers=5, cases=20)
    arm = Group(arm.values, np.ones(len(arm)), arm.clusters)
    times = np.random.default_rng(0).multinomial(5, [0.2] * 5, size=50)
    found = medians(arm, np.arange(5), times)
    for drawn, value in zip(times, found, strict=True):
        assert value == pytest.approx(np.median(np.repeat(arm.values, drawn[arm.clusters])))


def test_the_median_is_unmoved_by_the_order_of_the_cases() -> None:
    arm, _ = office(1)
    turned = Group(arm.values[::-1], arm.weights[::-1], arm.clusters[::-1])
    assert level(arm) == level(turned)
