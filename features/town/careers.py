"""Work and income: who was employed where and when, and the tax slips of each year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.town.dice import Bools, Days, Floats, Ints, dice, empty_days, known_where, pick
from features.town.employers import Employers
from features.town.people import ages_of
from features.town.style import KINDS, Style

FIRST_YEAR, LAST_YEAR = 2021, 2025
"""Tax years of which slips exist: those of year y are known from 1 June of y."""


@dataclass(frozen=True)
class Careers:
    """Jobs and earnings per debtor (arrays of debtors; -1 and NaT: none).

    The job before ``changed_on`` is ``former_job``, afterwards ``job``; both index the employers.
    ``salary`` is gross yen a year; ``payer`` indexes those who pay the self-employed.
    """

    job: Ints
    former_job: Ints
    changed_on: Days
    salary: Floats
    business: Floats
    pension: Floats
    rent: Floats
    dividends: Floats
    payer: Ints
    insured: Floats
    mortgage: Bools

    def employer_on(self, days: Days) -> Ints:
        """Return each debtor's employer on a day of their own (-1: none)."""
        return np.where(days < self.changed_on, self.former_job, self.job).astype(np.int64)


def careers_of(
    style: Style, people: pd.DataFrame, employers: Employers, payers: int, seed: int, *, as_of: np.datetime64
) -> Careers:
    """Draw the working lives of the last six years."""
    rng = dice(seed, "careers")
    count, live = len(people), people["livelihood"].to_numpy(np.int64)
    age, means = ages_of(people, LAST_YEAR), people["means"].to_numpy(float)
    lost = (people["hardship"] == 1).to_numpy(bool)
    works = np.isin(live, [0, 1])
    job, former, changed = _jobs(rng, employers, works, live, lost, count=count, as_of=as_of)
    own = np.isin(live, [KINDS.index("self_employed"), KINDS.index("company")])
    level = np.where(live == 1, 0.42, 1.0) * style.median_salary
    salary = level * np.exp(0.28 * means + 0.30 * rng.standard_normal(count)) * _seniority(age)
    old = age >= 65
    return Careers(
        job=job,
        former_job=former,
        changed_on=changed,
        salary=np.round(salary, -3) * (works | lost),
        business=np.where(
            own, np.round(2.1e6 * np.exp(0.5 * means + 0.9 * rng.standard_normal(count)), -3), 0
        ),
        pension=np.where(
            old, np.round(1.25e6 * np.exp(0.3 * means + 0.35 * rng.standard_normal(count)), -3), 0
        ),
        rent=_some(rng, np.where(live == 5, 0.95, 0.015 + 0.02 * (age > 60)), 1.4e6, 0.9),
        dividends=_some(rng, np.where(live == 5, 0.28, 0.012) * np.exp(0.6 * means), 9.0e4, 1.1),
        payer=np.where(
            own & (rng.random(count) < 0.55),
            pick(rng, np.arange(1, payers + 1, dtype=np.float64) ** -0.7, count),
            -1,
        ),
        insured=_some(rng, np.interp(age, [20, 35, 65, 90], [0.08, 0.26, 0.32, 0.2]), 3.0e4, 0.5),
        mortgage=(rng.random(count) < np.interp(age, [25, 40, 60, 70], [0.02, 0.17, 0.13, 0.01]))
        & np.isin(live, [0, 2]),
    )


def _jobs(
    rng: np.random.Generator,
    employers: Employers,
    works: Bools,
    live: Ints,
    lost: Bools,
    *,
    count: int,
    as_of: np.datetime64,
) -> tuple[Ints, Ints, Days]:
    """Half of those at work changed jobs in six years; those who lost theirs have none now."""
    small = pick(rng, employers.size**0.7, count)
    now = np.where(live == 1, small, pick(rng, employers.size, count))
    before = pick(rng, employers.size, count)
    days = (30 + 2160 * rng.random(count) ** 1.7).astype(np.int64)  # the slip is often behind
    moved = rng.random(count) < np.where(live == 1, 0.75, 0.55)
    changed = as_of.astype("datetime64[D]") - days.astype("timedelta64[D]")
    changed = np.where(moved | lost, changed, empty_days(count))
    job = np.where(works & ~lost, now, -1)
    former = np.where((works & moved) | lost, before, np.where(works, now, -1))
    return job.astype(np.int64), former.astype(np.int64), changed


def _seniority(age: Floats) -> Floats:
    return np.interp(age, [20, 30, 45, 58, 65, 75], [0.72, 0.92, 1.08, 1.12, 0.8, 0.6])


def _some(rng: np.random.Generator, chance: Floats, middle: float, spread: float) -> Floats:
    amounts = np.round(middle * np.exp(spread * rng.standard_normal(len(chance))), -2)
    return np.where(rng.random(len(chance)) < chance, amounts, 0.0)


def incomes_of(
    people: pd.DataFrame,
    careers: Careers,
    employers: Employers,
    payer_codes: list[str],
    refund_banks: np.ndarray[tuple[int], np.dtype[np.object_]],
    *,
    seed: int,
) -> pd.DataFrame:
    """Return the tax slips, key debtor and tax year; a slip tells of the calendar year before.

    A slip misses where nobody filed; ``refund_bank`` stands in the year of the refund only.
    """
    rng = dice(seed, "incomes")
    slips = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        earned = _one_year(
            rng, year, people, careers, employers, payer_codes=payer_codes, refund_banks=refund_banks
        )
        kept = rng.random(len(people)) < (0.62 + 0.08 * (year - FIRST_YEAR))
        slips.append(earned[kept])
    return pd.concat(slips, ignore_index=True).sort_values(["debtor_id", "tax_year"], ignore_index=True)


def _one_year(
    rng: np.random.Generator,
    year: int,
    people: pd.DataFrame,
    careers: Careers,
    employers: Employers,
    *,
    payer_codes: list[str],
    refund_banks: np.ndarray[tuple[int], np.dtype[np.object_]],
) -> pd.DataFrame:
    count = len(people)
    job = careers.employer_on(np.full(count, np.datetime64(f"{year - 1}-10-15", "D")))
    growth = 1.02 ** (year - LAST_YEAR) * np.exp(0.06 * rng.standard_normal(count))
    employed = job >= 0
    codes = np.array([*employers.codes, None], dtype=object)
    customers = np.array([*payer_codes, None], dtype=object)
    retired = ages_of(people, year) >= 65
    paid = (careers.payer >= 0) & (rng.random(count) < 0.85)
    refunded = rng.random(count) < 0.30
    return pd.DataFrame(
        {
            "debtor_id": people["debtor_id"].to_numpy(),
            "tax_year": year,
            "salary": np.where(employed, np.round(careers.salary * growth, -3), 0).astype(np.int64),
            "employer_id": codes[np.where(employed, job, -1)],
            "payroll_withheld": (employed & (rng.random(count) < 0.42)).astype(int),
            "pension": np.where(retired, careers.pension, 0).astype(np.int64),
            "business": np.round(careers.business * growth * rng.lognormal(0, 0.25, count), -3).astype(
                np.int64
            ),
            "real_estate": careers.rent.astype(np.int64),
            "dividends": careers.dividends.astype(np.int64),
            "payer_id": customers[np.where(paid, careers.payer, -1)],
            "life_insurance_deduction": np.minimum(careers.insured, 120_000).astype(np.int64),
            "housing_loan_credit": careers.mortgage.astype(int),
            "refund_bank": known_where(refunded, refund_banks),
            "filed": ((careers.business > 0) | (careers.rent > 0) | (rng.random(count) < 0.2)).astype(int),
        }
    )
