from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reference import Answered, Reference, psi, spread_of

finite = st.floats(-1e6, 1e6, allow_nan=False)


@given(st.lists(finite, min_size=1, max_size=60))
def test_the_shares_of_what_is_known_add_to_one(values: list[float]) -> None:
    found = spread_of(np.array(values), np.ones(len(values)))
    assert sum(found.shares) == pytest.approx(1.0)
    assert len(found.shares) == len(found.edges) + 1
    assert list(found.edges) == sorted(found.edges)


@given(st.lists(finite, min_size=1, max_size=60))
def test_nothing_changed_is_no_drift(values: list[float]) -> None:
    column, weight = np.array(values), np.ones(len(values))
    found = spread_of(column, weight)
    assert psi(found, found.counts(column, weight)) == pytest.approx(0.0, abs=1e-9)


def test_a_flag_that_moves_leaves_its_bin() -> None:
    flags, weight = (np.arange(400) % 10 == 0).astype(float), np.ones(400)
    then = spread_of(flags, weight)
    assert psi(then, then.counts(flags + flags.std(), weight)) > 2.0


def test_a_rate_that_moves_a_little_stays() -> None:
    rates, weight = np.repeat([0.11, 0.24, 0.53], 100), np.ones(300)
    then = spread_of(rates, weight)
    assert psi(then, then.counts(rates * 1.02, weight)) == pytest.approx(0.0, abs=1e-9)


def test_the_unknown_is_counted_apart() -> None:
    found = spread_of(np.array([1.0, np.nan, np.nan, 2.0]), np.array([1.0, 1.0, 2.0, 1.0]))
    assert (found.known, found.missing) == (2.0, pytest.approx(0.6))
    nothing = spread_of(np.array([np.nan]), np.ones(1))
    assert (nothing.shares, nothing.missing) == ((1.0,), 1.0)


def test_it_is_read_as_it_was_written() -> None:
    spread = spread_of(np.arange(50.0), np.ones(50))
    told = Reference(
        "2026-04-01",
        50,
        {"arrears": spread},
        {"arrears": 0.3},
        None,
        {"bank": Answered(9, 2)},
        {"bank|0001": "みずほ"},
    )
    assert Reference.from_text(told.to_text()) == told


@pytest.mark.parametrize("text", ["{}", '{"day": 1, "cases": 1, "inputs": {"a": {"edges": 1, "shares": 2}}}'])
def test_a_damaged_one_is_refused(text: str) -> None:
    with pytest.raises((KeyError, ValueError), match=r"cases|day|share|edges"):
        Reference.from_text(text)
