"""The plan: which of the ranked targets are worth asking, and where to stop.

Sources: 国税徴収法 48 (nothing beyond what is needed: the plan stops when the arrears are covered) and 141
(ask only as far as necessary: nothing that is not worth its cost).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.answers import answers_of
from features.ledger.snapshot import Ledger

Floats = npt.NDArray[np.float64]
_LEAST_REPLIES = 50


@dataclass(frozen=True)
class PlanTerms:
    """What asking costs, and when to stop. ``days_*`` until a reply: the office's median of 50 or more.

    Defaults of the days: paper 1 to 2 weeks, electronic a few days (stated in public sources). Minutes and
    yen are assumptions: the officer's work for one inquiry, and about 7 million yen a year over 1,900 hours.
    ``enough``: share of the arrears which, once expected to be covered, ends the plan.
    """

    minutes_paper: float = 6.0
    minutes_electronic: float = 2.0
    days_paper: float = 11.0
    days_electronic: float = 4.0
    yen_a_minute: float = 60.0
    enough: float = 0.95


def terms_of(ledger: Ledger) -> PlanTerms:
    """Return the terms with the waiting days of the office's own log."""
    answered = answers_of(ledger)
    waited = (answered["replied_on"] - answered["requested_on"]).dt.days
    usual = PlanTerms()
    found = {}
    for means, name in (("1", "days_paper"), ("2", "days_electronic")):
        days = waited[(answered["means"] == means) & (waited >= 0)]
        found[name] = float(days.median()) if len(days) >= _LEAST_REPLIES else getattr(usual, name)
    return PlanTerms(**found)


def planned(
    case: npt.NDArray[np.int64], share: Floats, arrears: Floats, minutes: Floats, terms: PlanTerms
) -> npt.NDArray[np.bool_]:
    """Return whether each ranked target belongs to the plan of its case, (n,).

    Rows are in order of case and rank. ``share``: expected share of the arrears found there. Shares of
    several targets overlap: each counts on what those before it are expected to leave.

    >>> planned(np.zeros(3, int), np.array([0.9, 0.6, 0.5]), np.full(3, 1e5), np.full(3, 2.0),
    ...         PlanTerms()).tolist()
    [True, True, False]
    """
    rows = pd.DataFrame({"case": case, "left": 1.0 - np.clip(share, 0.0, 1.0)})
    left_after = rows.groupby("case", sort=False)["left"].cumprod()
    left = left_after.groupby(rows["case"], sort=False).shift(fill_value=1.0).to_numpy(dtype=np.float64)
    worth = share * left * arrears >= minutes * terms.yen_a_minute
    wanted = rows.assign(wanted=worth & (left > 1.0 - terms.enough))
    return wanted.groupby("case", sort=False)["wanted"].cummin().to_numpy(dtype=bool)


def covered(share: Floats) -> float:
    """Return the share of the arrears that targets cover together, each counting on what is left.

    >>> round(covered(np.array([0.5, 0.5])), 2)
    0.75
    """
    return float(1.0 - np.prod(1.0 - np.clip(share, 0.0, 1.0)))
