"""The nouns of the field, each with its Japanese term, unit and meaning.

Columns are named once, in ``features.ledger.tables``; these are the words that are no column.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Word:
    """One noun: its Japanese term, its unit ("" : none) and its meaning in one line."""

    ja: str
    unit: str
    meaning: str


_ALL = {
    "municipality": Word("自治体", "", "who hands over the records and whose officers decide"),
    "ledger": Word("台帳", "", "every table of a municipality as it was known on a day"),
    "day": Word("基準日", "day", "the day on which the ledger is looked at; later facts do not exist"),
    "intake": Word("取込", "", "the way from a folder to a ledger, with every fault"),
    "fault": Word("読めない値", "", "a cell for which a row was set aside"),
    "repair": Word("補正", "", "a value that was restored without doubt"),
    "refusal": Word("受入拒否", "", "a reason why a folder as a whole is not read"),
    "debtor": Word("滞納者", "", "a person or company with a debt past its due day, under a pseudonym"),
    "case": Word("事案", "", "one debtor on one day"),
    "open case": Word("未完結事案", "", "a debtor with a debt whose closing day is empty"),
    "arrears": Word("滞納額", "yen", "unpaid principal of the open debts: principal less payments"),
    "principal": Word("本税", "yen", "the amount of a debt without late charges"),
    "demand": Word("督促", "", "the written demand without which nothing may be seized"),
    "contact": Word("折衝", "", "a talk, call or letter between the office and a debtor"),
    "mention": Word("言及", "", "an institution or employer named in a contact's note"),
    "target": Word("照会先", "", "a body that may be asked for a debtor's property, by kind and code"),
    "kind of target": Word(
        "調査先種別", "", "bank, life insurer, employer and so on, as the municipality has them"
    ),
    "candidate": Word("候補", "", "a target that may lawfully be asked in a case"),
    "ground": Word("根拠", "", "the record, area or rule for which a target may be asked"),
    "inquiry": Word("財産調査", "", "one question to one target about one debtor"),
    "reply": Word("調査回答", "", "the answer to an inquiry; none yet is not a no"),
    "found": Word("該当あり", "flag", "the reply names an asset, an empty account included"),
    "hit": Word("的中", "flag", "an asset of 10,000 yen or more was found"),
    "balance": Word("残高", "yen", "what could be obtained of an asset"),
    "cover": Word("充足率", "share", "what the hits among the first k would pay of the arrears, capped at 1"),
    "expected recovery": Word("回収見込額", "yen", "what a target may bring, within the arrears"),
    "probability": Word("的中見込", "share", "how likely an inquiry is a hit"),
    "rank": Word("順位", "count", "the place of a target among a case's candidates, 1 first"),
    "plan": Word("調査計画", "", "the targets to ask now, stopping when the arrears are covered"),
    "reason": Word("理由", "", "a sentence that an officer can check against a record"),
    "feature": Word("特徴量", "", "one column of the matrix, with unit, meaning and sentence"),
    "profile": Word("プロフィール", "", "what the office knew of a case apart from its targets"),
    "gate": Word("ゲート", "", "a legal rule that stops, routes or restricts a case before ranking"),
    "routed case": Word("対象外事案", "", "a case that a gate keeps from being ranked, with the article"),
    "restricted case": Word("閲覧制限事案", "", "a case under protection: ranked, but shown to few"),
    "stay": Word("猶予・停止", "", "instalments, deferral or suspension in force"),
    "prescription": Word("時効", "day", "the day on which a debt is extinguished"),
    "disposition": Word("滞納処分", "", "a seizure or what leads to one"),
    "exempt amount": Word("差押禁止額", "yen", "the part of wages or pension that may not be seized"),
    "hardship": Word("生活困窮", "", "means so small that a case belongs to welfare, not to collection"),
    "officer": Word("徴税吏員", "", "the named person who decides; the software proposes"),
    "assignment": Word("担当", "", "an officer's time with one debtor"),
    "selecting minutes": Word("調査先選定時間", "minutes", "the time an officer took to choose the targets"),
    "handling minutes": Word("総処理時間", "minutes", "all time spent on a case, selecting included"),
    "difficulty": Word("難易度", "minutes", "the minutes that a case needs of an average officer"),
    "proficiency": Word("習熟度", "share", "an officer's speed and success on like cases"),
    "capacity": Word("受持件数", "count", "an officer's share, by FTE, of the cases assigned in a run"),
    "know-how": Word("ノウハウ", "", "the officers' editable rules of thumb, with author, date and status"),
    "champion": Word("採用モデル", "", "the registered bundle that answers"),
    "journal": Word("記録簿", "", "the append-only account of what was shown and chosen"),
    "opt-in": Word("利用する区分", "", "a group of columns (age, household, area) that the models may use"),
}

WORDS: MappingProxyType[str, Word] = MappingProxyType(_ALL)
"""Each noun of the field by its English name."""
