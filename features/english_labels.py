"""The labels of a case's features in English, for sentences that name what moves a forecast."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_INCOMES = {
    "給与収入": "salary",
    "公的年金収入": "public pension",
    "営業等所得": "business income",
    "不動産所得": "real-estate income",
    "配当所得": "dividends",
    "収入・所得の合計": "all income",
}
_CHANNELS = {
    "口座振替": "direct debit",
    "コンビニ": "convenience store",
    "窓口": "the counter",
    "スマートフォン決済": "smartphone",
    "差押えからの充当": "a seizure",
}

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "督促済みの割合": "share of unpaid instalments demanded",
        "完納件数": "instalments paid in full",
        "完納以外の完結件数": "instalments closed without full payment",
        "納付済みの割合": "share paid of everything ever overdue",
        "納付回数": "payments so far",
        "納期限後の納付回数": "payments after the due day",
        "一部納付の回数": "partial payments",
        "平均納付額": "mean payment",
        "最終納付からの日数": "days since the last payment",
        **{f"{name}の納付回数": f"payments by {by}" for name, by in _CHANNELS.items()},
        **_INCOMES,
        **{f"前回の{name}": f"{what} on the slip before" for name, what in _INCOMES.items()},
        "収入・所得の増減": "change of income",
        "課税資料の年数": "years of tax slips",
        "課税資料の古さ": "age of the latest tax slip",
        "最新年度の課税資料": "slip of the newest tax year",
        "特別徴収": "tax withheld by the employer",
        "申告の有無": "a return of the debtor's own",
        "未申告の年数": "years without a return",
        "生命保険料控除額": "life-insurance deduction",
        "生命保険料控除の年数": "years with a life-insurance deduction",
        "住宅ローン控除": "housing-loan credit",
        "住宅ローン控除の年数": "years with a housing-loan credit",
        "還付口座の把握": "whether an account for refunds is known",
        "勤務先の把握": "whether the employer is known",
        "報酬支払者の把握": "whether a payer of fees is known",
        "勤務先の変更": "change of employer",
        "勤務先の数": "number of employers",
        "現勤務先の年数": "years with the present employer",
        **{f"折衝手段{n}の回数": f"contacts by the means of code {n}" for n in range(1, 6)},
        **{f"折衝結果{n}の回数": f"contacts with the result of code {n}" for n in range(1, 7)},
        "折衝した職員の数": "number of officers in contact",
        "納付約束の回数": "promises to pay",
        "約束不履行の回数": "broken promises",
        "約束の履行割合": "share of promises kept",
        "期限前の約束額": "amount promised for days ahead",
        "年齢": "age",
        "世帯人数": "size of the household",
        "扶養人数": "dependants",
        "軽自動車の台数": "light vehicles",
    }
)
"""By the Japanese label; those of ``models.criteria`` stand there."""
