"""Words that stand in exports where the contract wants a code, by the Japanese header of the column."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_KINDS = {
    "bank": "銀行 金融機関 預金 預貯金",
    "life_insurance": "生命保険 生命保険会社 生保",
    "employer": "勤務先 給与 給与支払者",
    "receivable": "売掛金 売掛債権 報酬 報酬支払者",
    "securities": "証券 証券会社 有価証券",
    "pension": "年金 公的年金",
    "real_estate": "不動産",
    "vehicle": "自動車 軽自動車 車両",
    "tax_refund": "還付金 税還付 国税還付金",
}

_FLAGS = {
    "1": "有 有り あり はい 該当 該当あり 受給中 受給 済 ○ 〇 true yes y",
    "0": "無 無し なし いいえ 非該当 該当なし 未 × false no n",
}


def _read_from(words: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(
        {word: code for code, listed in words.items() for word in [code, *listed.split()]}
    )


FLAG_WORDS = _read_from(_FLAGS)
"""Any column of flags."""

CODE_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "調査先種別": _read_from(_KINDS),
        "財産種類": _read_from(_KINDS),
        "個人法人区分": _read_from({"1": "個人", "2": "法人"}),
        "科目コード": _read_from(
            {
                "01": "住民税 市民税 市県民税 市都民税 特別区民税 特別区民税・都民税 個人住民税",
                "02": "国民健康保険料 国民健康保険税 国保料 国保税 国保",
                "03": "軽自動車税 軽自動車税(種別割) 軽自",
                "04": "後期高齢者医療保険料 後期高齢 後期",
                "05": "介護保険料 介護",
            }
        ),
        "収納区分": _read_from(
            {
                "1": "口座振替 口座",
                "2": "コンビニ コンビニ収納 コンビニエンスストア",
                "3": "窓口 納付書",
                "4": "スマホ スマートフォン スマホ決済 スマートフォン決済",
                "5": "差押充当 配当充当 充当",
            }
        ),
        "照会方法": _read_from({"1": "紙 文書 郵送 書面", "2": "電子 電子照会 オンライン"}),
        "回答結果": _read_from({"1": "有 あり 有り 該当あり 該当有", "2": "無 なし 無し 該当なし 該当無"}),
        "処分コード": _read_from({"02": "差押 差押え", "03": "参加差押 参加差押え", "04": "交付要求"}),
        "猶予停止区分": _read_from(
            {
                "instalment": "分納 分割納付 分納誓約",
                "deferral": "猶予 徴収猶予 換価の猶予 換価猶予",
                "suspension": "執行停止 停止 滞納処分の停止",
            }
        ),
        "該当号": _read_from(
            {"1": "1号 第1号 無財産", "2": "2号 第2号 生活困窮", "3": "3号 第3号 所在不明 所在財産不明"}
        ),
    }
)
"""Header of a coded column to what each word there means; words of no code stay as they come."""
