"""The plan: which of the ranked targets are worth asking, and where to stop.

Sources: 国税徴収法 48 (nothing beyond what is needed: the plan stops when the arrears are covered) and 141
(ask only as far as necessary: nothing that is not worth its cost).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from features.answers import answers_of
from features.ledger.snapshot import Ledger

Floats = npt.NDArray[np.float64]
_LEAST_REPLIES = 50


@dataclass(frozen=True)
class PlanTerms:
    """What asking costs, and when to stop. ``days_*`` until a reply: the office's median of 50 or more.

    Defaults of the days: paper 1 to 2 weeks, electronic a few days (stated in public sources). Minutes and
    yen are assumptions: the officer's work for one inquiry, and about 7 million yen a year over 1,900 hours.
    ``enough``: share of the arrears which, once expected to be covered, ends the plan. ``loss_a_day``: the
    share of what is found that a day of waiting costs, for balances move and debts lapse (an assumption).
    """

    minutes_paper: float = 6.0
    minutes_electronic: float = 2.0
    days_paper: float = 11.0
    days_electronic: float = 4.0
    yen_a_minute: float = 60.0
    enough: float = 0.95
    loss_a_day: float = 0.002


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


@dataclass(frozen=True)
class Offer:
    """Ranked targets, all (n,), in order of ``case`` and rank.

    ``share`` of the arrears expected there, ``arrears`` of the case in yen, ``minutes`` of officer work and
    ``days`` of waiting that the inquiry costs.
    """

    case: npt.NDArray[np.int64]
    share: Floats
    arrears: Floats
    minutes: Floats
    days: Floats


def planned(offer: Offer, terms: PlanTerms, left: float = 1.0) -> npt.NDArray[np.bool_]:
    """Return whether each target belongs to the set to ask of its case, (n,).

    The set grows by the target that adds most: yen on what those before it are expected to leave, less what
    its days and minutes cost. It ends when the arrears are expected to be covered or nothing left is worth
    asking. What is expected of independent targets has diminishing returns, so growing by the best addition
    is within a factor 1 - 1/e of the best set (Nemhauser, Wolsey and Fisher 1978). Ties go to the better
    rank. ``left``: the share of the arrears that inquiries still out are expected to leave (1: none are).

    >>> few = np.full(3, 2.0)
    >>> planned(Offer(np.zeros(3, int), np.array([0.9, 0.6, 0.5]), np.full(3, 1e5), few, few),
    ...         PlanTerms()).tolist()
    [True, True, False]
    """
    kept = np.clip(offer.share, 0.0, 1.0) * (1.0 - np.clip(terms.loss_a_day * offer.days, 0.0, 1.0))
    cost = offer.minutes * terms.yen_a_minute
    cases, case = np.unique(offer.case, return_inverse=True)
    uncovered = np.full(len(cases), float(left))
    chosen = np.zeros(len(case), dtype=bool)
    while True:
        gain = kept * uncovered[case] * offer.arrears - cost
        open_ = np.flatnonzero(~chosen & (gain >= 0) & (uncovered[case] > 1.0 - terms.enough))
        if not len(open_):
            return chosen
        order = open_[np.lexsort((open_, -gain[open_], case[open_]))]
        best = order[np.unique(case[order], return_index=True)[1]]
        chosen[best] = True
        uncovered[case[best]] *= 1.0 - np.clip(offer.share[best], 0.0, 1.0)


def covered(share: Floats) -> float:
    """Return the share of the arrears that targets cover together, each counting on what is left.

    >>> round(covered(np.array([0.5, 0.5])), 2)
    0.75
    """
    return float(1.0 - np.prod(1.0 - np.clip(share, 0.0, 1.0)))
