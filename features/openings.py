"""Openings: which kinds of targets the facts of a case open, where no record names one (国税徴収法 141)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.archive import Archive
from features.peers import COMPANY
from features.tally import Ints

Flags = npt.NDArray[np.bool_]

OPENING_COLUMNS = (
    "life_insurance_deduction",
    "dividends",
    "pension",
    "salary",
    "payer_id",
    "filed",
    "refund_bank",
)
"""Columns of the incomes that open a kind, in any year known on the day."""


def openings_of(archive: Archive, cases: pd.DataFrame, debtor: Ints, day: Ints) -> dict[str, Flags]:
    """Return, per kind with a rule, whether the facts of each case open it, (cases,).

    ``debtor`` and ``day``: the number and day (since 1970) of each case. Insurers are open for every person:
    officers' inquiries without any deduction on the slips still hit at about the rate of a regional bank.
    The tax office is open where tax was filed or withheld at source, for that is what it pays back. Kinds
    that a municipality adds have no rule: they are open for every case, as it listed them.
    """
    ever = {column: _ever(archive, column, debtor, day) for column in OPENING_COLUMNS}
    people = cases[["debtor_id"]].merge(archive.about(cases)["debtors"], on="debtor_id", how="left")
    company = (people["entity"] == COMPANY).to_numpy(dtype=bool, na_value=False)
    withheld = ever["salary"] | ever["pension"] | ever["payer_id"] | ever["dividends"]
    return {
        "life_insurance": ever["life_insurance_deduction"] | ~company,
        "securities": ever["dividends"],
        "pension": ever["pension"],
        "tax_refund": ever["filed"] | ever["refund_bank"] | withheld,
        "vehicle": (people["vehicles"].fillna(0) > 0).to_numpy(dtype=bool),
        "real_estate": np.ones(len(cases), dtype=bool),
    }


def _ever(archive: Archive, column: str, debtor: Ints, day: Ints) -> Flags:
    tally = archive.slip_tally(column)
    return tally.count(tally.known(debtor, day)) > 0
