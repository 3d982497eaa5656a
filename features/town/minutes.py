"""The law of minutes: how long a case takes whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.town.dice import Days, Floats, Ints, dice
from features.town.staff import months_in_post
from features.town.style import KINDS

SELECTING = 30.0
"""Choosing whom to inquire of takes about 30 minutes a case (field.md)."""
HANDLING = 118.0
"""All work on an average case by an average officer, minutes (an assumption)."""

_CASE_KIND = {
    "salaried": 0,
    "part_time": 0,
    "self_employed": 1,
    "pensioner": 2,
    "unemployed": 0,
    "rentier": 1,
    "company": 3,
}
CASE_KINDS = ("wage", "business", "old", "company", "hardship")
"""Kinds of case in which officers differ."""


def case_kind_of(people: pd.DataFrame) -> Ints:
    """Return for each debtor the index into ``CASE_KINDS``."""
    live = people["livelihood"].to_numpy(np.int64)
    kind = np.array([_CASE_KIND[name] for name in KINDS])[live]
    return np.where((people["hardship"] > 0) & (kind == 0), 4, kind).astype(np.int64)


def difficulty_of(people: pd.DataFrame, debts: pd.DataFrame, assets: pd.DataFrame, seed: int) -> Floats:
    """Return each debtor's difficulty as a log factor of the minutes, about zero on average."""
    rng = dice(seed, "difficulty")
    count = len(people)
    owed = debts.groupby("person")["principal"].agg(["sum", "size"]).reindex(range(count), fill_value=0)
    places = assets.groupby("person").size().reindex(range(count), fill_value=0).to_numpy(float)
    kind = case_kind_of(people)
    log = (
        0.16 * (np.log1p(owed["sum"].to_numpy(float)) - 11.5).clip(-3)
        + 0.10 * (np.log1p(owed["size"].to_numpy(float)) - 1.4)
        + np.array([0.0, 0.18, -0.05, 0.32, 0.10])[kind]
        + 0.05 * (places - 3)
        + 0.22 * people["moved_out_on"].notna().to_numpy(float)
        + 0.12 * people["mail_returned"].to_numpy(float)
        - 0.08 * people["phone_known"].to_numpy(float)
        + 0.16 * rng.standard_normal(count)
    )
    return np.asarray(log, dtype=np.float64)


def minutes_of(
    difficulty: Floats,
    case_kind: Ints,
    officers: pd.DataFrame,
    who: Ints,
    days: Days,
    *,
    selecting: bool = False,
) -> Floats:
    """Return expected minutes of each pair of case and officer on a day.

    minutes = base x exp(difficulty + speed + special - growth); growth is up to a third with the months in
    post, and harder cases gain more from experience.
    """
    months = months_in_post(officers, who, days)
    grown = 1 - np.exp(-months / 16.0)
    special = officers[[f"special_{number}" for number in range(len(CASE_KINDS))]].to_numpy(float)
    growth = grown * (0.26 + 0.10 * np.clip(difficulty, -1, 2))
    log = difficulty * (0.7 if selecting else 1.0) + officers["speed"].to_numpy(float)[who]
    log = log + special[who, case_kind] - growth
    base = SELECTING * 0.9 if selecting else HANDLING
    return np.asarray(base * np.exp(log), dtype=np.float64)
