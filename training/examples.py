"""Examples: what was asked about a case and what came of it, seen from the eve of its first inquiry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.archive import HIT_YEN, Archive
from features.arrears import arrears_of
from features.candidates import Pairs
from features.ledger.snapshot import Ledger
from models.ranker import Outcomes

_ONE_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Examples:
    """Answered pairs and their outcomes; ``arrears`` in yen per case of ``pairs.cases``."""

    pairs: Pairs
    outcomes: Outcomes
    arrears: pd.Series

    def __len__(self) -> int:
        """Return the number of answered pairs."""
        return len(self.pairs)


def examples_of(archive: Archive) -> Examples:
    """Return every answered inquiry about a debtor who owed something on the eve of the first one.

    An inquiry without a reply is censored, not a "none": it is left out. Everything is seen from the eve of
    the debtor's first inquiry, as a case that was never investigated will be.
    """
    ledger = archive.ledger
    cases = first_eves(ledger)
    arrears = arrears_of(ledger, cases).astype(float)
    replies = ledger["replies"].drop(columns="as_of").drop_duplicates("inquiry_id")
    answered = ledger["inquiries"].merge(replies, on="inquiry_id")
    case = pd.Index(cases["debtor_id"]).get_indexer(pd.Index(answered["debtor_id"]))
    target = archive.roll.target_numbers(answered["target_kind"], answered["target_code"])
    usable = (case >= 0) & (target >= 0)
    usable &= arrears.to_numpy()[np.maximum(case, 0)] > 0
    answered, case, target = answered[usable], case[usable], target[usable]
    pairs = Pairs(cases, case.astype(np.int64), target, archive.roll.targets)
    return Examples(pairs, _outcomes(answered, arrears.to_numpy()[case]), arrears)


def first_eves(ledger: Ledger) -> pd.DataFrame:
    """Return ``cases[debtor_id, day]``: each debtor ever inquired about, on the eve of the first inquiry."""
    known = ledger["inquiries"][ledger["inquiries"]["debtor_id"].isin(ledger["debtors"]["debtor_id"])]
    first = known.groupby("debtor_id", sort=True)["requested_on"].min() - _ONE_DAY
    return pd.DataFrame({"debtor_id": first.index.astype("str"), "day": first.to_numpy("datetime64[s]")})


def _outcomes(answered: pd.DataFrame, arrears: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Outcomes:
    balance = answered["balance"].to_numpy(dtype=float, na_value=0.0)
    hit = ((answered["result"] == "1").to_numpy() & (balance >= HIT_YEN)).astype(float)
    share = hit * np.minimum(balance, arrears) / arrears
    return Outcomes(hit, share, np.ones(len(answered)))
