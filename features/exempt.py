"""What the law leaves to the debtor of a wage or a pension, and what lateness costs (yen).

Balances in the inquiry log already are the seizable part: never apply these to them a second time.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt


def living_amount(dependents: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the monthly living amount of article 76 in yen.

    >>> living_amount([0, 2]).tolist()
    [100000.0, 190000.0]
    """
    return 100_000.0 + 45_000.0 * np.maximum(np.asarray(dependents, dtype=np.float64), 0.0)


def seizable_wage(
    gross: npt.ArrayLike, taxes: npt.ArrayLike, social_insurance: npt.ArrayLike, dependents: npt.ArrayLike
) -> npt.NDArray[np.int64]:
    """Return the part of a month's wage that may be seized, in whole yen (国税徴収法 76).

    R = gross − taxes − social insurance − living amount; seizable = R − min(20 % of R, 2 × living amount).
    Balances in the inquiry log already are the seizable part: never apply this to them.

    300,000 gross, 20,000 taxes, 45,000 insurance, nobody depending: R = 135,000, of which 80 %:

    >>> int(seizable_wage(300_000, 20_000, 45_000, 0)), int(seizable_wage(300_000, 20_000, 45_000, 3))
    (108000, 0)
    """
    living = living_amount(dependents)
    costs = np.asarray(taxes, dtype=np.float64) + np.asarray(social_insurance, dtype=np.float64)
    surplus = np.maximum(np.asarray(gross, dtype=np.float64) - costs - living, 0.0)
    # A yen is rounded off for the debtor; a thousandth first absorbs the float of 20 %.
    return np.floor(surplus - np.minimum(0.2 * surplus, 2.0 * living) + 1e-3).astype(np.int64)


def seizable_pension(
    gross: npt.ArrayLike, taxes: npt.ArrayLike, social_insurance: npt.ArrayLike, dependents: npt.ArrayLike
) -> npt.NDArray[np.int64]:
    """Return the part of a month's pension that may be seized, in whole yen (国税徴収法 77, like 76).

    >>> int(seizable_pension(150_000, 2_000, 8_000, 0))
    32000
    """
    return seizable_wage(gross, taxes, social_insurance, dependents)


NEVER_SEIZED: tuple[str, ...] = ("生活保護費", "児童手当", "健康保険の給付")
"""Benefits that may never be seized (国税徴収法 77 and the acts behind it)."""

SOCIAL_INSURANCE_SHARE = 0.15
TAX_SHARE = 0.08
"""Inferred averages of gross pay, for display only: the slip in the ledger shows neither amount."""


def expected_seizable_wage_month(
    salary_year: npt.ArrayLike, dependents: npt.ArrayLike
) -> npt.NDArray[np.int64]:
    """Estimate the seizable part of a month's wage from the yearly salary of a slip (for display).

    Assumes twelve equal months and the inferred shares above; unknown salary or dependents count as 0.

    >>> expected_seizable_wage_month([0, 3_600_000, 3_600_000], [0, 0, 4]).tolist()
    [0, 104800, 0]
    """
    gross = np.nan_to_num(np.asarray(salary_year, dtype=np.float64)) / 12.0
    depending = np.nan_to_num(np.asarray(dependents, dtype=np.float64))
    return seizable_wage(gross, TAX_SHARE * gross, SOCIAL_INSURANCE_SHARE * gross, depending)


LATE_CHARGE_2026 = (0.028, 0.091)
"""Yearly rates of the late charge in 2026: in the first month after the due date, and after it."""


def late_charge_of_2026(principal: int, due_on: date, day: date) -> int:
    """Return the late charge in yen that accrues on ``principal`` within 2026, up to and with ``day``.

    Days of other years are not counted: their rates are not held here. A month is taken as 30 days.

    >>> late_charge_of_2026(365_000, date(2026, 1, 31), date(2026, 3, 12))
    1750
    """
    first_end = due_on + timedelta(days=30)
    early = _days_of_2026(due_on, min(day, first_end))
    late = _days_of_2026(max(due_on, first_end), day)
    return int((early * LATE_CHARGE_2026[0] + late * LATE_CHARGE_2026[1]) * principal / 365 + 1e-6)


def _days_of_2026(after: date, until: date) -> int:
    return max(0, (min(until, date(2026, 12, 31)) - max(after, date(2025, 12, 31))).days)
