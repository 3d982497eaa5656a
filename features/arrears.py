"""Arrears: what a debtor owed on the day of the case, how old it is, and how it was being paid."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd

from features.catalogue import Feature
from features.ledger.snapshot import Ledger
from features.sight import Flags, Numbers, Sight, share_of, sight_of

YEAR = 365.0
RECENT = 730.0  # payments by channel look back two years

PAID_IN_FULL = "完納"

TAX_ITEMS = MappingProxyType(
    {
        "01": ("resident_tax", "住民税"),
        "02": ("health_insurance", "国民健康保険料"),
        "03": ("light_vehicle", "軽自動車税"),
        "04": ("latter_elderly", "後期高齢者医療保険料"),
        "05": ("long_term_care", "介護保険料"),
    }
)
"""Code of the tax item to the name used in columns and the Japanese name."""

CHANNELS = MappingProxyType(
    {
        "1": ("direct_debit", "口座振替"),
        "2": ("store", "コンビニ"),
        "3": ("counter", "窓口"),
        "4": ("smartphone", "スマートフォン決済"),
        "5": ("seizure", "差押えからの充当"),
    }
)
"""Code of the payment channel to the name used in columns and the Japanese name."""


def _item_features() -> tuple[Feature, ...]:
    found = []
    for name, label in TAX_ITEMS.values():
        found += [
            Feature(
                f"arrears_{name}",
                "yen",
                f"unpaid principal of {name}",
                f"{label}の滞納額",
                f"{label}の滞納額は{{value}}",
                record="debts",
            ),
            Feature(
                f"open_{name}",
                "count",
                f"open debts of {name}",
                f"{label}の未納件数",
                f"{label}の未納は{{value}}",
                record="debts",
            ),
        ]
    return tuple(found)


def _channel_features() -> tuple[Feature, ...]:
    return tuple(
        Feature(
            f"payments_{name}",
            "count",
            f"payments by {name} in two years",
            f"{label}の納付回数",
            f"過去2年の{label}による納付は{{value}}",
            f"過去2年に{label}による納付はない",
            record="payments",
        )
        for name, label in CHANNELS.values()
    )


ARREARS_FEATURES: tuple[Feature, ...] = (
    Feature("arrears", "yen", "unpaid principal of open debts", "滞納額",
            "未納の本税は{value}(時効を過ぎた分を含む)", record="debts"),
    Feature("open_debts", "count", "open debts", "未納の件数", "未納の期別は{value}", record="debts"),
    Feature("single_slip", "flag", "only one open debt", "未納1件のみ", "未納は1件のみ", "未納が複数ある",
            record="debts"),
    Feature("largest_debt", "yen", "unpaid part of the largest open debt", "最大の未納額",
            "1件で最大の未納額は{value}", record="debts"),
    Feature("largest_debt_share", "share", "largest open debt over arrears", "最大の未納の割合",
            "最大の未納が滞納額の{value}を占める", record="debts"),
    Feature("arrears_fiscal_years", "count", "fiscal years with an open debt", "滞納のある年度数",
            "滞納は{number}年度にわたる", record="debts"),
    *_item_features(),
    Feature("oldest_due_days", "days", "days since the oldest open due date", "最古の納期限からの日数",
            "最も古い未納は納期限から{value}経過", record="debts"),
    Feature("newest_due_days", "days", "days since the newest open due date", "最新の納期限からの日数",
            "最も新しい未納は納期限から{value}経過", record="debts"),
    Feature("prescription_days", "days", "days to the nearest prescription ahead", "時効までの日数",
            "最も近い時効完成まで{value}", "時効の迫る滞納はない", record="debts"),
    Feature("arrears_prescribed", "yen", "open arrears whose prescription date has passed",
            "時効日を過ぎた滞納額", "時効完成予定日を過ぎた滞納が{value}ある", "時効日を過ぎた滞納はない",
            record="debts"),
    Feature("demanded_share", "share", "share of open debts with a 督促", "督促済みの割合",
            "未納のうち督促済みは{value}", "督促済みの未納がない", record="debts"),
    Feature("arrears_growth", "yen", "arrears today less arrears 365 days ago", "滞納額の1年間の増減",
            "1年間の滞納額の増減は{value}", record="debts"),
    Feature("new_debts_year", "count", "debts fallen due in 365 days", "1年間の新規未納",
            "この1年に納期限を過ぎたものは{value}", "この1年に新たな未納はない", record="debts"),
    Feature("debts_ever", "count", "debts ever overdue", "過去からの滞納件数",
            "これまでの滞納は通算{value}", record="debts"),
    Feature("debts_paid_off", "count", "debts closed as paid in full", "完納件数",
            "これまでに完納したものは{value}", "完納の実績はない", record="debts"),
    Feature("debts_lapsed", "count", "debts closed for another reason than payment", "完納以外の完結件数",
            "完納以外で完結したものは{value}", "完納以外で完結したものはない", record="debts"),
    Feature("paid_share", "share", "paid over everything ever overdue", "納付済みの割合",
            "これまでの滞納のうち納付済みは{value}", "納付の実績はない", record="payments"),
    Feature("payments", "count", "payments ever", "納付回数", "納付は通算{number}回", "納付の実績はない",
            record="payments"),
    Feature("paid_late", "count", "payments after the due date", "納期限後の納付回数",
            "納期限後の納付は{number}回", "納期限後の納付はない", record="payments"),
    Feature("partial_payments", "count", "payments below the debt's principal", "一部納付の回数",
            "一部納付は{number}回", "一部納付はない", record="payments"),
    Feature("payment_mean", "yen", "mean payment", "平均納付額", "1回の納付は平均{value}",
            "納付の実績はない", record="payments"),
    Feature("days_since_payment", "days", "days since the last payment", "最終納付からの日数",
            "最後の納付から{value}経過", "納付の実績はない", record="payments"),
    *_channel_features(),
)  # fmt: skip
"""What this block says of a case, in column order."""


def arrears_block(ledger: Ledger, cases: pd.DataFrame) -> pd.DataFrame:
    """Return one row per case (index of ``cases``) with the columns of ``ARREARS_FEATURES``.

    Open is a debt whose due date has come and whose closing day is missing or after the case's day.
    """
    debts, paid = _debts_seen(ledger, cases), _payments_seen(ledger, cases)
    unpaid = _unpaid(debts, paid, 0.0)
    columns = {
        **_owed(debts, unpaid),
        **_by_item(debts, unpaid),
        **_ages(debts, unpaid),
        "arrears_growth": debts.total(unpaid) - debts.total(_unpaid(debts, paid, YEAR)),
        **_history(debts, paid),
        **_paying(paid),
    }
    return pd.DataFrame(columns, index=cases.index)[[feature.name for feature in ARREARS_FEATURES]]


def arrears_of(ledger: Ledger, cases: pd.DataFrame) -> pd.Series:
    """Return the arrears of each case in yen (float, index of ``cases``), never negative."""
    debts = _debts_seen(ledger, cases)
    unpaid = _unpaid(debts, _payments_seen(ledger, cases), 0.0)
    return pd.Series(debts.total(unpaid), index=cases.index, name="arrears")


def _debts_seen(ledger: Ledger, cases: pd.DataFrame) -> Sight:
    debts = ledger["debts"]
    return sight_of(cases, debts, debts["due_on"])


def owned_payments(ledger: Ledger) -> pd.DataFrame:
    """Return the payments with the debtor_id, due_on and principal of their debt, and ``known_on``.

    A payment is known as one on arrears from its own day and from the debt's due date on.
    """
    debts = ledger["debts"].drop_duplicates("debt_id")
    own = ["debt_id", "debtor_id", "due_on", "principal"]
    paid = ledger["payments"].merge(debts[own], on="debt_id", how="inner")
    return paid.assign(known_on=paid["paid_on"].where(paid["paid_on"] > paid["due_on"], paid["due_on"]))


def _payments_seen(ledger: Ledger, cases: pd.DataFrame) -> Sight:
    paid = owned_payments(ledger)
    return sight_of(cases, paid, paid["known_on"])


def _open(debts: Sight, back: float) -> Flags:
    """Return which debts were overdue and not closed ``back`` days before the case's day."""
    return np.asarray((debts.ago("due_on") >= back) & ~(debts.ago("closed_on") >= back))


