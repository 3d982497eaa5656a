"""Authority: by which articles somebody may be asked about a debtor's property, by whom and by what is owed.

国税徴収法 141 gives the power to ask the debtor and those who owe to or hold for the debtor; public offices
are asked to cooperate, under 146の2. Both are for national taxes; each local tax and premium takes them over
by an article of its own. An inquiry names both. Where ``basis`` is inferred the article is our reading, and
the office has to confirm it before letters go out.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from features.law import Rule

POWER = "国税徴収法第141条"
"""What an inquiry to a person or company rests on in the end."""

COOPERATION = "国税徴収法第146条の2"
"""What a request to a public office rests on in the end: it cooperates, it is not questioned."""

OFFICES = frozenset({"pension", "real_estate", "vehicle", "tax_refund"})
"""Kinds of target that public offices answer for: 年金事務所, 登記所, 他市区町村, 運輸支局, 税務署.

Which kinds these are is our reading, as is 日本年金機構 (set up by an act of its own) beside them.
"""

_PREMIUM = "地方自治法第231条の3第3項"

_ALL = (
    Rule(
        "01",
        "地方税法第331条第6項",
        "市町村民税の滞納処分は、国税徴収法に規定する滞納処分の例による。",
        "市の公表資料（滞納処分の根拠）",
    ),
    Rule(
        "02",
        f"国民健康保険法第79条の2、{_PREMIUM}",
        "国民健康保険料は、地方税の滞納処分の例により処分できる。",
        "国民健康保険法の条文",
        "inferred",
    ),
    Rule(
        "03",
        "地方税法第463条の27",
        "軽自動車税（種別割）の滞納処分は、国税徴収法に規定する滞納処分の例による。",
        "地方税法の条文",
        "inferred",
    ),
    Rule(
        "04",
        f"高齢者の医療の確保に関する法律第113条、{_PREMIUM}",
        "後期高齢者医療保険料は、地方税の滞納処分の例により処分できる。",
        "高齢者の医療の確保に関する法律の条文",
        "inferred",
    ),
    Rule(
        "05",
        f"介護保険法第144条、{_PREMIUM}",
        "介護保険料は、地方税の滞納処分の例により処分できる。",
        "介護保険法の条文",
        "inferred",
    ),
)

AUTHORITIES: MappingProxyType[str, Rule] = MappingProxyType({rule.name: rule for rule in _ALL})
"""The rule by which each tax item (the contract's code) takes over the power."""


def articles_of(tax_items: Iterable[str], kind: str = "") -> str:
    """Return the articles that an inquiry to a target of ``kind`` about debts of these tax items names.

    >>> articles_of(["01"])
    '国税徴収法第141条（地方税法第331条第6項による）'
    >>> articles_of([], "vehicle")
    '国税徴収法第146条の2'
    """
    power = COOPERATION if kind in OFFICES else POWER
    through = [AUTHORITIES[item].article for item in dict.fromkeys(tax_items) if item in AUTHORITIES]
    return f"{power}（{'及び'.join(through)}による）" if through else power
