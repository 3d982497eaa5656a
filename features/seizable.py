"""Seizable amounts: what the law would let an employer or the pension service pay, by the slip on record."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.archive import Archive
from features.arrears import arrears_of
from features.candidates import Pairs
from features.catalogue import Feature
from features.exempt import seizable_pension, seizable_wage
from features.ledger.snapshot import Ledger
from features.peers import known_slips
from features.tally import Floats

MONTHS = 3
"""Wages and pensions count as what may be seized of three months (the contract's definition)."""

WAGE_LEVIES, PENSION_LEVIES = 0.15, 0.10
"""Inferred shares of a small wage or pension that insurance and taxes take: the slips show neither."""

SEIZABLE_FEATURES: tuple[Feature, ...] = (
    Feature("seizable_here", "yen", "three months' seizable wage or pension by the slip (articles 76, 77)",
            "差押可能額の試算", "課税資料から試算した{target}の3か月分の差押可能額は{value}",
            "課税資料からは{target}の差押可能額を試算できない", record="incomes",
            kinds=("employer", "pension")),
    Feature("seizable_cover", "share", "that amount over the arrears, at most 1", "差押可能額の滞納額比",
            "{target}の差押可能額（試算）は滞納額の{value}",
            "課税資料からは{target}の差押可能額を試算できない", record="incomes",
            kinds=("employer", "pension")),
)  # fmt: skip
"""What may be seized, in column order."""


def seizable_block(archive: Archive, pairs: Pairs) -> pd.DataFrame:
    """Return the seizable amounts of each pair: one row a pair; NaN where no slip shows a wage or pension.

    Dependants count only where the municipality has opted in to the household; else nobody depends.
    """
    ledger = archive.about(pairs.cases)
    slips = known_slips(ledger, pairs.cases)
    depending = _dependents(ledger, pairs.cases)
    amount = np.full(len(pairs), np.nan)
    wages = slips.assign(target=archive.roll.target_numbers("employer", slips["employer_id"]))
    wages = wages[wages["target"] >= 0].drop_duplicates(["case", "target"], keep="last")
    _put(amount, pairs, wages, _monthly(wages, "salary", depending))
    service = np.flatnonzero((archive.roll.targets["target_kind"] == "pension").to_numpy())
    latest = slips.drop_duplicates("case", keep="last")
    for target in service:
        pensions = latest[latest["pension"].fillna(0) > 0].assign(target=target)
        _put(amount, pairs, pensions, _monthly(pensions, "pension", depending))
    arrears = arrears_of(ledger, pairs.cases).to_numpy(dtype=np.float64)[pairs.case]
    cover = np.where(arrears > 0, np.minimum(amount / np.maximum(arrears, 1.0), 1.0), np.nan)
    columns = {"seizable_here": amount, "seizable_cover": cover}
    return pd.DataFrame({f.name: columns[f.name] for f in SEIZABLE_FEATURES}, dtype=np.float32)


def _dependents(ledger: Ledger, cases: pd.DataFrame) -> Floats:
    if "household" not in ledger.municipality.opt_in:
        return np.zeros(len(cases))
    people = cases[["debtor_id"]].merge(
        ledger["debtors"][["debtor_id", "dependents"]], on="debtor_id", how="left"
    )
    return np.asarray(people["dependents"].to_numpy(dtype=np.float64, na_value=0.0), dtype=np.float64)


def _monthly(slips: pd.DataFrame, column: str, depending: Floats) -> Floats:
    month = slips[column].to_numpy(dtype=np.float64, na_value=0.0) / 12
    people = depending[slips["case"].to_numpy()]
    if column == "salary":
        return seizable_wage(month, 0.0, WAGE_LEVIES * month, people).astype(np.float64)
    return seizable_pension(month, 0.0, PENSION_LEVIES * month, people).astype(np.float64)


def _put(amount: Floats, pairs: Pairs, slips: pd.DataFrame, month: Floats) -> None:
    """Write three months of ``month`` to the pairs of the slips' case and target."""
    size = len(pairs.targets)
    key = slips["case"].to_numpy(np.int64) * size + slips["target"].to_numpy(np.int64)
    order = np.argsort(key)
    wanted = pairs.case * size + pairs.target
    place = np.searchsorted(key[order], wanted)
    place = np.minimum(place, max(len(key) - 1, 0))
    if len(key):
        same = key[order][place] == wanted
        amount[same] = MONTHS * month[order][place[same]]
