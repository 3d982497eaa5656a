"""Promises to pay: the last one of each debtor, and whether it is due or was broken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from features.ledger.snapshot import Ledger

DUE_DAYS = 14
"""A promise for a day no further ahead than this is due."""
BROKEN_DAYS = 365
"""A broken promise older than this is history, not a thing to do."""


@dataclass(frozen=True)
class Promise:
    """The last promise of a debtor: for which day, and how it stands (due, broken)."""

    day: date
    standing: str


def standing_promises(ledger: Ledger) -> dict[str, Promise]:
    """Return by debtor_id the last promise (by contact day) that is due or was broken.

    Broken: its day is past and less was paid since it was given than was promised (nothing at all, where
    no amount was noted). One that was kept, lies further ahead or long ago is left out.
    """
    given = ledger["contacts"]
    given = given[given["promised_on"].notna()].sort_values(["contacted_on", "contact_id"])
    last = given.drop_duplicates("debtor_id", keep="last")
    ahead = (last["promised_on"] - pd.Timestamp(ledger.day)).dt.days
    paid = _paid_since(ledger, last)
    wanted = last["promised_amount"].astype("float64").fillna(1.0).clip(lower=1.0)
    due = (ahead >= 0) & (ahead <= DUE_DAYS)
    broken = (ahead < 0) & (ahead >= -BROKEN_DAYS) & (paid < wanted)
    told = zip(last["debtor_id"], last["promised_on"].dt.date, due, broken, strict=True)
    return {
        str(debtor): Promise(day, "due" if is_due else "broken")
        for debtor, day, is_due, is_broken in told
        if is_due or is_broken
    }


def _paid_since(ledger: Ledger, last: pd.DataFrame) -> pd.Series:
    """Return what each debtor of ``last`` paid since the day of the contact, in yen, in its order."""
    payments = ledger["payments"].merge(ledger["debts"][["debt_id", "debtor_id"]], on="debt_id")
    since = payments.merge(last[["debtor_id", "contacted_on"]], on="debtor_id")
    since = since[since["paid_on"] >= since["contacted_on"]]
    paid = since.groupby("debtor_id")["amount"].sum().astype("float64")
    return last["debtor_id"].map(paid).astype("float64").fillna(0.0)
