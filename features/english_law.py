"""The law in English: what each gate says, what a law is called, and the name of each ground.

Laws keep their Japanese names, for that is how they are cited and looked up; a gloss stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

GATES: Mapping[str, str] = MappingProxyType(
    {
        "deceased": "The debtor's death is on record. Pass the case on to the search for heirs.",
        "bankrupt": "A bankruptcy is on record. Consider a request for delivery instead.",
        "welfare": "The debtor receives public assistance. It is not seized; consider suspending execution.",
        "suspension": "Execution is suspended.",
        "deferral": "Collection is deferred.",
        "instalment": "Payment by instalments is running.",
        "prescribed": "All that is unpaid is past its prescription. Do not collect; check for write-off.",
        "protected": "The debtor is under support measures. Few may view it; address and notes are hidden.",
        "no_demand": "No demand (督促状) is on record for some unpaid debts; no seizure for these.",
        "fresh_demand": "Some unpaid debts were demanded within ten days; no seizure for these yet.",
        "part_prescribed": "Some unpaid debts are past their prescription and cannot be collected.",
        "near_prescription": "Some unpaid debts are due to prescribe within 180 days.",
        "unrecorded": "There is no record of the debtor. Check whether anything stands in the way.",
    }
)
"""The sentence of each gate of ``features.law``, by its name."""

LAWS: Mapping[str, str] = MappingProxyType(
    {
        "国税徴収法": "National Tax Collection Act",
        "地方税法": "Local Tax Act",
        "破産法": "Bankruptcy Act",
        "生活困窮者自立支援法": "Act on Self-Reliance Support for Needy Persons",
        "国民健康保険法": "National Health Insurance Act",
        "介護保険法": "Long-Term Care Insurance Act",
        "高齢者の医療の確保に関する法律": "Act on Assurance of Medical Care for Elderly People",
        "地方自治法": "Local Autonomy Act",
        "住民基本台帳事務処理要領": "rules for the Basic Resident Register",
    }
)
"""What each law is called in English."""

GROUNDS: Mapping[str, str] = MappingProxyType(
    {
        "最新の給与支払報告書": "latest payroll slip",
        "以前の給与支払報告書": "earlier payroll slip",
        "最新の支払調書": "latest slip of fees paid",
        "以前の支払調書": "earlier slip of fees paid",
        "還付口座": "account for refunds",
        "口座振替": "direct debit",
        "過去の納付口座": "account of an earlier payment",
        "折衝記録（納付口座）": "log of contacts (account paid from)",
        "折衝記録（給与振込先）": "log of contacts (account wages go to)",
        "折衝記録（口座）": "log of contacts (account)",
        "折衝記録（保険）": "log of contacts (insurance)",
        "折衝記録（勤務先）": "log of contacts (employer)",
        "折衝記録（名称）": "log of contacts (named)",
        "同じ勤務先の滞納者の口座": "accounts of debtors with the same employer",
        "前住所地の金融機関": "bank of the former address",
        "住所地を営業地域とする金融機関": "bank that serves the area of the address",
        "当地の金融機関": "local bank",
        "過去の財産あり回答": "earlier reply that found property",
        "過去の滞納処分": "earlier disposition",
        "生命保険料控除": "life-insurance deduction",
        "庁内の照会実績": "the office's past inquiries",
        "配当所得": "dividends",
        "過年度の配当所得": "dividends of earlier years",
        "公的年金収入": "public pension",
        "過年度の公的年金収入": "public pension of earlier years",
        "確定申告": "tax return",
        "源泉徴収のある所得・過年度の申告": "income taxed at source, or a return of an earlier year",
        "車両の登録": "registration of a vehicle",
        "住宅ローン控除": "housing-loan credit",
        "不動産登記の確認": "check of the land register",
        "全国で利用できる金融機関": "bank that serves the whole country",
        "当地を営業地域とする金融機関": "bank that serves this area",
        "照会先一覧": "list of targets",
    }
)
"""The name of each ground of ``features.grounds``, by its Japanese name."""

_LAW = re.compile("|".join(sorted(LAWS, key=len, reverse=True)))


def glossed(article: str) -> str:
    """Return an article with its law's English name behind it.

    >>> glossed("国税徴収法 77・地方税法 15の7")
    '国税徴収法 77・地方税法 15の7 (National Tax Collection Act; Local Tax Act)'
    >>> glossed("要綱 3")
    '要綱 3'
    """
    named = [LAWS[law] for law in dict.fromkeys(_LAW.findall(article))]
    return f"{article} ({'; '.join(named)})" if named else article
