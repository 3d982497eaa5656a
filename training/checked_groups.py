"""The groups in which a challenger must not be worse: age, household, area, kind and size of income, debt."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.ledger.snapshot import Ledger, known_days
from features.ledger.tables import TABLES
from training.disparity import groups_of
from training.marks import UNKNOWN

SOURCES = ("salary", "pension", "business", "real_estate", "dividends")
NONE = "none"


def checked_groups(ledger: Ledger, cases: pd.DataFrame) -> pd.DataFrame:
    """Return the group of each of ``cases[debtor_id, day, arrears]`` as of its day, a column per kind.

    Columns age, household, area, income_kind, income, debt. The area of a protected debtor is unknown.
    """
    people = ledger["debtors"].drop_duplicates("debtor_id").set_index("debtor_id")
    people = people.reindex(pd.Index(cases["debtor_id"]))
    size = people["household_size"].to_numpy(dtype=float, na_value=np.nan)
    household = np.select([size <= 1, size == 2, size > 2], ["1", "2", "3_or_more"], UNKNOWN)
    hidden = (people["protected"] == 1).to_numpy(dtype=bool, na_value=False)
    area = people["postcode3"].astype("object").fillna(UNKNOWN).to_numpy()
    known = groups_of(ledger, cases)
    groups = pd.DataFrame(
        {
            "age": known["age"],
            "household": household,
            "area": np.where(hidden, UNKNOWN, area),
            "income_kind": _largest_source(ledger, cases),
            "income": known["income"],
            "debt": known["debt"],
        },
        index=cases.index,
    )
    return groups.astype("str")


def _largest_source(ledger: Ledger, cases: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return the kind of income that was largest on the latest slip known on each case's day, (n,)."""
    slips = ledger["incomes"]
    yen = slips[list(SOURCES)].astype("float64").fillna(0.0)
    kind = np.where(yen.max(axis=1) > 0, yen.idxmax(axis=1) if len(yen) else "", NONE)
    slips = slips[["debtor_id", "tax_year"]].assign(known=known_days(TABLES["incomes"], slips), kind=kind)
    seen = cases[["debtor_id", "day"]].assign(case=np.arange(len(cases))).merge(slips, on="debtor_id")
    seen = seen[seen["known"] <= seen["day"]].sort_values("tax_year", kind="stable")
    last = seen.drop_duplicates("case", keep="last").set_index("case")["kind"]
    found: np.ndarray[tuple[int], np.dtype[np.object_]]
    found = last.reindex(np.arange(len(cases))).astype("object").fillna(UNKNOWN).to_numpy()
    return found
