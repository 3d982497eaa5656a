"""The officers: seats that change hands every three to four years, and how good each officer is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.town.dice import Days, Floats, Ints, dice, empty_days, pick

START = "2021-04-01"
"""First day of the town's history."""


def officers_of(debtors: int, seed: int, as_of: np.datetime64) -> pd.DataFrame:
    """Return the officers, one row each: the contract's ``staff`` and what is hidden of them.

    Staff move every 3 to 4 years and hold about 1,200 cases each, of which half are open (field.md).
    Hidden: ``seat``, ``talent`` (0 to 1, skill on arrival), ``learns`` (months to learn two thirds of the
    rest), ``speed`` (log factor of the minutes) and ``special_*`` (log factor by kind of case).
    """
    rng = dice(seed, "staff")
    rows: list[tuple[int, np.datetime64, np.datetime64]] = []
    for seat in range(max(6, round(debtors / 700))):
        joined = np.datetime64(START, "D") - rng.integers(30, 1300)
        while joined <= as_of:
            stay = int(rng.normal(1280, 170))
            left = joined + np.timedelta64(max(stay, 500), "D")
            if left > np.datetime64(START, "D"):
                rows.append((seat, joined, left))
            joined = left + np.timedelta64(1, "D")
    order = rng.permutation(len(rows))
    count = len(rows)
    left_on = np.array([rows[i][2] for i in order], dtype="datetime64[D]")
    special = rng.normal(0.0, 0.16, (count, 5))
    return pd.DataFrame(
        {
            "staff_id": [f"T{number:03d}" for number in range(1, count + 1)],
            "title": np.array(["主事", "主任", "係長"])[pick(rng, np.array([0.45, 0.42, 0.13]), count)],
            "joined_on": np.array([rows[i][1] for i in order], dtype="datetime64[D]"),
            "left_on": np.where(left_on > as_of, empty_days(count), left_on),
            "fte": rng.choice([1.0, 0.8, 0.5], count, p=[0.62, 0.22, 0.16]),
            "seat": [rows[i][0] for i in order],
            "talent": rng.beta(2.0, 2.6, count),
            "learns": rng.uniform(9, 30, count),
            "speed": rng.normal(0.0, 0.17, count),
            **{f"special_{number}": special[:, number] for number in range(5)},
        }
    )


def months_in_post(officers: pd.DataFrame, who: Ints, days: Days) -> Floats:
    """Return months since each officer (row of ``officers``) took up the post, not below zero."""
    joined = officers["joined_on"].to_numpy("datetime64[D]")[who]
    months = (days.astype("datetime64[D]") - joined).astype(np.float64) / 30.44
    return np.asarray(np.maximum(months, 0.0), dtype=np.float64)


def skill_on(officers: pd.DataFrame, who: Ints, days: Days) -> Floats:
    """Return skill (0 novice, 1 veteran) of each officer on a day: it grows with the months in post."""
    talent = officers["talent"].to_numpy(float)[who]
    grown = 1 - np.exp(-months_in_post(officers, who, days) / officers["learns"].to_numpy(float)[who])
    return np.asarray(talent * 0.55 + (1 - 0.55 * talent) * 0.8 * grown, dtype=np.float64)


def in_post(officers: pd.DataFrame, days: Days, rng: np.random.Generator) -> Ints:
    """Return for each day an officer (row) who was in post; part-timers are drawn less often."""
    days = days.astype("datetime64[D]")[:, None]
    joined = officers["joined_on"].to_numpy("datetime64[D]")[None, :]
    left = officers["left_on"].to_numpy("datetime64[D]")[None, :]
    there = (joined <= days) & (np.isnat(left) | (days < left))
    marks = there * officers["fte"].to_numpy(float)[None, :] * rng.random(there.shape)
    return np.asarray(marks.argmax(axis=1), dtype=np.int64)
