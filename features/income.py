"""Income: what the tax slips known on the day of the case say about a debtor's earnings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.catalogue import Feature
from features.ledger.snapshot import Ledger, known_days
from features.ledger.tables import TABLES
from features.sight import Numbers, Sight, sight_of

SOURCES = ("salary", "pension", "business", "real_estate", "dividends")
"""The kinds of income that a slip states, in yen a year."""

_LABELS = {
    "salary": "給与収入",
    "pension": "公的年金収入",
    "business": "営業等所得",
    "real_estate": "不動産所得",
    "dividends": "配当所得",
}


def _source_features() -> tuple[Feature, ...]:
    latest = tuple(
        Feature(
            name,
            "yen",
            f"{name} on the latest slip",
            label,
            f"最新の課税資料の{label}は{{value}}",
            f"最新の課税資料に{label}の記載はない",
            record="incomes",
        )
        for name, label in _LABELS.items()
    )
    before = tuple(
        Feature(
            f"{name}_before",
            "yen",
            f"{name} on the slip before the latest",
            f"前回の{label}",
            f"一つ前の課税資料の{label}は{{value}}",
            f"一つ前の課税資料に{label}の記載はない",
            record="incomes",
        )
        for name, label in _LABELS.items()
    )
    return latest + before


INCOME_FEATURES: tuple[Feature, ...] = (
    *_source_features(),
    Feature("income_total", "yen", "all income on the latest slip", "収入・所得の合計",
            "最新の課税資料の収入・所得は合計{value}", "最新の課税資料に収入・所得の記載はない",
            record="incomes"),
    Feature("income_total_before", "yen", "all income on the slip before", "前回の収入・所得の合計",
            "一つ前の課税資料の収入・所得は合計{value}", "一つ前の課税資料に収入・所得の記載はない",
            record="incomes"),
    Feature("income_change", "yen", "total of the latest slip less the one before", "収入・所得の増減",
            "収入・所得の合計の前回からの増減は{value}", record="incomes"),
    Feature("slips", "count", "tax years with a slip", "課税資料の年数", "課税資料は{number}年分ある",
            "課税資料がない", record="incomes"),
    Feature("slip_age_years", "years", "tax years between the newest possible slip and the latest held",
            "課税資料の古さ", "最新の課税資料の古さは{value}", record="incomes"),
    Feature("slip_is_current", "flag", "slip of the newest possible tax year is held", "最新年度の課税資料",
            "最新年度の課税資料がある", "最新年度の課税資料がない", record="incomes"),
    Feature("payroll_withheld", "flag", "tax withheld by the employer", "特別徴収",
            "給与からの特別徴収がある", "特別徴収の記載はない", record="incomes"),
    Feature("filed", "flag", "filed a return for the latest slip", "申告の有無",
            "最新の課税資料は本人の申告による", "本人の申告の記録はない", record="incomes"),
    Feature("unfiled_years", "count", "slips with neither income nor a return", "未申告の年数",
            "収入も申告もない年度が{number}年ある", "未申告の年度はない", record="incomes"),
    Feature("insurance_deduction", "yen", "life-insurance deduction of the latest slip", "生命保険料控除額",
            "生命保険料控除額は{value}", "最新の課税資料に生命保険料控除はない", record="incomes"),
    Feature("insurance_years", "count", "slips with a life-insurance deduction", "生命保険料控除の年数",
            "生命保険料控除のある年度が{number}年ある", "生命保険料控除の記録はない", record="incomes"),
    Feature("housing_loan", "flag", "housing-loan credit on the latest slip", "住宅ローン控除",
            "住宅ローン控除がある", "住宅ローン控除はない", record="incomes"),
    Feature("housing_loan_years", "count", "slips with a housing-loan credit", "住宅ローン控除の年数",
            "住宅ローン控除のある年度が{number}年ある", "住宅ローン控除の記録はない", record="incomes"),
    Feature("refund_bank_known", "flag", "a refund account is on any slip", "還付口座の把握",
            "還付口座が課税資料にある", "還付口座は不明", record="incomes"),
    Feature("employer_known", "flag", "the latest slip names an employer", "勤務先の把握",
            "最新の課税資料に給与支払者がある", "最新の課税資料に給与支払者はない", record="incomes"),
    Feature("payer_known", "flag", "the latest slip names a payer of fees", "報酬支払者の把握",
            "最新の課税資料に報酬の支払者がある", "最新の課税資料に報酬の支払者はない", record="incomes"),
    Feature("employer_changed", "flag", "employer differs from the slip before", "勤務先の変更",
            "勤務先が前回の課税資料から変わった", "勤務先が変わった記録はない", record="incomes"),
    Feature("employers", "count", "different employers on all slips", "勤務先の数",
            "これまでの勤務先は{number}か所", "給与支払者の記録はない", record="incomes"),
    Feature("employer_years", "count", "slips naming the latest employer", "現勤務先の年数",
            "今の勤務先の課税資料は{number}年分", "今の勤務先は不明", record="incomes"),
)  # fmt: skip
"""What this block says of a case, in column order."""


def income_block(ledger: Ledger, cases: pd.DataFrame) -> pd.DataFrame:
    """Return one row per case (index of ``cases``) with the columns of ``INCOME_FEATURES``.

    The slip of tax year y is known from 1 June of y. Without any slip every amount is missing.
    """
    slips = _slips_seen(ledger, cases)
    latest = _latest(slips)
    year = slips.number("tax_year")
    before = _latest(slips.where(year < latest.greatest(latest.number("tax_year"))[slips.case]))
    columns = {
        **_amounts(latest, ""),
        **_amounts(before, "_before"),
        **_recency(slips, latest, cases),
        **_signs(slips, latest),
        **_work(slips, latest, before),
    }
    columns["income_change"] = columns["income_total"] - columns["income_total_before"]
    return pd.DataFrame(columns, index=cases.index)[[feature.name for feature in INCOME_FEATURES]]


def _slips_seen(ledger: Ledger, cases: pd.DataFrame) -> Sight:
    slips = ledger["incomes"].drop_duplicates(["debtor_id", "tax_year"])
    return sight_of(cases, slips, known_days(TABLES["incomes"], slips))


def _latest(slips: Sight) -> Sight:
    year = slips.number("tax_year")
    return slips.where(year == slips.greatest(year)[slips.case])


def _amounts(one: Sight, suffix: str) -> dict[str, Numbers]:
    """Return each kind of income and their total from at most one slip a case (NaN: no slip)."""
    amounts = {name + suffix: one.greatest(one.number(name)) for name in SOURCES}
    stated = np.stack(list(amounts.values()))
    total = np.where(np.isnan(stated).all(axis=0), np.nan, np.nan_to_num(stated).sum(axis=0))
    return {**amounts, "income_total" + suffix: total}


def _recency(slips: Sight, latest: Sight, cases: pd.DataFrame) -> dict[str, Numbers]:
    day = cases["day"].dt
    newest = (day.year - (day.month < 6)).to_numpy(dtype=np.float64)
    age = newest - latest.greatest(latest.number("tax_year"))
    return {
        "slips": slips.count(),
        "slip_age_years": age,
        "slip_is_current": (age == 0).astype(np.float64),
    }


def _signs(slips: Sight, latest: Sight) -> dict[str, Numbers]:
    stated = np.stack([np.nan_to_num(slips.number(name)) for name in SOURCES])
    silent = (stated == 0).all(axis=0) & (np.nan_to_num(slips.number("filed")) == 0)
    return {
        "payroll_withheld": latest.greatest(latest.number("payroll_withheld")),
        "filed": latest.greatest(latest.number("filed")),
        "unfiled_years": slips.count(silent),
        "insurance_deduction": latest.greatest(latest.number("life_insurance_deduction")),
        "insurance_years": slips.count(slips.number("life_insurance_deduction") > 0),
        "housing_loan": latest.greatest(latest.number("housing_loan_credit")),
        "housing_loan_years": slips.count(slips.number("housing_loan_credit") > 0),
        "refund_bank_known": (slips.count(slips.codes("refund_bank") >= 0) > 0).astype(np.float64),
    }


def _work(slips: Sight, latest: Sight, before: Sight) -> dict[str, Numbers]:
    employer = slips.codes("employer_id")
    now, then = _only(latest, "employer_id"), _only(before, "employer_id")
    both = (now >= 0) & (then >= 0)
    held = now[slips.case]
    return {
        "employer_known": _flag_of(latest, "employer_id"),
        "payer_known": _flag_of(latest, "payer_id"),
        "employer_changed": np.where(both, (now != then).astype(np.float64), np.nan),
        "employers": slips.distinct(employer),
        "employer_years": slips.count((employer == held) & (held >= 0)),
    }


def _only(one: Sight, column: str) -> Numbers:
    """Return the code of ``column`` from at most one slip a case (−1: none or blank)."""
    return np.nan_to_num(one.greatest(one.codes(column).astype(np.float64)), nan=-1.0)


def _flag_of(one: Sight, column: str) -> Numbers:
    return one.greatest((one.codes(column) >= 0).astype(np.float64))
