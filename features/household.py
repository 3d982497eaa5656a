"""Household: who the debtor is, as far as the contract and the municipality's opt-ins allow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.catalogue import Feature
from features.ledger.snapshot import Ledger
from features.sight import Numbers, Sight, sight_of

HOUSEHOLD_FEATURES: tuple[Feature, ...] = (
    Feature("company", "flag", "the debtor is a company", "法人", "法人である", "個人である",
            record="debtors"),
    Feature("age", "years", "year of the day less year of birth", "年齢", "年齢は{value}", "年齢は不明",
            opt_in="age", record="debtors"),
    Feature("household_size", "people", "people in the household", "世帯人数", "世帯人数は{value}",
            "世帯人数は不明", opt_in="household", record="debtors"),
    Feature("dependents", "people", "dependants", "扶養人数", "扶養は{value}", "扶養の記録はない",
            opt_in="household", record="debtors"),
    Feature("area_known", "flag", "the postcode is known", "住所地の把握", "住所地の郵便番号がある",
            "住所地の郵便番号は不明", opt_in="area", record="debtors"),
    Feature("moved_in_days", "days", "days since moving in", "転入からの日数", "転入から{value}経過",
            "転入の記録はない", record="debtors"),
    Feature("from_other_prefecture", "flag", "moved in from another prefecture", "県外からの転入",
            "他の都道府県から転入している", "他の都道府県からの転入ではない", record="debtors"),
    Feature("moved_out", "flag", "has moved out", "転出", "転出している", "転出していない",
            record="debtors"),
    Feature("moved_out_days", "days", "days since moving out", "転出からの日数", "転出から{value}経過",
            "転出の記録はない", record="debtors"),
    Feature("mail_returned", "flag", "mail came back", "郵便の返戻", "郵便物が返戻されている",
            "郵便物の返戻の記録はない", record="debtors"),
    Feature("phone_known", "flag", "a telephone number is known", "電話番号の把握", "電話番号を把握している",
            "電話番号の把握がない", record="debtors"),
    Feature("direct_debit_known", "flag", "an account for direct debit is known", "口座振替の登録",
            "口座振替の口座が登録されている", "口座振替の登録はない", record="debtors"),
    Feature("vehicles", "count", "light vehicles", "軽自動車の台数", "軽自動車を{number}台所有",
            "軽自動車の所有はない", record="debtors"),
)  # fmt: skip
"""What this block says of a case, in column order. The gates are no features, and never will be."""


def household_block(ledger: Ledger, cases: pd.DataFrame) -> pd.DataFrame:
    """Return one row per case (index of ``cases``) with the columns of ``HOUSEHOLD_FEATURES``.

    Debtor columns without a day of their own count as constant (a stated limit of the contract).
    """
    seen = sight_of(cases, ledger["debtors"].drop_duplicates("debtor_id"))
    columns = {
        **_person(seen, cases),
        **_moves(seen, ledger.municipality.code[:2]),
        **_reach(seen),
    }
    return pd.DataFrame(columns, index=cases.index)[[feature.name for feature in HOUSEHOLD_FEATURES]]


def _person(seen: Sight, cases: pd.DataFrame) -> dict[str, Numbers]:
    born = seen.greatest(seen.number("birth_year"))
    return {
        "company": _flag(seen, seen.matches("entity", "2")),
        "age": cases["day"].dt.year.to_numpy(dtype=np.float64) - born,
        "household_size": seen.greatest(seen.number("household_size")),
        "dependents": seen.greatest(seen.number("dependents")),
        "area_known": _flag(seen, seen.codes("postcode3") >= 0),
    }


def _moves(seen: Sight, prefecture: str) -> dict[str, Numbers]:
    moved_in, moved_out = seen.ago("moved_in_on"), seen.ago("moved_out_on")
    other = (seen.codes("former_prefecture") >= 0) & ~seen.matches("former_prefecture", prefecture)
    return {
        "moved_in_days": seen.greatest(np.where(moved_in >= 0, moved_in, np.nan)),
        "from_other_prefecture": _flag(seen, other & ~(moved_in < 0)),
        "moved_out": _flag(seen, moved_out >= 0),
        "moved_out_days": seen.greatest(np.where(moved_out >= 0, moved_out, np.nan)),
    }


def _reach(seen: Sight) -> dict[str, Numbers]:
    return {
        "mail_returned": seen.greatest(seen.number("mail_returned")),
        "phone_known": seen.greatest(seen.number("phone_known")),
        "direct_debit_known": _flag(seen, seen.codes("direct_debit_bank") >= 0),
        "vehicles": seen.greatest(seen.number("vehicles")),
    }


def _flag(seen: Sight, marked: np.ndarray) -> Numbers:
    return seen.greatest(marked.astype(np.float64))
