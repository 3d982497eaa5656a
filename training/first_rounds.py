"""First rounds: the cases judged on, what officers asked about them, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.answers import first_replies
from features.archive import HIT_YEN, Archive
from features.arrears import arrears_of
from features.law import routed
from features.ledger.snapshot import Ledger
from features.officers import officers_block

ROUND_DAYS = 14
"""Inquiries this many days after the first still belong to the first round: few replies were there yet."""

_ONE_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class FirstRounds:
    """The cases judged on, numbered by their row.

    ``cases``: debtor_id, day (the eve of the first inquiry), arrears (yen on that day, above 0), months
    (in post of the officer who asked first; NaN: not known). ``asked``: one row per case and target that was
    ever asked: case, target (number on the roll), place (1 = asked first), first (in the first round),
    answered, hit (0/1), balance and yen (within the arrears; all three NaN without a reply: a silence is
    no "none"). ``left_out``: debtors that are not judged, by reason.
    """

    cases: pd.DataFrame
    asked: pd.DataFrame
    left_out: dict[str, int]

    @property
    def hits(self) -> int:
        """The number of cases in which some answered inquiry of the first round hit."""
        first = self.asked[self.asked["first"]]
        return int((first.groupby("case")["hit"].max() > 0).sum())


def first_rounds(archive: Archive, settled: pd.DataFrame) -> FirstRounds:
    """Return the first rounds of the debtors of ``settled`` (inquiries of a split's later part).

    A debtor is left out whose first round is not settled as a whole, who owed nothing on the eve, whom a
    gate routes away, or who is not on the roll.
    """
    ledger = archive.ledger
    sent = _sent(ledger, settled)
    whole = sent["inquiry_id"].isin(settled["inquiry_id"]) | ~sent["first"]
    unsettled = sent.loc[~whole, "debtor_id"].unique()
    opening = sent.drop_duplicates("debtor_id")
    cases = opening[~opening["debtor_id"].isin(unsettled)].reset_index(drop=True)
    cases = cases.assign(day=cases["requested_on"] - _ONE_DAY)
    arrears = arrears_of(ledger, cases[["debtor_id", "day"]])
    stopped = routed(ledger, cases[["debtor_id", "day"]])
    kept = (arrears > 0) & ~stopped
    left_out = {
        "unsettled": len(unsettled),
        "no_arrears": int((arrears <= 0).sum()),
        "routed": int(((arrears > 0) & stopped).sum()),
    }
    table = cases.assign(arrears=arrears.astype(float), months=_months(ledger, cases))[kept]
    table = table[["debtor_id", "day", "arrears", "months"]].reset_index(drop=True)
    return FirstRounds(table, _asked(archive, sent, table), left_out)


def _sent(ledger: Ledger, settled: pd.DataFrame) -> pd.DataFrame:
    """Return every inquiry about the debtors of ``settled`` in the order sent, with ``first``."""
    known = settled.loc[settled["debtor_id"].isin(ledger["debtors"]["debtor_id"]), "debtor_id"]
    sent = ledger["inquiries"][ledger["inquiries"]["debtor_id"].isin(known)]
    # Ids are texts: the shorter number came first.
    sent = sent.assign(length=sent["inquiry_id"].str.len())
    sent = sent.sort_values(["debtor_id", "requested_on", "length", "inquiry_id"], kind="stable")
    start = sent.groupby("debtor_id")["requested_on"].transform("min")
    return sent.assign(first=sent["requested_on"] <= start + np.timedelta64(ROUND_DAYS, "D"))


def _months(ledger: Ledger, cases: pd.DataFrame) -> pd.Series:
    officers = pd.DataFrame({"staff_id": cases["staff_id"], "day": cases["requested_on"]})
    return officers_block(ledger, officers)["months_in_post"]


def _asked(archive: Archive, sent: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    replies = first_replies(archive.ledger)[["inquiry_id", "result", "balance"]]
    rows = sent.merge(replies, on="inquiry_id", how="left")
    rows = rows.assign(
        case=pd.Index(cases["debtor_id"]).get_indexer(pd.Index(rows["debtor_id"])),
        target=archive.roll.target_numbers(rows["target_kind"], rows["target_code"]),
    )
    rows = rows[(rows["case"] >= 0) & (rows["target"] >= 0)].drop_duplicates(["case", "target"])
    answered = rows["result"].notna().to_numpy()
    balance = rows["balance"].to_numpy(dtype=float, na_value=0.0)
    hit = (rows["result"] == "1").to_numpy(dtype=bool, na_value=False) & (balance >= HIT_YEN)
    owed = cases["arrears"].to_numpy()[rows["case"]]
    return pd.DataFrame(
        {
            "case": rows["case"].to_numpy(),
            "target": rows["target"].to_numpy(),
            "place": (rows.groupby("case").cumcount() + 1).to_numpy(),
            "first": rows["first"].to_numpy(dtype=bool),
            "answered": answered,
            "hit": np.where(answered, hit, np.nan),
            "balance": np.where(answered, hit * balance, np.nan),
            "yen": np.where(answered, hit * np.minimum(balance, owed), np.nan),
        }
    )
