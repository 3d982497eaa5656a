"""Groups of people and cases in words, as the fairness table names them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

GROUP_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "age": "年齢 / age",
        "income": "所得 / income",
        "debt": "滞納額 / debt",
        "all": "全体 / all",
        "under_40": "40歳未満 / under 40",
        "40_to_64": "40〜64歳 / 40 to 64",
        "65_and_over": "65歳以上 / 65 and over",
        "company": "法人 / company",
        "none": "なし / none",
        "under_2m": "200万円未満 / under 2 million yen",
        "2m_to_4m": "200〜400万円 / 2 to 4 million yen",
        "over_4m": "400万円以上 / over 4 million yen",
        "under_100k": "10万円未満 / under 100,000 yen",
        "100k_to_300k": "10〜30万円 / 100,000 to 300,000 yen",
        "300k_to_1m": "30〜100万円 / 300,000 to 1 million yen",
        "over_1m": "100万円以上 / over 1 million yen",
        "unknown": "不明 / unknown",
    }
)
