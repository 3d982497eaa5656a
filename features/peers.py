"""Peers: the groups a case belongs to on its day (employer, area, age band, ...)."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd

from features.ledger.snapshot import Ledger
from features.tally import Ints, days_since_epoch

PEER_GROUPS: MappingProxyType[str, tuple[str, str | None]] = MappingProxyType(
    {
        "employer": ("同じ勤務先", None),
        "payer": ("同じ報酬支払者", None),
        "area": ("同じ地域", "area"),
        "former": ("同じ前住所地", None),
        "age": ("同じ年代", "age"),
        "livelihood": ("同じ所得の種類", None),
    }
)
"""Each group: its Japanese name and the opt-in it needs (None: always allowed)."""


def peers_of(ledger: Ledger, cases: pd.DataFrame) -> pd.DataFrame:
    """Return per case (row order and index of ``cases``) the number of each peer group, -1 for none.

    Only what was known on the case's day counts; groups not opted in are -1 for all.
    """
    people = cases[["debtor_id"]].merge(ledger["debtors"], on="debtor_id", how="left")
    slips = _latest_slips(ledger, cases)
    moved = people["moved_in_on"].isna() | (people["moved_in_on"].to_numpy() <= cases["day"].to_numpy())
    year = pd.DatetimeIndex(cases["day"]).year
    age = year - people["birth_year"].to_numpy(dtype=float, na_value=np.nan)
    groups = {
        "employer": _numbers(ledger["incomes"]["employer_id"], slips["employer_id"]),
        "payer": _numbers(ledger["incomes"]["payer_id"], slips["payer_id"]),
        "area": _numbers(ledger["debtors"]["postcode3"], people["postcode3"]),
        "former": _numbers(
            ledger["debtors"]["former_prefecture"], people["former_prefecture"].where(moved)
        ),
        "age": np.where(np.isfinite(age), np.clip(np.nan_to_num(age) // 10, 0, 12), -1).astype(np.int64),
        "livelihood": _livelihood(people, slips),
    }
    opted = ledger.municipality.opt_in
    for name, (_, opt_in) in PEER_GROUPS.items():
        if opt_in is not None and opt_in not in opted:
            groups[name] = np.full(len(cases), -1, dtype=np.int64)
    return pd.DataFrame(groups, index=cases.index)


def _numbers(known: pd.Series, wanted: pd.Series) -> Ints:
    index = pd.Index(known.dropna().drop_duplicates()).sort_values()
    return np.asarray(index.get_indexer(pd.Index(wanted)), dtype=np.int64)


def _latest_slips(ledger: Ledger, cases: pd.DataFrame) -> pd.DataFrame:
    """Return per case the latest income row known on its day (all empty where there is none)."""
    asked = pd.DataFrame(
        {"debtor_id": cases["debtor_id"], "day": cases["day"], "case": np.arange(len(cases))}
    )
    joined = asked.merge(ledger["incomes"], on="debtor_id")
    known = pd.to_datetime(joined["tax_year"].astype("str") + "-06-01") <= joined["day"]
    latest = joined[known].sort_values(["case", "tax_year"], kind="stable").drop_duplicates("case", keep="last")
    return latest.set_index("case").reindex(np.arange(len(cases)))


def _livelihood(people: pd.DataFrame, slips: pd.DataFrame) -> Ints:
    """Number the main income of the latest slip: 0 company, 1 none, 2 unknown, 3.. by kind and size."""
    amounts = slips[["salary", "business", "pension", "real_estate", "dividends"]].to_numpy(
        dtype=float, na_value=0.0
    )
    main, size = amounts.argmax(axis=1), amounts.max(axis=1)
    steps = np.searchsorted([1_500_000, 3_000_000, 5_000_000], size, side="right")
    known = slips["tax_year"].notna().to_numpy()
    number = np.where(size > 0, 3 + main * 4 + steps, np.where(known, 1, 2))
    return np.where((people["entity"] == "2").to_numpy(), 0, number).astype(np.int64)


def case_days(cases: pd.DataFrame) -> Ints:
    """Return the day of each case as days since 1970, (n,)."""
    return days_since_epoch(cases["day"])
