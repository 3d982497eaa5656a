"""Pointers: records that name a target for a debtor, each with the day it became known."""

from __future__ import annotations

from types import MappingProxyType

import pandas as pd

from features.answers import later_of
from features.arrears import owned_payments
from features.ledger.snapshot import Ledger, known_days
from features.ledger.tables import TABLES
from features.mentions import mentions_of

SOURCES: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "slip": ("incomes", "給与支払報告書"),
        "fee": ("incomes", "支払調書"),
        "refund": ("incomes", "還付口座"),
        "debit": ("debtors", "口座振替"),
        "payment": ("payments", "過去の納付口座"),
        "pays_from": ("contacts", "納付に使うと述べた口座"),
        "wages_to": ("contacts", "給与の振込先と述べた口座"),
        "only_account": ("contacts", "唯一の口座と述べた口座"),
        "insurance": ("contacts", "保険があるとの申出"),
        "works_at": ("contacts", "勤務先の申出"),
        "named": ("contacts", "折衝で名前が出た先"),
        "denied": ("contacts", "ないと述べた先"),
        "seized": ("dispositions", "過去の滞納処分"),
        "found": ("replies", "過去の回答で財産あり"),
        "blank": ("replies", "過去の回答で該当なし"),
        "asked": ("inquiries", "過去の照会"),
    }
)
"""Each source of a pointer: the contract table it rests on and its Japanese name."""

ACCOUNT_SOURCES = frozenset(
    {"refund", "debit", "payment", "pays_from", "wages_to", "only_account", "seized", "found"}
)
"""Sources which show that the debtor has (or had) an account, where the target is a bank."""

NEUTRAL_SOURCES = ACCOUNT_SOURCES - {"found", "seized"}
"""Those that no officer's choice of whom to ask has shaped."""


def pointers_of(ledger: Ledger) -> pd.DataFrame:
    """Return every pointer: debtor_id, target_kind, target_code, source, known_on.

    A missing ``known_on`` means known always (a debtor column without a day). Rows may repeat; a second
    record of the same pointer is a second row.
    """
    parts = [
        *_from_incomes(ledger),
        _from_debtors(ledger),
        _from_payments(ledger),
        _from_contacts(ledger),
        _from_dispositions(ledger),
        *_from_inquiries(ledger),
    ]
    return pd.concat(parts, ignore_index=True).dropna(subset=["target_kind", "target_code"])


def _pointer(
    frame: pd.DataFrame, kind: str | pd.Series, code: str, source: str | pd.Series, known_on: pd.Series | None
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "debtor_id": frame["debtor_id"],
            "target_kind": kind,
            "target_code": frame[code],
            "source": source,
            "known_on": known_on,
        }
    )


def _from_incomes(ledger: Ledger) -> list[pd.DataFrame]:
    incomes = ledger["incomes"]
    known_on = known_days(TABLES["incomes"], incomes)
    return [
        _pointer(incomes, "employer", "employer_id", "slip", known_on),
        _pointer(incomes, "receivable", "payer_id", "fee", known_on),
        _pointer(incomes, "bank", "refund_bank", "refund", known_on),
    ]


def _from_debtors(ledger: Ledger) -> pd.DataFrame:
    debtors = ledger["debtors"]
    always = pd.Series(pd.NaT, index=debtors.index, dtype="datetime64[s]")
    return _pointer(debtors, "bank", "direct_debit_bank", "debit", always)


def _from_payments(ledger: Ledger) -> pd.DataFrame:
    paid = owned_payments(ledger)
    return _pointer(paid, "bank", "bank_code", "payment", paid["known_on"])


def _from_contacts(ledger: Ledger) -> pd.DataFrame:
    mentions = mentions_of(ledger)
    return _pointer(
        mentions, mentions["target_kind"], "target_code", mentions["manner"], mentions["mentioned_on"]
    )


def _from_dispositions(ledger: Ledger) -> pd.DataFrame:
    seized = ledger["dispositions"]
    return _pointer(seized, seized["target_kind"], "target_code", "seized", seized["disposed_on"])


def _from_inquiries(ledger: Ledger) -> list[pd.DataFrame]:
    inquiries = ledger["inquiries"]
    asked = _pointer(inquiries, inquiries["target_kind"], "target_code", "asked", inquiries["requested_on"])
    answered = inquiries.merge(ledger["replies"][["inquiry_id", "replied_on", "result"]], on="inquiry_id")
    replied = _pointer(
        answered,
        answered["target_kind"],
        "target_code",
        answered["result"].map({"1": "found", "2": "blank"}),
        later_of(answered["replied_on"], answered["requested_on"]),
    )
    return [asked, replied]
