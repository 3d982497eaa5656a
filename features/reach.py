"""Reach: how a target and a case belong together: area, prefecture, kind of bank, electronic replies."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.archive import Archive
from features.candidates import Pairs
from features.catalogue import Feature
from features.coverage import serves
from features.peers import former_homes
from features.tally import Floats

REACH_FEATURES: tuple[Feature, ...] = (
    Feature("serves_area", "flag", "the target serves the area of residence", "営業地域",
            "{target}は住所地を営業地域とする", "{target}の営業地域に住所地は入らない", "area", "targets"),
    Feature("is_area_shinkin", "flag", "a shinkin or cooperative that serves the area", "地元の信金など",
            "{target}は住所地を営業地域とする信用金庫など", opt_in="area", record="targets"),
    Feature("is_former_prefecture_bank", "flag", "bank of the prefecture of the former address",
            "前住所地の銀行", "{target}は前住所の都道府県の銀行", record="debtors"),
    Feature("is_home_bank", "flag", "bank of the municipality's prefecture", "地元の銀行",
            "{target}は当地の都道府県の金融機関", record="targets"),
    Feature("is_japan_post", "flag", "Japan Post Bank", "ゆうちょ銀行", "{target}は全国に窓口がある"),
    Feature("is_net_bank", "flag", "bank without branches (0033-0049)", "ネット銀行",
            "{target}はネット銀行などの新しい形の銀行"),
    Feature("is_city_bank", "flag", "city bank", "都市銀行", "{target}は都市銀行"),
    Feature("is_regional_bank", "flag", "regional bank", "地方銀行", "{target}は地方銀行"),
    Feature("is_digital", "flag", "answers electronic inquiries", "電子照会",
            "{target}は電子照会に応じる", record="targets"),
    Feature("kind_code", "score", "kind of target, by number", "調査先の種別", "調査先の種別は{kind}"),
)  # fmt: skip
"""How target and case belong together, in column order."""

_LOCAL = ("shinkin", "union", "cooperative")
_KINDS = (
    *("bank", "life_insurance", "employer", "receivable", "securities", "pension", "real_estate", "vehicle"),
    "tax_refund",
)


def reach_block(archive: Archive, pairs: Pairs) -> pd.DataFrame:
    """Return how target and case belong together: one row a pair, columns of ``REACH_FEATURES``."""
    targets = archive.roll.targets
    people = pairs.cases[["debtor_id"]].merge(
        archive.about(pairs.cases)["debtors"], on="debtor_id", how="left"
    )
    former = former_homes(people, pairs.cases["day"]).fillna("-").to_numpy()[pairs.case]
    prefecture = targets["prefecture"].fillna("").to_numpy()[pairs.target]
    bank = targets["bank_class"].to_numpy()[pairs.target]
    home = archive.ledger.municipality.code[:2]
    block = _areas(archive, pairs, people["postcode3"], bank) | {
        "is_former_prefecture_bank": _flag((prefecture == former) & (bank != "")),
        "is_home_bank": _flag((prefecture == home) & (bank != "")),
        "is_japan_post": _flag(bank == "post"),
        "is_net_bank": _flag(bank == "net"),
        "is_city_bank": _flag(bank == "city"),
        "is_regional_bank": _flag(bank == "regional"),
        "is_digital": targets["digital"].to_numpy(dtype=float, na_value=np.nan)[pairs.target],
        "kind_code": kind_codes(targets["target_kind"])[pairs.target],
    }
    return pd.DataFrame({f.name: block[f.name] for f in REACH_FEATURES}, dtype=np.float32)


def _areas(archive: Archive, pairs: Pairs, postcodes: pd.Series, bank: np.ndarray) -> dict[str, Floats]:
    """Return whether the target serves the residence: NaN where the municipality has not opted in to area."""
    if "area" not in archive.ledger.municipality.opt_in:
        return dict.fromkeys(("serves_area", "is_area_shinkin"), np.full(len(pairs), np.nan))
    limited = archive.roll.targets["service_areas"].notna().to_numpy()[pairs.target]
    served = serves(archive, postcodes)[pairs.case, pairs.target] & limited
    return {
        "serves_area": np.where(limited, _flag(served), np.nan),
        "is_area_shinkin": _flag(served & np.isin(bank, _LOCAL)),
    }


def _flag(holds: np.ndarray) -> Floats:
    return holds.astype(np.float64)


def kind_codes(kinds: pd.Series) -> Floats:
    """Return the number of each kind of target, 9 for kinds that the contract does not list, (n,)."""
    codes = {kind: float(number) for number, kind in enumerate(_KINDS)}
    return np.asarray(kinds.map(codes).fillna(float(len(_KINDS))), dtype=np.float64)
