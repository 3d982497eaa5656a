"""What those who are asked answer: found or not, how much on that day, how late, or never."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.town.dice import Days, Floats, Ints, days_after, empty_days

NEVER = 0.02
"""Share of inquiries that are never answered."""
WORTH = 10_000
"""Yen from which a find counts as a hit (the contract's definition)."""


def held_on(assets: pd.DataFrame, person: Ints, target: Ints, days: Days, luck: Floats) -> Floats:
    """Return yen that a target holds for a person on a day; NaN where there is nothing at all.

    ``luck`` is standard normal: where in its swing the balance stands on that day.
    """
    width = int(max(assets["target"].to_numpy(np.int64).max(initial=0), target.max(initial=0))) + 1
    keys = assets["person"].to_numpy(np.int64) * width + assets["target"].to_numpy(np.int64)
    wanted = person * width + target
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    row = assets.iloc[place]
    days = days.astype("datetime64[D]")
    closed = row["closed"].to_numpy("datetime64[D]")
    there = keys[place] == wanted
    there &= row["opened"].to_numpy("datetime64[D]") <= days
    there &= np.isnat(closed) | (days < closed)
    level = np.where(days < row["turned"].to_numpy("datetime64[D]"), row["before"], row["now"])
    swing = np.exp(row["spread"].to_numpy(float) * luck)
    return np.where(there, np.round(level * swing), np.nan)


def replies_to(
    inquiries: pd.DataFrame,
    assets: pd.DataFrame,
    digital: Ints,
    rng: np.random.Generator,
    as_of: np.datetime64,
) -> pd.DataFrame:
    """Return the replies to inquiries (columns person, target, requested_on, inquiry_id, means).

    Paper takes 1 to 2 weeks and up to 2 months, electronic a few days (field.md). Replies due after the day
    of the export are not there yet.
    """
    count = len(inquiries)
    paper = inquiries["means"].to_numpy() == "1"
    slow = np.minimum(rng.lognormal(2.6, 0.42, count) + 2, 75)
    late = rng.random(count) < 0.012
    delay = np.where(
        paper, np.where(late, slow + rng.integers(30, 90, count), slow), rng.gamma(3.6, 1.0, count)
    )
    asked = inquiries["requested_on"].to_numpy("datetime64[D]")
    replied = days_after(asked, np.maximum(delay, 1))
    person, target = inquiries["person"].to_numpy(np.int64), inquiries["target"].to_numpy(np.int64)
    held = held_on(assets, person, target, replied, rng.standard_normal(count))
    found = ~np.isnan(held)
    replies = pd.DataFrame(
        {
            "inquiry_id": inquiries["inquiry_id"].to_numpy(),
            "person": person,
            "target": target,
            "replied_on": replied,
            "result": np.where(found, "1", "2"),
            "balance": pd.array(held, dtype="Float64").astype("Int64"),
            "as_of": np.where(found, replied, empty_days(count)),
        }
    )
    return replies[(rng.random(count) >= NEVER) & (replied <= as_of)].reset_index(drop=True)


def assets_on(assets: pd.DataFrame, as_of: np.datetime64) -> pd.DataFrame:
    """Return the property that exists on a day: person, target, value (yen, without the swing)."""
    person, target = assets["person"].to_numpy(np.int64), assets["target"].to_numpy(np.int64)
    value = held_on(assets, person, target, np.full(len(assets), as_of), np.zeros(len(assets)))
    there = ~np.isnan(value)
    return pd.DataFrame({"person": person[there], "target": target[there], "value": value[there]})
