"""Debts: what is open in a ledger, and what is unpaid of it."""

from __future__ import annotations

import pandas as pd

from features.ledger.snapshot import Ledger


def open_debts(ledger: Ledger) -> pd.DataFrame:
    """Return the debts that are open, with what is ``unpaid`` of each (yen, never below zero)."""
    paid = ledger["payments"].groupby("debt_id")["amount"].sum()
    debts = ledger["debts"]
    debts = debts[debts["closed_on"].isna()]
    unpaid = debts["principal"].fillna(0) - debts["debt_id"].map(paid).fillna(0).astype("Int64")
    return debts.assign(unpaid=unpaid.clip(lower=0)).reset_index(drop=True)


def paid_up(ledger: Ledger) -> frozenset[str]:
    """Return the debtors with open debts of which no principal is left, due or not yet due.

    A debt without a known principal counts as unpaid.
    """
    debts = open_debts(ledger)
    owing = debts.loc[(debts["unpaid"] > 0) | debts["principal"].isna(), "debtor_id"]
    return frozenset(debts["debtor_id"].astype(str)) - frozenset(owing.astype(str))
