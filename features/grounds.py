"""Grounds: on what a target may be asked about a case, in words that an officer writes into the file.

Source: 国税徴収法 141 (ask only those with grounds).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from features.archive import Archive
from features.candidates import Pairs
from features.coverage import Flags
from features.openings import openings_of
from features.roll import BANK
from features.tally import days_since_epoch

_BY_COLUMN: tuple[tuple[str, str], ...] = (
    ("payroll_employer", "最新の給与支払報告書"), ("old_employer", "以前の給与支払報告書"),
    ("fee_payer", "最新の支払調書"), ("old_payer", "以前の支払調書"), ("is_refund_bank", "還付口座"),
    ("is_direct_debit_bank", "口座振替"), ("is_payment_bank", "過去の納付口座"),
    ("mention_pays_from", "折衝記録（納付口座）"), ("mention_wages_to", "折衝記録（給与振込先）"),
    ("mention_only_account", "折衝記録（口座）"), ("mention_insurance", "折衝記録（保険）"),
    ("mention_works_at", "折衝記録（勤務先）"), ("mention_named", "折衝記録（名称）"),
    ("colleague_accounts", "同じ勤務先の滞納者の口座"), ("is_former_prefecture_bank", "前住所地の金融機関"),
    ("serves_area", "住所地を営業地域とする金融機関"), ("is_home_bank", "当地の金融機関"),
)  # fmt: skip
_BY_DAY = (("found_days", "過去の財産あり回答"), ("seized_days", "過去の滞納処分"))
_OPENED = {
    "life_insurance": ("insurance_years", "生命保険料控除", "庁内の照会実績"),
    "securities": ("dividends", "配当所得", "過年度の配当所得"),
    "pension": ("pension", "公的年金収入", "過年度の公的年金収入"),
    "tax_refund": ("filed", "確定申告", "源泉徴収のある所得・過年度の申告"),
    "vehicle": ("vehicles", "車両の登録", "車両の登録"),
    "real_estate": ("housing_loan_years", "住宅ローン控除", "不動産登記の確認"),
}
_NATIONWIDE, _AROUND = "全国で利用できる金融機関", "当地を営業地域とする金融機関"
LISTED = "照会先一覧"
"""The ground of a target that is on the municipality's list and has no other."""


def ground_texts(archive: Archive, pairs: Pairs, values: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the Japanese names of each pair's grounds, at least one.

    ``values``: the rows of the matrix of ``pairs``.
    """
    given = [(text, values[name].to_numpy() > 0) for name, text in _BY_COLUMN]
    given += [(text, values[name].notna().to_numpy()) for name, text in _BY_DAY]
    given += _opened(archive, pairs, values)
    table = np.column_stack([flags for _, flags in given])
    return [
        tuple(given[place][0] for place in np.flatnonzero(row)) or (otherwise,)
        for row, otherwise in zip(table, _otherwise(archive, pairs), strict=True)
    ]


def _opened(archive: Archive, pairs: Pairs, values: pd.DataFrame) -> list[tuple[str, Flags]]:
    """Return the ground of each kind that a fact of the case opens: by this year's fact, or a weaker one."""
    cases = pairs.cases
    debtor = archive.roll.debtor_numbers(cases["debtor_id"])
    openings: Mapping[str, Flags] = openings_of(archive, cases, debtor, days_since_epoch(cases["day"]))
    found = []
    for kind, (column, strong, weak) in _OPENED.items():
        opened = openings[kind][pairs.case] & (pairs.kinds == kind)
        now = values[column].to_numpy() > 0
        found += [(strong, opened & now), (weak, opened & ~now)]
    return found


def _otherwise(archive: Archive, pairs: Pairs) -> list[str]:
    """Return the ground of a target that no record, area or rule of its own speaks for."""
    nationwide = archive.roll.targets["service_areas"].isna().to_numpy()[pairs.target]
    texts = np.where(nationwide, _NATIONWIDE, _AROUND)
    return [str(text) for text in np.where(pairs.kinds == BANK, texts, LISTED)]
