"""Signs of hardship that the records hold, as known on a case's day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.answers import answers_of
from features.archive import HIT_YEN
from features.ledger.snapshot import Ledger
from models.hardship import SIGNS

COLUMNS = ("contacts", *SIGNS, "searched", "asked", "blank")
HARD_GROUND = "2"
"""The ground of a suspension for extreme hardship (地方税法 15の7第1項2号)."""


def signs_of(ledger: Ledger, cases: pd.DataFrame, profiles: pd.DataFrame) -> pd.DataFrame:
    """Return one row per case (order of ``cases``): ``COLUMNS``, as known on its day.

    searched: whether the case had answers and none was a hit, so that it could have been suspended for it;
    asked and blank: how many inquiries were answered, and how many of them with none.
    ``profiles``: of the same cases.
    """
    stays = _known(ledger["stays"], cases, "started_on")
    hard = stays[(stays["kind"] == "suspension") & (stays["ground"] == HARD_GROUND)]
    deferred = stays[stays["kind"] == "deferral"]
    answered = _known(answers_of(ledger), cases, "known_on")
    balance = answered["balance"].to_numpy(dtype=float, na_value=0.0)
    hit = (answered["result"] == "1").to_numpy(dtype=bool, na_value=False) & (balance >= HIT_YEN)
    blank = (answered["result"] == "2").to_numpy(dtype=bool, na_value=False)
    place, size = np.arange(len(cases)), len(cases)
    case = answered["case"].to_numpy(np.int64)
    asked, hits = np.bincount(case, minlength=size), np.bincount(case[hit], minlength=size)
    return pd.DataFrame(
        {
            "contacts": profiles["contacts"].to_numpy(dtype=float),
            "statements": profiles["hardship_statements"].to_numpy(dtype=float),
            "suspended": np.isin(place, hard["case"]).astype(float),
            "deferred": np.isin(place, deferred["case"]).astype(float),
            "searched": ((asked > 0) & (hits == 0)).astype(float),
            "asked": asked.astype(float),
            "blank": np.bincount(case[blank], minlength=size).astype(float),
        }
    )


def _known(rows: pd.DataFrame, cases: pd.DataFrame, on: str) -> pd.DataFrame:
    """Return the rows of each case (``case``: its place) known on its day."""
    keyed = pd.DataFrame(
        {
            "debtor_id": cases["debtor_id"].to_numpy(),
            "until": cases["day"].to_numpy(),
            "case": range(len(cases)),
        }
    )
    joined = rows.merge(keyed.astype({"debtor_id": "str"}), on="debtor_id")
    return joined[joined[on] <= joined["until"]]