def _unpaid(debts: Sight, paid: Sight, back: float) -> Numbers:
    """Return per debt what was unpaid ``back`` days before the case's day (NaN: not open)."""
    held = pd.DataFrame({"case": debts.case, "debt_id": debts.text("debt_id")})
    then = paid.where(paid.ago("paid_on") >= back)
    amounts = pd.DataFrame(
        {"case": then.case, "debt_id": then.text("debt_id"), "amount": then.number("amount")}
    )
    sums = amounts.groupby(["case", "debt_id"], as_index=False)["amount"].sum()
    received = held.merge(sums, on=["case", "debt_id"], how="left")["amount"].fillna(0.0).to_numpy()
    rest = np.maximum(debts.number("principal") - received, 0.0)
    return np.where(_open(debts, back), rest, np.nan)


def _owed(debts: Sight, unpaid: Numbers) -> dict[str, Numbers]:
    still = ~np.isnan(unpaid)
    arrears, number = debts.total(unpaid), debts.count(still)
    largest = np.nan_to_num(debts.greatest(unpaid))
    return {
        "arrears": arrears,
        "open_debts": number,
        "single_slip": (number == 1).astype(np.float64),
        "largest_debt": largest,
        "largest_debt_share": share_of(largest, arrears),
        "arrears_fiscal_years": debts.where(still).distinct(debts.where(still).codes("fiscal_year")),
    }


