"""Records: which records name a target for a case, and how old they are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.archive import Archive
from features.candidates import Pairs
from features.catalogue import Feature
from features.pointers import ACCOUNT_SOURCES, SOURCES
from features.roll import BANK
from features.tally import LAST_DAY, NEVER, Floats, Ints, days_since_epoch

RECORD_FEATURES: tuple[Feature, ...] = (
    Feature("payroll_employer", "flag", "employer on the latest payroll slip", "最新の給与支払者",
            "最新の給与支払報告書の支払者は{target}", record="incomes"),
    Feature("old_employer", "flag", "employer on an earlier slip only", "以前の給与支払者",
            "{target}は以前の給与支払者で、最新の報告書にはない", record="incomes"),
    Feature("slip_days", "days", "days since the last slip of this employer became known",
            "給与支払報告書の古さ",
            "{target}の給与支払報告書は{value}前のもの", record="incomes"),
    Feature("slips_here", "count", "slips of this employer", "給与支払報告書の枚数",
            "{target}の給与支払報告書が{number}年分ある", record="incomes"),
    Feature("fee_payer", "flag", "payer on the latest fee slip", "最新の報酬支払者",
            "最新の支払調書の支払者は{target}", record="incomes"),
    Feature("old_payer", "flag", "payer on an earlier fee slip only", "以前の報酬支払者",
            "{target}は以前の報酬支払者で、最新の調書にはない", record="incomes"),
    Feature("fee_days", "days", "days since the last fee slip of this payer", "支払調書の古さ",
            "{target}の支払調書は{value}前のもの", record="incomes"),
    Feature("is_refund_bank", "count", "tax years in which refunds went to this bank", "還付口座",
            "還付口座が{target}にある（{number}年分の課税資料）", "{target}を還付口座とした課税資料はない",
            record="incomes", kinds=("bank",)),
    Feature("refund_days", "days", "days since the refund account was last reported", "還付口座の古さ",
            "{target}への還付は{value}前", record="incomes"),
    Feature("is_direct_debit_bank", "flag", "direct debit runs from this bank", "口座振替",
            "口座振替の引落口座が{target}にある", "口座振替の引落口座は{target}にない", record="debtors",
            kinds=("bank",)),
    Feature("is_payment_bank", "count", "earlier payments from this bank", "納付に使った口座",
            "{target}からの納付が{number}回ある", "{target}からの納付はない", record="payments",
            kinds=("bank",)),
    Feature("payment_days", "days", "days since the last payment from this bank", "最後の納付",
            "{target}からの最後の納付は{value}前", record="payments"),
    Feature("mention_pays_from", "flag", "the debtor said payments come from here", "納付の申出",
            "{target}の口座から払うと本人が述べた", record="contacts"),
    Feature("mention_wages_to", "flag", "the debtor said wages go here", "給与振込の申出",
            "給与は{target}に振り込まれると本人が述べた", record="contacts"),
    Feature("mention_only_account", "flag", "the debtor said this is the only account", "唯一の口座の申出",
            "口座は{target}だけと本人が述べた", record="contacts"),
    Feature("mention_insurance", "flag", "the debtor spoke of a policy here", "保険の申出",
            "{target}の保険があると本人が述べた", record="contacts"),
    Feature("mention_works_at", "flag", "the debtor said he works here", "勤務先の申出",
            "{target}で働いていると本人が述べた", record="contacts"),
    Feature("mention_named", "flag", "the name came up in the negotiation log", "折衝記録の名称",
            "折衝記録に{target}の名がある", "折衝記録に{target}の名は出ていない", record="contacts",
            kinds=("bank", "employer", "life_insurance", "receivable", "securities")),
    Feature("mention_denied", "flag", "the debtor said there is nothing here (any more)", "否定の申出",
            "{target}にはない（なくなった）と本人が述べた", record="contacts"),
    Feature("mention_days", "days", "days since this target was last mentioned", "申出の古さ",
            "{target}の話が出たのは{value}前", record="contacts"),
    Feature("seized_days", "days", "days since something was seized here", "過去の差押え",
            "{target}を{value}前に差し押さえた", record="dispositions"),
    Feature("found_days", "days", "days since a reply found property here", "過去の財産あり回答",
            "{target}は{value}前に財産ありと回答", record="replies"),
    Feature("recent_blank_days", "days", "days since a reply found nothing here", "過去の該当なし回答",
            "{target}は{value}前に該当なしと回答", record="replies"),
    Feature("asked_days", "days", "days since this target was last asked for this case", "過去の照会",
            "{target}には{value}前に照会した", "{target}にはまだ照会していない", record="inquiries"),
    Feature("account_records", "count", "kinds of record that show an account here", "口座を示す記録",
            "{target}の口座を示す記録が{number}種類ある", "{target}の口座を示す記録はない",
            kinds=("bank",)),
    Feature("other_accounts", "count", "other banks known for the case", "ほかに知られた口座",
            "{target}のほかに口座の知られた金融機関が{number}行ある", "ほかに口座の知られた金融機関はない",
            kinds=("bank",)),
    Feature("other_employers", "flag", "another employer is on a later record", "別の勤務先",
            "{target}より新しい、別の勤務先の記録がある", "{target}より新しい勤務先の記録はない",
            record="incomes", kinds=("employer",)),
)  # fmt: skip
"""What the records say of a pair, in column order."""

_ONE_SOURCE = {
    "slips_here": "slip", "is_refund_bank": "refund", "is_direct_debit_bank": "debit",
    "is_payment_bank": "payment",
    "mention_pays_from": "pays_from", "mention_wages_to": "wages_to", "mention_only_account": "only_account",
    "mention_insurance": "insurance", "mention_works_at": "works_at", "mention_named": "named",
    "mention_denied": "denied",
}  # fmt: skip
_LAST_DAY = {
    "slip_days": "slip", "fee_days": "fee", "refund_days": "refund", "payment_days": "payment",
    "seized_days": "seized", "found_days": "found", "recent_blank_days": "blank", "asked_days": "asked",
}  # fmt: skip
_MENTIONS = ("pays_from", "wages_to", "only_account", "insurance", "works_at", "named")


def records_block(archive: Archive, pairs: Pairs) -> pd.DataFrame:
    """Return what the records say of each pair: one row a pair, columns of ``RECORD_FEATURES``.

    A row depends on its own case and target alone, never on which other pairs stand beside it.
    """
    debtor = archive.roll.debtor_numbers(pairs.cases["debtor_id"])[pairs.case]
    day = days_since_epoch(pairs.cases["day"])[pairs.case]
    counts, lasts = _by_source(archive, debtor, pairs.target, day)
    block = {name: counts[source] for name, source in _ONE_SOURCE.items()}
    block |= {name: _age(lasts[source], day) for name, source in _LAST_DAY.items()}
    block["mention_days"] = _age(np.max([lasts[s] for s in _MENTIONS], axis=0), day)
    block |= _accounts(archive, pairs, counts, debtor, day)
    slips, fees = (_newest(archive, debtor, day, source) for source in ("slip", "fee"))
    # A job that is supposed to be left counts as one of before, though no later slip names another.
    left = np.isin(archive.roll.pair_key(debtor, pairs.target), archive.left)
    block |= _latest(lasts["slip"], np.where(left, LAST_DAY, slips), "payroll_employer", "old_employer")
    block |= _latest(lasts["fee"], fees, "fee_payer", "old_payer")
    told = np.maximum(lasts["slip"], lasts["works_at"])
    newest = _newest(archive, debtor, day, "slip", "works_at")
    block["other_employers"] = ((told != NEVER) & (told < newest)).astype(float)
    return pd.DataFrame({f.name: block[f.name] for f in RECORD_FEATURES}, dtype=np.float32)


def _by_source(
    archive: Archive, debtor: Ints, target: Ints, day: Ints
) -> tuple[dict[str, Floats], dict[str, Ints]]:
    counts, lasts = {}, {}
    for number, source in enumerate(SOURCES):
        span = archive.pointer_tally.known(archive.pointer_key(number, debtor, target), day)
        counts[source] = archive.pointer_tally.count(span)
        lasts[source] = archive.pointer_tally.last_day(span)
    return counts, lasts


def _accounts(
    archive: Archive, pairs: Pairs, counts: dict[str, Floats], debtor: Ints, day: Ints
) -> dict[str, Floats]:
    """Count the kinds of record that show an account at the bank, and the other banks known of the case."""
    shown = np.sum([counts[source] > 0 for source in sorted(ACCOUNT_SOURCES)], axis=0, dtype=float)
    shown = np.where(pairs.kinds == BANK, shown, 0.0)
    banks = archive.banks_tally.count(archive.banks_tally.known(debtor, day))
    return {"account_records": shown, "other_accounts": banks - (shown > 0)}


def _age(last: Ints, day: Ints) -> Floats:
    return np.where(last == NEVER, np.nan, day - last).astype(np.float64)


def _newest(archive: Archive, debtor: Ints, day: Ints, *sources: str) -> Ints:
    """Return the last day on which any target was named for each debtor by one of ``sources``, (n,)."""
    tally = archive.holder_tally(*sources)
    return tally.last_day(tally.known(debtor, day))


def _latest(last: Ints, newest: Ints, current: str, former: str) -> dict[str, Floats]:
    """Flag the pair whose record is the newest of its case, and those with an older record."""
    named = last != NEVER
    return {
        current: (named & (last == newest)).astype(float),
        former: (named & (last < newest)).astype(float),
    }
