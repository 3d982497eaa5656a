"""The exemption of a wage or a pension: article 76 or 77 step by step, from what a slip says of a year.

The slip shows neither taxes nor insurance, so both are assumed as one share of the gross, as everywhere here.
"""

from __future__ import annotations

from dataclasses import dataclass

from features.exempt import living_amount, seizable_wage
from features.seizable import MONTHS, PENSION_LEVIES, WAGE_LEVIES

ARTICLE = {"salary": "国税徴収法 76", "pension": "国税徴収法 77"}
LEVIES = {"salary": WAGE_LEVIES, "pension": PENSION_LEVIES}


@dataclass(frozen=True)
class Exemption:
    """One month, in yen: ``gross`` - ``levies`` - ``living`` = ``rest``, of which ``kept`` stays.

    ``seizable`` = ``rest`` - ``kept``; ``exempt`` = ``gross`` - ``seizable``. ``kept`` is a fifth of it,
    at most twice the living amount. ``levies_share`` is assumed. ``dependents``: None where none are counted
    because the municipality did not opt in to the household.
    """

    source: str
    article: str
    year: int
    year_yen: int
    gross: int
    levies_share: float
    levies: int
    dependents: int | None
    living: int
    rest: int
    kept: int
    seizable: int

    @property
    def exempt(self) -> int:
        """What the law leaves to the debtor of the month."""
        return self.gross - self.seizable

    @property
    def three_months(self) -> int:
        """What may be seized of three months, which is what the ranking counts."""
        return MONTHS * self.seizable


def exemption_of(source: str, year: int, year_yen: int, dependents: int | None) -> Exemption:
    """Return the exemption of a ``salary`` or a ``pension`` of ``year_yen`` yen in tax year ``year``.

    Twelve equal months are assumed.

    >>> wage = exemption_of("salary", 2025, 3_600_000, 0)
    >>> wage.gross, wage.levies, wage.living, wage.rest, wage.kept, wage.seizable, wage.exempt
    (300000, 45000, 100000, 155000, 31000, 124000, 176000)
    """
    month, share = year_yen / 12, LEVIES[source]
    people = dependents or 0
    living = float(living_amount(people))
    seizable = int(seizable_wage(month, 0.0, share * month, people))
    rest = max(month - share * month - living, 0.0)
    return Exemption(
        source,
        ARTICLE[source],
        year,
        year_yen,
        round(month),
        share,
        round(share * month),
        dependents,
        int(living),
        round(rest),
        round(rest) - seizable,
        seizable,
    )