def _by_item(debts: Sight, unpaid: Numbers) -> dict[str, Numbers]:
    still = ~np.isnan(unpaid)
    found: dict[str, Numbers] = {}
    for code, (name, _) in TAX_ITEMS.items():
        this = debts.matches("tax_item", code)
        found[f"arrears_{name}"] = debts.total(unpaid, this)
        found[f"open_{name}"] = debts.count(this & still)
    return found


def _ages(debts: Sight, unpaid: Numbers) -> dict[str, Numbers]:
    still = ~np.isnan(unpaid)
    age, ahead = debts.ago("due_on"), -debts.ago("prescribes_on")
    return {
        "oldest_due_days": debts.greatest(age, still),
        "newest_due_days": debts.least(age, still),
        "prescription_days": debts.least(ahead, still & (ahead > 0)),
        "arrears_prescribed": debts.total(unpaid, ahead <= 0),
        "demanded_share": share_of(debts.count(still & (debts.ago("demanded_on") >= 0)), debts.count(still)),
        "new_debts_year": debts.count(age < YEAR),
    }


def _history(debts: Sight, paid: Sight) -> dict[str, Numbers]:
    closed = np.asarray(debts.ago("closed_on") >= 0)
    in_full = debts.matches("closed_by", PAID_IN_FULL)
    ever = debts.total(debts.number("principal"))
    return {
        "debts_ever": debts.count(),
        "debts_paid_off": debts.count(closed & in_full),
        "debts_lapsed": debts.count(closed & ~in_full),
        "paid_share": share_of(paid.total(paid.number("amount")), ever),
    }


def _paying(paid: Sight) -> dict[str, Numbers]:
    amount, ago, number = paid.number("amount"), paid.ago("paid_on"), paid.count()
    found = {
        "payments": number,
        "paid_late": paid.count(paid.days("paid_on") > paid.days("due_on")),
        "partial_payments": paid.count(amount < paid.number("principal")),
        "payment_mean": share_of(paid.total(amount), number),
        "days_since_payment": paid.least(ago),
    }
    for code, (name, _) in CHANNELS.items():
        found[f"payments_{name}"] = paid.count(paid.matches("channel", code) & (ago < RECENT))
    return found
