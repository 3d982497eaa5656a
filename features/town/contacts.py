"""The negotiation log: who spoke with whom, and what the debtor let slip, truly or not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.town.aliases import aliases_of
from features.town.dice import Days, Ints, days_after, dice, empty_days, pick
from features.town.notes import write_notes
from features.town.people import REASONS
from features.town.staff import in_post
from features.town.style import Style

_MANNER = {  # how a debtor speaks of something of that kind that is really there
    "bank": ("account", "wage"),
    "employer": ("employer",),
    "life_insurance": ("insurance",),
    "securities": ("securities",),
    "receivable": ("customer",),
}


def contacts_of(
    style: Style,
    people: pd.DataFrame,
    targets: pd.DataFrame,
    assets: pd.DataFrame,
    debts: pd.DataFrame,
    *,
    officers: pd.DataFrame,
    seed: int,
    as_of: np.datetime64,
) -> pd.DataFrame:
    """Return the contact records, key ``contact_id``; about one in six names a place where money may be."""
    rng = dice(seed, "contacts")
    first = debts.groupby("person")["demanded_on"].min().reindex(range(len(people)))
    start = first.to_numpy("datetime64[D]")
    reached = ~np.isnat(start)
    number = np.where(reached, rng.negative_binomial(1.6, 1.6 / (1.6 + 2.3), len(people)), 0)
    person = np.repeat(np.arange(len(people)), number)
    span = np.maximum((as_of - start[person]).astype(np.int64) - 1, 1)
    days = np.minimum(days_after(start[person], 10 + rng.random(len(person)) * span), as_of)
    manners, target = _said(style, people, targets, assets, person, days=days, rng=rng)
    promised = rng.random(len(person)) < 0.12
    amounts = np.round(rng.gamma(2.2, 6500, len(person)), -3) + 1000
    contacts = pd.DataFrame(
        {
            "debtor_id": people["debtor_id"].to_numpy(object)[person],
            "contacted_on": days,
            "staff_id": officers["staff_id"].to_numpy(object)[in_post(officers, days, rng)],
            "means": rng.integers(1, 6, len(person)).astype(str),
            "result": rng.integers(1, 7, len(person)).astype(str),
            "promised_on": np.where(
                promised, days_after(days, rng.integers(5, 45, len(person))), empty_days(len(person))
            ),
            "promised_amount": pd.array(np.where(promised, amounts, np.nan), dtype="Float64").astype("Int64"),
            "note": write_notes(manners, names_for(targets, target, rng), rng),
        }
    )
    contacts = contacts.sort_values(["contacted_on", "debtor_id"], kind="stable", ignore_index=True)
    contacts.insert(0, "contact_id", [f"{number}" for number in range(1, len(contacts) + 1)])
    return contacts


def names_for(
    targets: pd.DataFrame, target: Ints, rng: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return for each target row (-1: none) one of the forms in which people write its name."""
    forms = aliases_of(targets).sort_values("target", kind="stable")
    counts = np.bincount(forms["target"].to_numpy(np.int64), minlength=len(targets))
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    safe = np.maximum(target, 0)
    place = starts[safe] + (rng.random(len(target)) * counts[safe]).astype(np.int64)
    texts = forms["alias"].to_numpy(object)[np.minimum(place, len(forms) - 1)]
    known = (target >= 0) & (counts[safe] > 0)
    return np.where(known, texts, targets["name"].to_numpy(object)[safe])


def _said(
    style: Style,
    people: pd.DataFrame,
    targets: pd.DataFrame,
    assets: pd.DataFrame,
    person: Ints,
    *,
    days: Days,
    rng: np.random.Generator,
) -> tuple[np.ndarray[tuple[int], np.dtype[np.object_]], Ints]:
    """Return manner and named target (-1: none) of each contact."""
    count = len(person)
    kinds = targets["target_kind"].to_numpy(object)
    own, shut = _own_target(targets, assets, person, days, rng)
    banks = np.flatnonzero(kinds == "bank")
    other = banks[pick(rng, targets["weight"].to_numpy(float)[banks], count)]
    names_one = rng.random(count) < 0.19
    true = (rng.random(count) < style.note_truth) & (own >= 0)
    target = np.where(true, own, other)
    manners = np.full(count, "plain", dtype=object)
    for kind, choices in _MANNER.items():
        these = names_one & (kinds[target] == kind)
        manners[these] = np.array(choices, dtype=object)[rng.integers(0, len(choices), these.sum())]
    over = names_one & ((shut & true) | (rng.random(count) < 0.10))
    manners = np.where(over & (kinds[target] == "bank"), rng.choice(["former", "denied"], count), manners)
    manners = np.where(over & (kinds[target] == "employer"), "left", manners)
    hard = people["hardship"].to_numpy(np.int64)[person]
    tells = ~names_one & (rng.random(count) < np.where(hard > 0, 0.22, 0.012))
    words = np.array(REASONS, dtype=object)[np.where(hard > 0, hard, rng.integers(1, 5, count))]
    manners = np.where(tells, words, manners)
    return manners, np.where(names_one, target, -1).astype(np.int64)


def _own_target(
    targets: pd.DataFrame, assets: pd.DataFrame, person: Ints, days: Days, rng: np.random.Generator
) -> tuple[Ints, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return one thing that the person has or had (-1: nothing to name), and whether it was over that day."""
    talked = targets["target_kind"].isin(list(_MANNER)).to_numpy(bool)
    known = assets[talked[assets["target"].to_numpy(np.int64)]]
    counts = np.bincount(known["person"].to_numpy(np.int64), minlength=int(person.max(initial=0)) + 1)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    place = starts[person] + (rng.random(len(person)) * counts[person]).astype(np.int64)
    row = known.iloc[np.minimum(place, len(known) - 1)]
    begun = row["opened"].to_numpy("datetime64[D]") <= days
    own = np.where((counts[person] > 0) & begun, row["target"].to_numpy(np.int64), -1)
    return own.astype(np.int64), row["closed"].to_numpy("datetime64[D]") < days
