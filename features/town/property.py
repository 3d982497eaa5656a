"""Everything a debtor owns, with the days on which it came, went or changed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from features.town.accounts import Accounts
from features.town.careers import Careers
from features.town.dice import Bools, Days, Floats, Ints, days_between, dice, empty_days, pick
from features.town.people import ages_of
from features.town.seizable import seizable_part
from features.town.style import KINDS, Style

HORIZON = "2018-01-01"
"""Things opened before this day are as good as always there."""


def property_of(
    style: Style,
    people: pd.DataFrame,
    targets: pd.DataFrame,
    accounts: Accounts,
    careers: Careers,
    *,
    seed: int,
    as_of: np.datetime64,
) -> pd.DataFrame:
    """Return the property, key person and target.

    Columns: person, target (rows of ``people`` and ``targets``), opened, closed (NaT: still there), turned
    (the day on which ``before`` became ``now``), now, before (yen that could be obtained), spread (how much
    it swings).
    """
    parts = [_deposits(people, accounts, dice(seed, "deposits"), as_of)]
    first = {str(kind): int(rows.min()) for kind, rows in targets.groupby("target_kind").groups.items()}
    parts.append(_wages(people, careers, first["employer"], dice(seed, "wages"), as_of))
    parts.extend(_slips(people, targets, careers, first, dice(seed, "slips"), as_of=as_of))
    parts.extend(_offices(style, people, careers, accounts, first, rng=dice(seed, "offices"), as_of=as_of))
    assets = pd.concat(parts, ignore_index=True)
    return assets.drop_duplicates(["person", "target"]).sort_values(["person", "target"], ignore_index=True)


def _rows(
    person: Ints,
    target: Ints,
    now: Floats,
    opened: Days,
    rng: np.random.Generator,
    *,
    spread: float,
    closed: Days | None = None,
    before: Floats | None = None,
) -> pd.DataFrame:
    turned = days_between(rng, "2020-01-01", "2026-04-01", len(person))  # accounts drain, and fill again
    return pd.DataFrame(
        {
            "person": person,
            "target": target,
            "opened": opened,
            "closed": empty_days(len(person)) if closed is None else closed,
            "turned": turned,
            "now": np.maximum(np.round(now), 0.0),
            "before": np.maximum(np.round(now if before is None else before), 0.0),
            "spread": spread,
        }
    )


def _deposits(
    people: pd.DataFrame, accounts: Accounts, rng: np.random.Generator, as_of: np.datetime64
) -> pd.DataFrame:
    """Balances are heavy in the tail and more than half of the accounts are as good as empty."""
    held = accounts.held
    person = held["person"].to_numpy(np.int64)
    live = people["livelihood"].to_numpy(np.int64)[person]
    means = people["means"].to_numpy(float)[person]
    hard = (people["hardship"].to_numpy(np.int64) > 0)[person]
    age = ages_of(people, 2026)[person]
    main = held["main"].to_numpy(float)
    level = np.array([10.7, 10.0, 11.1, 11.2, 9.6, 12.6, 11.6])[live] + 0.65 * means + 0.014 * (age - 45)
    level += 0.9 * np.minimum(main, 1.3) - 1.5 * hard
    full = 1 / (1 + np.exp(-(-1.45 + 1.8 * np.minimum(main, 1.3) + 0.45 * means - 1.3 * hard)))
    draws = [
        np.where(
            rng.random(len(held)) < full,
            np.exp(level + 1.35 * rng.standard_normal(len(held))),
            rng.gamma(0.5, 2600.0, len(held)),
        )
        for _ in range(2)
    ]
    same = rng.random(len(held)) < 0.62
    opened = days_between(rng, "2004-01-01", "2024-01-01", len(held))
    young = rng.random(len(held)) < 0.12
    opened = np.where(young, days_between(rng, "2021-06-01", str(as_of), len(held)), opened)
    shut = (rng.random(len(held)) < 0.15) & (held["wage"].to_numpy() == 0)
    closed = np.where(shut, days_between(rng, "2022-01-01", str(as_of), len(held)), empty_days(len(held)))
    before = np.where(same, draws[0], draws[1])
    return _rows(
        person,
        held["bank"].to_numpy(np.int64),
        draws[0],
        opened,
        rng,
        spread=0.55,
        closed=closed,
        before=before,
    )


def _wages(
    people: pd.DataFrame, careers: Careers, first: int, rng: np.random.Generator, as_of: np.datetime64
) -> pd.DataFrame:
    dependants = np.asarray(people["dependents"].astype("float64").fillna(0.0), dtype=np.float64)
    part = seizable_part(careers.salary, dependants)
    always = np.full(len(people), np.datetime64(HORIZON, "D"))
    left = ~np.isnat(careers.changed_on)
    now = np.flatnonzero(careers.job >= 0)
    gone = np.flatnonzero((careers.former_job >= 0) & left & (careers.former_job != careers.job))
    here = _rows(
        now,
        first + careers.job[now],
        part[now],
        np.where(left, careers.changed_on, always)[now],
        rng,
        spread=0.05,
        before=0.92 * part[now],
    )
    past = _rows(
        gone,
        first + careers.former_job[gone],
        part[gone],
        always[gone],
        rng,
        spread=0.05,
        closed=careers.changed_on[gone],
    )
    return pd.concat([here, past], ignore_index=True)


def _slips(
    people: pd.DataFrame,
    targets: pd.DataFrame,
    careers: Careers,
    first: dict[str, int],
    rng: np.random.Generator,
    *,
    as_of: np.datetime64,
) -> Iterator[pd.DataFrame]:
    """Yield what a tax slip points to: insurance, securities, customers."""
    means = people["means"].to_numpy(float)
    for kind, chance, level, spread in (
        ("life_insurance", np.where(careers.insured > 0, 0.85, 0.10) * np.exp(0.1 * means), 11.3, 1.3),
        ("securities", np.where(careers.dividends > 0, 0.85, 0.02) * np.exp(0.3 * means), 12.4, 1.2),
    ):
        weights = targets.loc[targets["target_kind"] == kind, "weight"].to_numpy(float)
        for policy in range(2):
            wanted = rng.random(len(people)) < chance * 0.35**policy
            person = np.flatnonzero(wanted)
            empty = rng.random(len(person)) < 0.24
            value = np.exp(level + 0.4 * means[person] + spread * rng.standard_normal(len(person)))
            opened = days_between(rng, "2005-01-01", "2025-01-01", len(person))
            which = first[kind] + pick(rng, weights, len(person))
            yield _rows(person, which, np.where(empty, 0.0, value), opened, rng, spread=0.15)
    person = np.flatnonzero(careers.payer >= 0)
    amount = careers.business[person] / 12 * np.exp(0.5 * rng.standard_normal(len(person)))
    amount *= rng.random(len(person)) < 0.72
    ended = rng.random(len(person)) < 0.22
    closed = np.where(
        ended, days_between(rng, "2022-01-01", str(as_of), len(person)), empty_days(len(person))
    )
    opened = np.full(len(person), np.datetime64(HORIZON, "D"))
    yield _rows(
        person, first["receivable"] + careers.payer[person], amount, opened, rng, spread=0.5, closed=closed
    )


def _offices(
    style: Style,
    people: pd.DataFrame,
    careers: Careers,
    accounts: Accounts,
    first: dict[str, int],
    *,
    rng: np.random.Generator,
    as_of: np.datetime64,
) -> Iterator[pd.DataFrame]:
    """Yield pensions, land, light vehicles and tax refunds."""
    count = len(people)
    age = ages_of(people, 2026)
    dependants = np.asarray(people["dependents"].astype("float64").fillna(0.0), dtype=np.float64)
    always = np.full(count, np.datetime64(HORIZON, "D"))
    means = people["means"].to_numpy(float)
    paid = (careers.pension > 0) & (rng.random(count) < 0.93)
    yield _single(paid, first["pension"], seizable_part(careers.pension, dependants), always, rng, spread=0.0)
    owner = np.where(careers.rent > 0, 0.95, np.where(careers.mortgage, 0.88, 0.0))
    live = people["livelihood"].to_numpy(np.int64)
    owner = np.maximum(
        owner, np.interp(age, [25, 45, 70], [0.01, 0.06, 0.20]) * (live != KINDS.index("company"))
    )
    mortgaged = careers.mortgage & (rng.random(count) < 0.8)  # none without surplus (article 48)
    land = np.where(mortgaged, 0.0, np.exp(13.6 + 0.8 * means + 0.9 * rng.standard_normal(count)))
    land *= rng.random(count) < 0.6
    yield _single(rng.random(count) < owner, first["real_estate"], land, always, rng, spread=0.05)
    cars = people["vehicles"].to_numpy(np.int64) > 0
    worth = np.exp(9.9 + 1.2 * rng.standard_normal(count)) * (rng.random(count) < 0.75)
    bought = days_between(rng, "2014-01-01", str(as_of), count)
    yield _single(cars & (rng.random(count) < 0.9), first["vehicle"], worth, bought, rng, spread=0.1)
    chance = np.where(accounts.refund >= 0, 0.22, 0.02) * np.where(careers.salary > 0, 1.0, 0.6)
    back = np.exp(10.5 + 0.8 * rng.standard_normal(count))
    yield _single(rng.random(count) < chance, first["tax_refund"], back, always, rng, spread=0.3)


def _single(
    has: Bools, target: int, value: Floats, opened: Days, rng: np.random.Generator, *, spread: float
) -> pd.DataFrame:
    person = np.flatnonzero(has)
    which = np.full(len(person), target, dtype=np.int64)
    return _rows(person, which, value[person], opened[person], rng, spread=spread)
