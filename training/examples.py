"""Examples: what was asked about a case and what came of it, seen from the eve of its first inquiry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.answers import answers_of
from features.archive import HIT_YEN, Archive
from features.arrears import arrears_of
from features.candidates import Pairs, candidates_of
from features.ledger.snapshot import Ledger
from models.ranker import Outcomes

UNASKED_TIMES = 3
"""Pairs that nobody asked, for each answered one: enough to tell apart what nobody thinks of asking."""

_ONE_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Examples:
    """Pairs and what came of them; ``arrears`` in yen per case of ``pairs.cases``. Asked pairs come first."""

    pairs: Pairs
    outcomes: Outcomes
    arrears: pd.Series

    @property
    def asked(self) -> int:
        """The number of answered pairs."""
        return int(self.outcomes.asked.sum())

    @property
    def hits(self) -> int:
        """The number of hits."""
        return int(self.outcomes.hit.sum())


def examples_of(archive: Archive, seed: int = 0) -> Examples:
    """Return every answered inquiry about a debtor who owed something, and pairs that nobody asked.

    Of the latter, ``UNASKED_TIMES`` as many as there are answers, drawn at random.

    An inquiry without a reply is censored, not a "none": it is left out. Everything is seen from the eve of
    the debtor's first inquiry, as a case that was never investigated will be.
    """
    cases = first_eves(archive.ledger)
    arrears = arrears_of(archive.ledger, cases).astype(float)
    answered = _answered(archive, cases, arrears)
    others = _never_asked(archive, cases[arrears > 0], UNASKED_TIMES * len(answered), seed)
    pairs = Pairs(
        cases,
        np.concatenate([answered["case"].to_numpy(), others[:, 0]]),
        np.concatenate([answered["target"].to_numpy(), others[:, 1]]),
        archive.roll.targets,
    )
    return Examples(pairs, _outcomes(answered, arrears, len(others)), arrears)


def first_eves(ledger: Ledger) -> pd.DataFrame:
    """Return ``cases[debtor_id, day]``: each debtor ever inquired about, on the eve of the first inquiry."""
    known = ledger["inquiries"][ledger["inquiries"]["debtor_id"].isin(ledger["debtors"]["debtor_id"])]
    first = known.groupby("debtor_id", sort=True)["requested_on"].min() - _ONE_DAY
    return pd.DataFrame(
        {"debtor_id": pd.Series(first.index, dtype="str"), "day": first.to_numpy("datetime64[s]")}
    )


def _answered(archive: Archive, cases: pd.DataFrame, arrears: pd.Series) -> pd.DataFrame:
    """Answered inquiries with case, target, result, balance; each pair once (its first reply)."""
    ledger = archive.ledger
    rows = answers_of(ledger).sort_values(["requested_on", "inquiry_id"], kind="stable")
    rows = rows.assign(
        case=pd.Index(cases["debtor_id"]).get_indexer(pd.Index(rows["debtor_id"])),
        target=archive.roll.target_numbers(rows["target_kind"], rows["target_code"]),
    )
    rows = rows[(rows["case"] >= 0) & (rows["target"] >= 0)].drop_duplicates(["case", "target"])
    return rows[arrears.to_numpy()[rows["case"]] > 0]


def _never_asked(
    archive: Archive, cases: pd.DataFrame, wanted: int, seed: int
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return a random sample of candidates of ``cases`` that no inquiry ever named: case, target, (n, 2)."""
    found = candidates_of(archive, cases.reset_index(drop=True))
    case = cases.index.to_numpy()[found.case]
    inquiries = archive.ledger["inquiries"]
    ever = archive.pointer_key(
        0,
        archive.roll.debtor_numbers(inquiries["debtor_id"]),
        archive.roll.target_numbers(inquiries["target_kind"], inquiries["target_code"]),
    )
    debtor = archive.roll.debtor_numbers(cases["debtor_id"])[found.case]
    free = np.flatnonzero(~np.isin(archive.pointer_key(0, debtor, found.target), ever))
    chosen = np.random.default_rng(seed).permutation(free)[:wanted]
    chosen.sort()
    return np.column_stack([case[chosen], found.target[chosen]])


def _outcomes(answered: pd.DataFrame, arrears: pd.Series, others: int) -> Outcomes:
    owed = arrears.to_numpy()[answered["case"]]
    balance = answered["balance"].to_numpy(dtype=float, na_value=0.0)
    hit = ((answered["result"] == "1").to_numpy() & (balance >= HIT_YEN)).astype(float)
    share = hit * np.minimum(balance, owed) / owed
    none = np.zeros(others)
    asked = np.concatenate([np.ones(len(answered), dtype=bool), none.astype(bool)])
    return Outcomes(np.concatenate([hit, none]), np.concatenate([share, none]), asked)
