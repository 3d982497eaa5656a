"""Peers: the groups a case belongs to on its day (employer, area, age band, ...)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from features.ledger.snapshot import Ledger, known_days
from features.ledger.tables import TABLES
from features.tally import Ints, days_since_epoch

COMPANY = "2"
"""The entity of a company (a person is 1)."""

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

_CODED = MappingProxyType(
    {
        "employer": ("incomes", "employer_id"),
        "payer": ("incomes", "payer_id"),
        "area": ("debtors", "postcode3"),
        "former": ("debtors", "former_prefecture"),
    }
)
"""The groups that a code makes, and where it stands."""


def group_codes(ledger: Ledger) -> dict[str, pd.Index]:
    """Return the codes by which groups are numbered: those of ``ledger``, sorted, for each coded group."""
    return {
        group: pd.Index(ledger[table][column].dropna().unique()).sort_values()
        for group, (table, column) in _CODED.items()
    }


def peers_of(
    ledger: Ledger, cases: pd.DataFrame, codes: Mapping[str, pd.Index] | None = None
) -> pd.DataFrame:
    """Return per case (row order and index of ``cases``) the number of each peer group, -1 for none.

    Only what was known on the case's day counts; groups not opted in are -1 for all. ``codes``: those of the
    whole ledger where ``ledger`` is an extract of it (``group_codes``).
    """
    codes = group_codes(ledger) if codes is None else codes
    people = cases[["debtor_id"]].merge(ledger["debtors"], on="debtor_id", how="left")
    slips = _latest_slips(ledger, cases)
    age = pd.DatetimeIndex(cases["day"]).year - people["birth_year"].to_numpy(dtype=float, na_value=np.nan)
    groups = {
        "employer": _numbers(codes["employer"], slips["employer_id"]),
        "payer": _numbers(codes["payer"], slips["payer_id"]),
        "area": _numbers(codes["area"], people["postcode3"]),
        "former": _numbers(codes["former"], former_homes(people, cases["day"])),
        "age": np.where(np.isfinite(age), np.clip(np.nan_to_num(age) // 10, 0, 12), -1).astype(np.int64),
        "livelihood": _livelihood(people, slips),
    }
    opted = ledger.municipality.opt_in
    for name, (_, opt_in) in PEER_GROUPS.items():
        if opt_in is not None and opt_in not in opted:
            groups[name] = np.full(len(cases), -1, dtype=np.int64)
    return pd.DataFrame(groups, index=cases.index)


def former_homes(people: pd.DataFrame, days: pd.Series) -> pd.Series:
    """Return each person's former prefecture as known on the day: missing until the person has moved in.

    ``people``: rows of the debtors table; ``days``: a day for each.
    """
    moved = people["moved_in_on"].isna() | (people["moved_in_on"].to_numpy() <= days.to_numpy())
    return people["former_prefecture"].where(moved)


def slip_days(incomes: pd.DataFrame) -> Ints:
    """Return the day (since 1970) on which each income row became known, (n,)."""
    return days_since_epoch(known_days(TABLES["incomes"], incomes))


def _numbers(codes: pd.Index, wanted: pd.Series) -> Ints:
    return np.asarray(codes.get_indexer(pd.Index(wanted)), dtype=np.int64)


def known_slips(ledger: Ledger, cases: pd.DataFrame) -> pd.DataFrame:
    """Return the income rows that each case could see on its day, oldest first, with ``case`` and ``day``."""
    asked = pd.DataFrame(
        {"debtor_id": cases["debtor_id"], "day": cases["day"], "case": np.arange(len(cases))}
    )
    joined = asked.merge(ledger["incomes"], on="debtor_id")
    known = joined[slip_days(joined) <= days_since_epoch(joined["day"])]
    return known.sort_values(["case", "tax_year"], kind="stable")


def _latest_slips(ledger: Ledger, cases: pd.DataFrame) -> pd.DataFrame:
    """Return per case the latest income row known on its day (all empty where there is none)."""
    latest = known_slips(ledger, cases).drop_duplicates("case", keep="last")
    return latest.set_index("case").reindex(np.arange(len(cases)))


def _livelihood(people: pd.DataFrame, slips: pd.DataFrame) -> Ints:
    """Return a number for the main income of the latest slip: 0 company, 1 none, 2 unknown, 3.. by size."""
    amounts = slips[["salary", "business", "pension", "real_estate", "dividends"]].to_numpy(
        dtype=float, na_value=0.0
    )
    main, size = amounts.argmax(axis=1), amounts.max(axis=1)
    steps = np.searchsorted([1_500_000, 3_000_000, 5_000_000], size, side="right")
    known = slips["tax_year"].notna().to_numpy()
    number = np.where(size > 0, 3 + main * 4 + steps, np.where(known, 1, 2))
    return np.where((people["entity"] == COMPANY).to_numpy(dtype=bool, na_value=False), 0, number).astype(
        np.int64
    )
