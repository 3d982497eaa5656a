"""Grounds: which records name a target for a case, how old they are, and how target and case belong together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.archive import Archive
from features.candidates import Pairs, serves
from features.catalogue import Feature
from features.pointers import ACCOUNT_SOURCES, SOURCES
from features.tally import NEVER, Floats, Ints, days_since_epoch

RECORD_FEATURES: tuple[Feature, ...] = (
    Feature("payroll_employer", "flag", "employer on the latest payroll slip", "最新の給与支払者",
            "最新の給与支払報告書の支払者は{target}", record="incomes"),
    Feature("old_employer", "flag", "employer on an earlier slip only", "以前の給与支払者",
            "{target}は以前の給与支払者で、最新の報告書にはない", record="incomes"),
    Feature("slip_days", "days", "days since the last slip of this employer became known", "給与支払報告書の古さ",
            "{target}の給与支払報告書は{value}前のもの", record="incomes"),
    Feature("slips_here", "count", "slips of this employer", "給与支払報告書の枚数",
            "{target}の給与支払報告書が{value}ある", record="incomes"),
    Feature("fee_payer", "flag", "payer on the latest fee slip", "最新の報酬支払者",
            "最新の支払調書の支払者は{target}", record="incomes"),
    Feature("old_payer", "flag", "payer on an earlier fee slip only", "以前の報酬支払者",
            "{target}は以前の報酬支払者で、最新の調書にはない", record="incomes"),
    Feature("fee_days", "days", "days since the last fee slip of this payer", "支払調書の古さ",
            "{target}の支払調書は{value}前のもの", record="incomes"),
    Feature("is_refund_bank", "count", "tax years in which refunds went to this bank", "還付口座",
            "還付口座が{target}にある（{value}）", record="incomes"),
    Feature("refund_days", "days", "days since the refund account was last reported", "還付口座の古さ",
            "{target}への還付は{value}前", record="incomes"),
    Feature("is_direct_debit_bank", "flag", "direct debit runs from this bank", "口座振替",
            "口座振替の引落口座が{target}にある", record="debtors"),
    Feature("is_payment_bank", "count", "earlier payments from this bank", "納付に使った口座",
            "{target}からの納付が{value}ある", record="payments"),
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
            "折衝記録に{target}の名がある", record="contacts"),
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
            "{target}には{value}前に照会した", record="inquiries"),
    Feature("account_records", "count", "kinds of record that show an account here", "口座を示す記録",
            "{target}の口座を示す記録が{value}ある"),
    Feature("other_accounts", "count", "other banks known for the case", "ほかに知られた口座",
            "ほかの金融機関の口座が{value}知られている"),
    Feature("other_employers", "flag", "another employer is on a later record", "別の勤務先",
            "別の勤務先の、より新しい記録がある", record="incomes"),
)

REACH_FEATURES: tuple[Feature, ...] = (
    Feature("serves_area", "flag", "the target serves the area of residence", "営業地域",
            "{target}は住所地を営業地域とする", "{target}の営業地域に住所地は入らない", "area", "targets"),
    Feature("is_area_shinkin", "flag", "a shinkin or cooperative that serves the area", "地元の信金など",
            "{target}は住所地を営業地域とする信用金庫など", opt_in="area", record="targets"),
    Feature("is_former_prefecture_bank", "flag", "bank of the prefecture of the former address", "前住所地の銀行",
            "{target}は前住所の都道府県の銀行", record="debtors"),
    Feature("is_home_bank", "flag", "bank of the municipality's prefecture", "地元の銀行",
            "{target}は当地の都道府県の金融機関", record="targets"),
    Feature("is_japan_post", "flag", "Japan Post Bank", "ゆうちょ銀行", "{target}は全国に窓口がある"),
    Feature("is_net_bank", "flag", "bank without branches (0033-0049)", "ネット銀行", "{target}はネット銀行などの新しい形の銀行"),
    Feature("is_city_bank", "flag", "city bank", "都市銀行", "{target}は都市銀行"),
    Feature("is_regional_bank", "flag", "regional bank", "地方銀行", "{target}は地方銀行"),
    Feature("is_digital", "flag", "answers electronic inquiries", "電子照会", "{target}は電子照会に応じる", record="targets"),
    Feature("kind_code", "score", "kind of target, by number", "調査先の種別", "調査先の種別は{kind}"),
)

_ONE_SOURCE = {
    "slips_here": "slip", "is_refund_bank": "refund", "is_direct_debit_bank": "debit", "is_payment_bank": "payment",
    "mention_pays_from": "pays_from", "mention_wages_to": "wages_to", "mention_only_account": "only_account",
    "mention_insurance": "insurance", "mention_works_at": "works_at", "mention_named": "named",
    "mention_denied": "denied",
}  # fmt: skip
_LAST_DAY = {
    "slip_days": "slip", "fee_days": "fee", "refund_days": "refund", "payment_days": "payment",
    "seized_days": "seized", "found_days": "found", "recent_blank_days": "blank", "asked_days": "asked",
}  # fmt: skip
_MENTIONS = ("pays_from", "wages_to", "only_account", "insurance", "works_at", "named")
_KINDS = ("bank", "life_insurance", "employer", "receivable", "securities", "pension", "real_estate", "vehicle",
          "tax_refund")  # fmt: skip


def records_block(archive: Archive, pairs: Pairs) -> pd.DataFrame:
    """Return what the records say of each pair: one row a pair, columns of ``RECORD_FEATURES``."""
    debtor = archive.roll.debtor_numbers(pairs.cases["debtor_id"])[pairs.case]
    day = days_since_epoch(pairs.cases["day"])[pairs.case]
    counts, lasts = _by_source(archive, debtor, pairs.target, day)
    block = {name: counts[source] for name, source in _ONE_SOURCE.items()}
    block |= {name: _age(lasts[source], day) for name, source in _LAST_DAY.items()}
    block["mention_days"] = _age(np.max([lasts[s] for s in _MENTIONS], axis=0), day)
    block["account_records"] = np.sum([counts[s] > 0 for s in sorted(ACCOUNT_SOURCES)], axis=0, dtype=float)
    banks = pairs.target[(block["account_records"] > 0)], pairs.case[(block["account_records"] > 0)]
    per_case = np.bincount(banks[1], minlength=len(pairs.cases)).astype(float)
    block["other_accounts"] = per_case[pairs.case] - (block["account_records"] > 0)
    block |= _latest(lasts["slip"], pairs.case, "payroll_employer", "old_employer")
    block |= _latest(lasts["fee"], pairs.case, "fee_payer", "old_payer")
    told = np.maximum(lasts["slip"], lasts["works_at"])
    newest = _newest(told, pairs.case)
    block["other_employers"] = ((told != NEVER) & (told < newest[pairs.case])).astype(float)
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


def _age(last: Ints, day: Ints) -> Floats:
    return np.where(last == NEVER, np.nan, day - last).astype(np.float64)


def _newest(last: Ints, case: Ints) -> Ints:
    newest = np.full(case.max(initial=-1) + 1, NEVER)
    np.maximum.at(newest, case, last)
    return newest


def _latest(last: Ints, case: Ints, current: str, former: str) -> dict[str, Floats]:
    """Flag the pair whose record is the newest of its case, and those with an older record."""
    named = last != NEVER
    newest = _newest(last, case)[case]
    return {
        current: (named & (last == newest)).astype(float),
        former: (named & (last < newest)).astype(float),
    }


def reach_block(archive: Archive, pairs: Pairs) -> pd.DataFrame:
    """Return how target and case belong together: one row a pair, columns of ``REACH_FEATURES``."""
    targets = archive.roll.targets
    people = pairs.cases[["debtor_id"]].merge(archive.ledger["debtors"], on="debtor_id", how="left")
    moved = people["moved_in_on"].isna() | (people["moved_in_on"].to_numpy() <= pairs.cases["day"].to_numpy())
    former = people["former_prefecture"].where(moved).fillna("-").to_numpy()
    limited = targets["service_areas"].notna().to_numpy()
    area = serves(archive, people["postcode3"])[pairs.case, pairs.target] & limited[pairs.target]
    known = np.full(len(pairs), "area" in archive.ledger.municipality.opt_in)
    prefecture = targets["prefecture"].fillna("").to_numpy()[pairs.target]
    kind_of_bank = targets["bank_class"].to_numpy()[pairs.target]
    local = np.isin(kind_of_bank, ["shinkin", "union", "cooperative"])
    home = archive.ledger.municipality.code[:2]
    block = {
        "serves_area": np.where(known & limited[pairs.target], area.astype(float), np.nan),
        "is_area_shinkin": np.where(known, (area & local).astype(float), np.nan),
        "is_former_prefecture_bank": ((prefecture == former[pairs.case]) & (kind_of_bank != "")).astype(float),
        "is_home_bank": ((prefecture == home) & (kind_of_bank != "")).astype(float),
        "is_japan_post": (kind_of_bank == "post").astype(float),
        "is_net_bank": (kind_of_bank == "net").astype(float),
        "is_city_bank": (kind_of_bank == "city").astype(float),
        "is_regional_bank": (kind_of_bank == "regional").astype(float),
        "is_digital": targets["digital"].to_numpy(dtype=float, na_value=np.nan)[pairs.target],
        "kind_code": kind_codes(targets["target_kind"])[pairs.target],
    }
    return pd.DataFrame({f.name: block[f.name] for f in REACH_FEATURES}, dtype=np.float32)


def kind_codes(kinds: pd.Series) -> Floats:
    """Return the number of each kind of target, 9 for kinds that the contract does not list, (n,)."""
    codes = {kind: number for number, kind in enumerate(_KINDS)}
    return kinds.map(codes).fillna(len(_KINDS)).to_numpy(dtype=float)

_GROUND_TEXTS = {
    "payroll_employer": "最新の給与支払報告書", "old_employer": "以前の給与支払報告書", "fee_payer": "最新の支払調書",
    "old_payer": "以前の支払調書", "is_refund_bank": "還付口座", "is_direct_debit_bank": "口座振替",
    "is_payment_bank": "過去の納付口座", "mention_pays_from": "折衝記録（納付口座）",
    "mention_wages_to": "折衝記録（給与振込先）", "mention_only_account": "折衝記録（口座）",
    "mention_insurance": "折衝記録（保険）", "mention_works_at": "折衝記録（勤務先）",
    "mention_named": "折衝記録（名称）", "colleague_accounts": "同じ勤務先の滞納者の口座",
    "is_former_prefecture_bank": "前住所地の金融機関", "is_area_shinkin": "住所地を営業地域とする金融機関",
    "is_home_bank": "当地の金融機関",
}  # fmt: skip
_GROUND_FLOORS = {"colleague_accounts": ("employer_account_share", 0.1)}
_KIND_GROUNDS = {
    "life_insurance": ("insurance_years", "生命保険料控除", "庁内の照会実績"),
    "securities": ("dividends", "配当所得", "過年度の配当所得"),
    "pension": ("pension", "公的年金収入", "過年度の公的年金収入"),
    "tax_refund": ("filed", "確定申告", "過年度の申告・還付"),
    "vehicle": ("vehicles", "車両の登録", "車両の登録"),
    "real_estate": ("housing_loan_years", "住宅ローン控除", "不動産登記の確認"),
}


def ground_texts(values: pd.DataFrame, kinds: Ints | np.ndarray[tuple[int], np.dtype[np.object_]]) -> list[tuple[str, ...]]:
    """Return the Japanese names of each pair's grounds, at least one (国税徴収法 141).

    ``values``: rows of the matrix. ``kinds``: the kind of each row's target, (n,).
    """
    flags = {name: values[name].to_numpy() > 0 for name in _GROUND_TEXTS}
    for name, (column, floor) in _GROUND_FLOORS.items():
        flags[name] &= values[column].to_numpy() >= floor
    of_kind = {kind: values[column].to_numpy() > 0 for kind, (column, _, _) in _KIND_GROUNDS.items()}
    told = []
    for row, kind in enumerate(kinds):
        named = [text for name, text in _GROUND_TEXTS.items() if flags[name][row]]
        if kind in _KIND_GROUNDS:
            _, given, weaker = _KIND_GROUNDS[str(kind)]
            named.append(given if of_kind[str(kind)][row] else weaker)
        told.append(tuple(named) or (("住所地から利用できる金融機関",) if kind == "bank" else ("照会先一覧",)))
    return told
