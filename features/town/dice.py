"""Chance: one independent stream per noun, so that deepening one part leaves the others as they were."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Days = NDArray[np.datetime64]


def dice(seed: int, noun: str) -> np.random.Generator:
    """Return the stream of ``noun`` in the town of ``seed``.

    >>> bool(dice(1, "people").random() == dice(1, "people").random())
    True
    """
    return np.random.default_rng([seed, zlib.crc32(noun.encode())])


def pick(rng: np.random.Generator, weights: Floats, size: int) -> Ints:
    """Draw ``size`` indices, index i with probability ``weights[i]`` (any positive scale)."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.asarray(np.searchsorted(edges, rng.random(size) * edges[-1], side="right"), dtype=np.int64)


def pick_rows(rng: np.random.Generator, weights: Floats) -> Ints:
    """Draw one column index per row of ``weights`` (rows x columns, any positive scale)."""
    edges = np.cumsum(weights, axis=1)
    marks = rng.random(len(edges)) * edges[:, -1]
    return np.asarray((edges < marks[:, None]).sum(axis=1), dtype=np.int64)


def top_columns(rng: np.random.Generator, logits: Floats, count: int) -> Ints:
    """Draw ``count`` different columns per row, without replacement, with odds ``exp(logits)``.

    Rows x count, the first draw first (the Gumbel trick).
    """
    noisy = logits + rng.gumbel(size=logits.shape)
    return np.argsort(-noisy, axis=1, kind="stable")[:, :count].astype(np.int64)


def days_after(days: Days, counts: NDArray[np.generic]) -> Days:
    """Return each day shifted by its count of days (floored)."""
    shifts = np.asarray(counts).astype(np.int64).astype("timedelta64[D]")
    shifted: Days = days.astype("datetime64[D]") + shifts
    return shifted


def days_between(rng: np.random.Generator, first: str, last: Days | str, size: int) -> Days:
    """Draw ``size`` days evenly from ``first`` to ``last`` (``last`` not included)."""
    start = np.datetime64(first, "D")
    span = (np.asarray(last, dtype="datetime64[D]") - start).astype(np.int64)
    return days_after(np.full(size, start), rng.random(size) * np.maximum(span, 1))


def known_where(kept: Bools, values: NDArray[Any]) -> NDArray[np.object_]:
    """Return the values as objects, None where they are not kept."""
    out = values.astype(object)
    out[~kept] = None
    return out


def empty_days(size: int) -> Days:
    """Return ``size`` days that are not known."""
    return np.full(size, np.datetime64("NaT", "D"))
