"""The debtors: what they live on, how old they are, where they came from, and who is in hardship."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.town.dice import Bools, Floats, Ints, days_after, dice, empty_days, known_where, pick
from features.town.style import KINDS, Style

_BORN = {  # mean age by what they live on, as a shift of the town's median, and its spread
    "salaried": (-2.0, 10.5),
    "part_time": (-4.0, 14.0),
    "self_employed": (4.0, 11.0),
    "pensioner": (0.0, 6.0),
    "unemployed": (0.0, 14.0),
    "rentier": (14.0, 11.0),
    "company": (0.0, 1.0),
}
_DISTRESS = {  # chance of hardship by what they live on (hardship is half of what is looked for: field.md)
    "salaried": 0.06,
    "part_time": 0.16,
    "self_employed": 0.12,
    "pensioner": 0.18,
    "unemployed": 0.42,
    "rentier": 0.02,
    "company": 0.10,
}
REASONS = ("none", "job_loss", "illness", "low_income", "debts")
"""Why a household is in hardship."""


def people_of(style: Style, debtors: int, seed: int, as_of: np.datetime64) -> pd.DataFrame:
    """Draw the debtors, one row each: the contract's ``debtors`` and what stays hidden.

    Hidden columns: ``livelihood`` (index into ``KINDS``), ``area`` (index into ``style.postcodes``),
    ``means`` (standard normal, how well off), ``hardship`` (index into ``REASONS``).
    """
    rng = dice(seed, "people")
    livelihood = pick(rng, np.array(style.kinds), debtors)
    company = livelihood == KINDS.index("company")
    year = as_of.astype("datetime64[Y]").astype(int) + 1970
    age = _ages(rng, style, livelihood)
    household, dependents = _households(rng, age)
    people = pd.DataFrame({"debtor_id": _pseudonyms(rng, debtors), "entity": np.where(company, "2", "1")})
    people["birth_year"] = pd.array(np.where(company, np.nan, year - age), dtype="Float64").astype("Int64")
    people["household_size"] = pd.array(np.where(company, np.nan, household), dtype="Float64").astype("Int64")
    people["dependents"] = pd.array(np.where(company, np.nan, dependents), dtype="Float64").astype("Int64")
    area = pick(rng, rng.dirichlet(np.full(len(style.postcodes), 12.0)), debtors)
    people["postcode3"] = np.array(style.postcodes)[area]
    moves = _moves(rng, style, age, company, as_of)
    people = people.assign(**moves)
    distress = _distress(rng, livelihood, age)
    people["mail_returned"] = (
        rng.random(debtors) < np.where(people["moved_out_on"].notna(), 0.3, 0.04)
    ).astype(int)
    people["phone_known"] = (rng.random(debtors) < 0.63).astype(int)
    people["vehicles"] = rng.poisson(_vehicle_rate(style, livelihood))
    people = people.assign(**_gates(rng, distress, company, age))
    return people.assign(
        livelihood=livelihood, area=area, means=rng.standard_normal(debtors), hardship=distress
    )


def ages_of(people: pd.DataFrame, year: int) -> Floats:
    """Return age at the end of ``year``; companies count as 45."""
    age = year - people["birth_year"].astype("float64")
    return np.asarray(age.fillna(45.0), dtype=np.float64)


def _pseudonyms(rng: np.random.Generator, debtors: int) -> list[str]:
    numbers = 200_000_000 + np.cumsum(rng.integers(1, 19, debtors))
    return [f"{number:015d}" for number in numbers]


def _ages(rng: np.random.Generator, style: Style, livelihood: Ints) -> Ints:
    shift = np.array([_BORN[kind][0] for kind in KINDS])[livelihood]
    spread = np.array([_BORN[kind][1] for kind in KINDS])[livelihood]
    age = style.median_age + shift + spread * rng.standard_normal(len(livelihood))
    retired = livelihood == KINDS.index("pensioner")
    age = np.where(retired, 66 + rng.gamma(2.2, 3.6, len(livelihood)), age)
    return np.clip(np.round(age), 20, 96).astype(np.int64)


def _households(rng: np.random.Generator, age: Ints) -> tuple[Ints, Ints]:
    family = rng.random(len(age)) < np.interp(age, [20, 35, 50, 65, 90], [0.25, 0.62, 0.70, 0.66, 0.50])
    children = rng.poisson(np.interp(age, [20, 30, 42, 55, 65, 96], [0.3, 1.0, 1.5, 0.7, 0.1, 0.05]))
    size = np.where(family, 2 + children, 1)
    partner = family & (rng.random(len(age)) < 0.4)
    dependents = np.where(family, children, 0) + partner
    return size.astype(np.int64), np.minimum(dependents, size - 1).astype(np.int64)


def _moves(
    rng: np.random.Generator, style: Style, age: Ints, company: Bools, as_of: np.datetime64
) -> dict[str, NDArray[Any]]:
    count = len(age)
    young = np.interp(age, [20, 35, 50, 70], [1.5, 1.15, 0.75, 0.5])
    came = (rng.random(count) < style.moved_in * young) & ~company
    years = np.minimum(rng.gamma(1.3, 4.2, count), age - 19.0)
    arrived = days_after(np.full(count, as_of), -years * 365.25 - rng.integers(20, 60, count))
    codes = np.array(sorted(code for code in style.former if code != style.prefecture))
    weights = np.array([style.former[str(code)] for code in codes])
    former = codes[pick(rng, weights, count)]
    left = rng.random(count) < 0.065
    gone = days_after(np.full(count, as_of), -rng.integers(1, 900, count))
    gone = np.where(came, np.maximum(gone, arrived + np.timedelta64(30, "D")), gone)
    return {
        "moved_in_on": np.where(came, arrived, empty_days(count)),
        "former_prefecture": known_where(came, former),
        "moved_out_on": np.where(left & (gone < as_of), gone, empty_days(count)),
    }


def _distress(rng: np.random.Generator, livelihood: Ints, age: Ints) -> Ints:
    chance = np.array([_DISTRESS[kind] for kind in KINDS])[livelihood]
    hard = rng.random(len(livelihood)) < chance
    jobless = np.where(livelihood == KINDS.index("unemployed"), 3.0, 1.2)
    weights = np.column_stack([jobless, np.interp(age, [20, 70], [0.5, 1.6])])
    split = rng.random(len(livelihood)) * (weights.sum(axis=1) + 1.8)
    reason = np.select(
        [split < weights[:, 0], split < weights.sum(axis=1), split < weights.sum(axis=1) + 1.1], [1, 2, 3], 4
    )
    return np.where(hard, reason, 0).astype(np.int64)


def _vehicle_rate(style: Style, livelihood: Ints) -> Floats:
    town = 0.18 if style.name == "ward" else 0.42
    return town * np.array([0.9, 0.7, 1.5, 0.7, 0.5, 0.9, 2.5])[livelihood]


def _gates(rng: np.random.Generator, distress: Ints, company: Bools, age: Ints) -> dict[str, Ints]:
    """Rates as municipalities see them: welfare 2 %, protected 0.6 %, bankrupt 1.2 %, deceased 0.3 %."""
    count = len(distress)
    hard = distress > 0
    chances = {
        "welfare": np.where(hard, 0.09, 0.008) * ~company,
        "protected": np.full(count, 0.006) * ~company,
        "bankrupt": np.where(distress == 4, 0.16, np.where(hard, 0.02, 0.006)),
        "deceased": np.interp(age, [50, 90], [0.001, 0.02]) * ~company,
    }
    return {name: (rng.random(count) < chance).astype(np.int64) for name, chance in chances.items()}
