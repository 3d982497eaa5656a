"""How much of a wage or a pension an employer or the pension service owes to the office."""

from __future__ import annotations

import numpy as np

from features.town.dice import Floats

LIVING, PER_DEPENDANT = 100_000.0, 45_000.0
"""Living amount a month, and the addition per dependant (National Tax Collection Act, article 76)."""
MONTHS = 3
"""Wages and pensions count as what may be seized of three months (the contract's definition)."""


def seizable_part(gross_a_year: Floats, dependants: Floats) -> Floats:
    """Return yen of three months that may be seized of a wage or pension (articles 76 and 77).

    R = gross - taxes - social insurance - living amount; seizable is R - min(20 % of R, 2 x living amount).
    Taxes and social insurance are taken as 14 to 26 % of the gross, growing with it (an assumption).

    >>> seizable_part(np.array([3_600_000.0, 1_200_000.0]), np.array([0.0, 2.0])).tolist()
    [336000.0, 0.0]
    """
    month = gross_a_year / 12
    levies = np.interp(gross_a_year, [0.0, 1.2e6, 3.6e6, 8.0e6], [0.14, 0.14, 0.20, 0.26])
    living = LIVING + PER_DEPENDANT * dependants
    rest = np.maximum(month * (1 - levies) - living, 0.0)
    part = rest - np.minimum(0.2 * rest, 2 * living)
    return np.round(MONTHS * part, 0)
