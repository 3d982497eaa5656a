"""Debts and what was paid of them before anybody seized anything."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.town.careers import FIRST_YEAR, LAST_YEAR, Careers
from features.town.dice import Days, Floats, days_after, dice, empty_days, known_where, pick
from features.town.people import ages_of

_LAST_DUE = np.array(["06-30", "08-31", "10-31", "01-31"])
_INSURANCE_DUE = np.array(["07-31", "08-31", "09-30", "10-31", "11-30", "12-25", "01-31", "02-28", "03-31"])
_PERIODS = {"01": 4, "02": 9, "03": 1, "04": 8, "05": 8}
_YEARS_TO_LIVE = {"01": 5, "02": 2, "03": 5, "04": 2, "05": 2}  # tax 5 years, premiums 2 (field.md)
_LEVEL = {"01": 10.75, "02": 10.25, "03": 8.9, "04": 9.5, "05": 9.3}  # log yen a period


def debts_of(people: pd.DataFrame, careers: Careers, seed: int, as_of: np.datetime64) -> pd.DataFrame:
    """Return the unpaid periods that fell due by ``as_of``, key ``debt_id``, without closings.

    Besides the contract's columns: ``person``. The demand letter follows within 20 days (local tax act 329),
    a few days late now and then.
    """
    rng = dice(seed, "debts")
    chances = _chances(people, careers)
    parts = []
    behind = rng.beta(1.1, 2.0, len(people))  # how far behind a household is
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for item, chance in chances.items():
            owes = np.flatnonzero(rng.random(len(people)) < chance * behind * 1.35)
            missed = 1 + rng.binomial(_PERIODS[item] - 1, 0.08 + 0.45 * behind[owes])
            person = np.repeat(owes, missed)
            period = np.concatenate([np.arange(count) for count in missed]) if len(missed) else person
            late = _PERIODS[item] - 1 - period  # the last periods of a year are missed first
            parts.append(_periods(rng, person, late, year, item, people=people, careers=careers))
    debts = pd.concat(parts, ignore_index=True)
    debts = debts[debts["demanded_on"] <= as_of].sort_values(["person", "due_on", "tax_item", "period"])
    debts.insert(0, "debt_id", [f"{number}" for number in range(1, len(debts) + 1)])
    return debts.reset_index(drop=True)


def _chances(people: pd.DataFrame, careers: Careers) -> dict[str, Floats]:
    age = ages_of(people, LAST_YEAR)
    live = people["livelihood"].to_numpy(np.int64)
    person = people["entity"].eq("1").to_numpy(bool)
    insured = np.array([0.10, 0.45, 0.62, 0.40, 0.60, 0.5, 0.0])[live]
    return {
        "01": np.array([0.46, 0.40, 0.40, 0.22, 0.28, 0.6, 0.62])[live],
        "02": insured * (age < 75) * person,
        "03": np.minimum(people["vehicles"].to_numpy(float), 3) * 0.22,
        "04": (age >= 75) * 0.45 * person,
        "05": (age >= 65) * 0.22 * person,
    }


def _periods(
    rng: np.random.Generator,
    person: np.ndarray[tuple[int], np.dtype[np.int64]],
    period: np.ndarray[tuple[int], np.dtype[np.int64]],
    year: int,
    item: str,
    *,
    people: pd.DataFrame,
    careers: Careers,
) -> pd.DataFrame:
    due = _due_days(year, item, period)
    lag = np.where(
        rng.random(len(person)) < 0.03, rng.integers(21, 26, len(person)), rng.integers(12, 21, len(person))
    )
    means = people["means"].to_numpy(float)
    rich = np.log1p(careers.business / 3e6 + careers.salary / 3e6 + careers.rent / 2e6)
    swing = rng.standard_normal(len(people)) * 0.45
    level = _LEVEL[item] + (0.35 * means + 0.55 * rich + swing - 0.3) * (item != "03")
    unit = 100 if item != "03" else 200
    principal = np.maximum(np.round(np.exp(level[person]) / unit) * unit, 600)
    lives = _YEARS_TO_LIVE[item]
    ends = (due.astype("datetime64[M]") + np.timedelta64(12 * lives, "M")).astype("datetime64[D]")
    ends = ends + (due - due.astype("datetime64[M]").astype("datetime64[D]"))
    return pd.DataFrame(
        {
            "person": person,
            "debtor_id": people["debtor_id"].to_numpy(object)[person],
            "tax_item": item,
            "fiscal_year": year,
            "period": [f"{number + 1:02d}" for number in period],
            "due_on": due,
            "principal": principal.astype(np.int64),
            "demanded_on": days_after(due, lag),
            "prescribes_on": ends,
        }
    )


def _due_days(year: int, item: str, period: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Days:
    if item == "03":
        return np.full(len(period), np.datetime64(f"{year}-05-31", "D"))
    table = _LAST_DUE if item == "01" else _INSURANCE_DUE
    marks = [np.datetime64(f"{year + (mark < '04')}-{mark}", "D") for mark in table.tolist()]
    return np.array(marks, dtype="datetime64[D]")[period]


def payments_of(
    debts: pd.DataFrame, people: pd.DataFrame, debit: pd.Series, seed: int, as_of: np.datetime64
) -> pd.DataFrame:
    """Return what debtors paid of their own accord: person, debt row, paid_on, amount, channel, bank_code.

    ``debit``: bank code of the direct debit by person (None: none). Households in hardship pay less often.
    """
    rng = dice(seed, "payments")
    person = debts["person"].to_numpy(np.int64)
    hard = (people["hardship"].to_numpy(np.int64) > 0)[person]
    willing = rng.beta(1.0, 1.1, len(people))[person]  # a trait of the person, not of the slip
    old = (as_of - debts["due_on"].to_numpy("datetime64[D]")).astype(float) / 365.25
    chance = willing * np.where(hard, 0.5, 1.0) * np.interp(old, [0, 0.3, 1.5, 5], [0.25, 0.7, 1.0, 1.15])
    fate = rng.random(len(debts))
    whole, part = np.flatnonzero(fate < chance), np.flatnonzero((fate >= chance) & (fate < chance + 0.08))
    row = np.concatenate([whole, part])
    share = np.concatenate([np.ones(len(whole)), rng.uniform(0.15, 0.7, len(part))])
    due = debts["due_on"].to_numpy("datetime64[D]")[row]
    wait = 16 + rng.gamma(1.1, 130.0, len(row))
    channel = np.array(["1", "2", "3", "4"])[pick(rng, np.array([0.14, 0.46, 0.20, 0.20]), len(row))]
    codes = debit.to_numpy(object)[person[row]]
    channel = np.where((channel == "1") & pd.isna(codes), "2", channel)
    paid = pd.DataFrame(
        {
            "debt": row,
            "paid_on": days_after(due, wait),
            "amount": np.round(debts["principal"].to_numpy(float)[row] * share / 100).astype(np.int64) * 100,
            "channel": channel,
            "bank_code": np.where(channel == "1", codes, None),
        }
    )
    limit = debts["prescribes_on"].to_numpy("datetime64[D]")[row]
    day = paid["paid_on"].to_numpy("datetime64[D]")
    paid = paid.loc[(day <= as_of) & (day < limit) & (paid["amount"] > 0)]
    rows: pd.DataFrame = paid.sort_values(["paid_on", "debt"], ignore_index=True)
    return rows


def close_debts(debts: pd.DataFrame, payments: pd.DataFrame, seed: int, as_of: np.datetime64) -> pd.DataFrame:
    """Return debts with closed_on and closed_by: paid in full (完納) or prescribed (時効).

    One prescribed debt in twelve is still on the books, as offices find.
    """
    rng = dice(seed, "closing")
    paid = (
        payments.groupby("debt")
        .agg(total=("amount", "sum"), last=("paid_on", "max"))
        .reindex(range(len(debts)))
    )
    full = paid["total"].fillna(0).to_numpy(float) >= debts["principal"].to_numpy(float)
    ends = debts["prescribes_on"].to_numpy("datetime64[D]")
    gone = ~full & (ends <= as_of) & (rng.random(len(debts)) < 11 / 12)
    closed = np.where(full, paid["last"].to_numpy("datetime64[D]"), empty_days(len(debts)))
    closed = np.where(gone, ends, closed)
    reason = known_where(full | gone, np.where(full, "完納", "時効"))
    return debts.assign(closed_on=closed, closed_by=reason)
