"""What lies on an officer's desk: the ledger's tables, numbered so that many cases can be read at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from features.town.banks import group_of
from features.town.dice import Days, Floats, Ints
from features.town.facts import Columns, Facts, facts_of
from features.town.notes import read_notes

ORDER = ("bank", "life_insurance", "securities", "pension", "real_estate", "vehicle", "tax_refund")
"""Kinds of which every target may be asked of everybody; employers and customers need a slip or a note."""

_AMOUNTS = (
    "salary",
    "pension",
    "business",
    "real_estate",
    "dividends",
    "life_insurance_deduction",
    "housing_loan_credit",
    "payroll_withheld",
)


@dataclass(frozen=True)
class Records:
    """The observable records. ``person`` and ``target`` are rows of ``debtors`` and ``targets``.

    ``people``: columns by person. ``slips``: known, employer, payer, refund (target rows, -1: none) and the
    amounts. ``paid_from``: target, day. ``mentions``: target, day, affirmed. ``debts``: due, closed, amount.
    ``paid``: day, closed, amount. ``asked``: target, requested, replied, found, balance.
    """

    debtor_ids: pd.Index[str]
    targets: pd.DataFrame
    people: Columns
    slips: Facts
    paid_from: Facts
    mentions: Facts
    debts: Facts
    paid: Facts
    asked: Facts

    def with_asked(self, asked: Columns) -> Records:
        """Return the records with these inquiries and replies besides those it has."""
        both = {name: np.concatenate([self.asked.columns[name], asked[name]]) for name in self.asked.columns}
        return replace(self, asked=facts_of(len(self.debtor_ids), both, "requested"))

    def with_mentions(self, mentions: Columns) -> Records:
        """Return the records with these mentions besides those it has."""
        both = {
            name: np.concatenate([self.mentions.columns[name], mentions[name]])
            for name in self.mentions.columns
        }
        return replace(self, mentions=facts_of(len(self.debtor_ids), both, "day"))

    def persons(self, debtor_ids: pd.Series) -> Ints:
        """Return the row of each debtor; KeyError when one is unknown."""
        rows = self.debtor_ids.get_indexer(pd.Index(debtor_ids))
        if (rows < 0).any():
            raise KeyError("a case names a debtor that the ledger does not know")
        return rows.astype(np.int64)


def records_of(frames: Mapping[str, pd.DataFrame]) -> Records:
    """Return the records of a ledger's tables (anything that gives a frame for a table's name)."""
    targets = frames["targets"].reset_index(drop=True)
    targets = targets.assign(group=[_group(row) for row in targets.itertuples()])
    codes = _Codes(targets)
    ids = pd.Index(frames["debtors"]["debtor_id"])
    owed = _Owed(frames["debts"], ids)
    said = read_notes(frames["contacts"], targets)
    mentions = {
        "person": ids.get_indexer(pd.Index(said["debtor_id"])),
        "target": said["target"].to_numpy(np.int64),
        "day": said["mentioned_on"].to_numpy("datetime64[s]"),
        "affirmed": said["affirmed"].to_numpy(np.int64),
    }
    count = len(ids)
    return Records(
        debtor_ids=ids,
        targets=targets,
        people=_people(frames["debtors"], codes),
        slips=facts_of(count, _slips(frames["incomes"], ids, codes), "known"),
        paid_from=facts_of(count, owed.paid_from(frames["payments"], codes), "day"),
        mentions=facts_of(count, mentions, "day"),
        debts=facts_of(count, owed.debts, "due"),
        paid=facts_of(count, owed.paid(frames["payments"]), "day"),
        asked=facts_of(count, _asked(frames, ids, codes), "requested"),
    )


class _Codes:
    """Looks up the row of a target."""

    def __init__(self, targets: pd.DataFrame) -> None:
        self._keys = pd.Index(
            targets["target_kind"].astype("str") + "|" + targets["target_code"].astype("str")
        )

    def rows(self, kinds: pd.Series | str, codes: pd.Series) -> Ints:
        wanted = pd.Index(kinds + "|" + codes.astype("str").fillna("?"))
        return np.asarray(self._keys.get_indexer(wanted), dtype=np.int64)

    def bank(self, codes: pd.Series) -> Ints:
        return self.rows("bank", codes)


def _group(target: object) -> str:
    """Tell the kind of bank by its Zengin code; one without branches here is distant."""
    kind, code = str(getattr(target, "target_kind", "")), str(getattr(target, "target_code", ""))
    if kind != "bank":
        return kind
    group = group_of(code)
    away = not isinstance(getattr(target, "service_areas", None), str)
    return "distant" if away and group not in {"net", "post", "major"} else group


def _number(series: pd.Series, absent: float = 0.0) -> Floats:
    return np.asarray(series.astype("float64").fillna(absent), dtype=np.float64)


def _people(debtors: pd.DataFrame, codes: _Codes) -> Columns:
    area, names = pd.factorize(debtors["postcode3"])
    return {
        "birth_year": _number(debtors["birth_year"], 1980.0),
        "household": _number(debtors["household_size"], 1.0),
        "dependants": _number(debtors["dependents"]),
        "company": (debtors["entity"] == "2").to_numpy(bool),
        "vehicles": _number(debtors["vehicles"]),
        "moved": debtors["moved_in_on"].to_numpy("datetime64[s]"),
        "former": debtors["former_prefecture"].to_numpy(object),
        "debit": codes.bank(debtors["direct_debit_bank"]),
        "area": area.astype(np.int64),
        "postcode": np.append(np.asarray(names, dtype=object), [None])[area],
    }


def _slips(incomes: pd.DataFrame, ids: pd.Index[str], codes: _Codes) -> Columns:
    known = pd.to_datetime(incomes["tax_year"].astype("str") + "-06-01").to_numpy("datetime64[s]")
    return {
        "person": ids.get_indexer(pd.Index(incomes["debtor_id"])),
        "known": known,
        "employer": codes.rows("employer", incomes["employer_id"]),
        "payer": codes.rows("receivable", incomes["payer_id"]),
        "refund": codes.bank(incomes["refund_bank"]),
        **{name: _number(incomes[name]) for name in _AMOUNTS},
    }


class _Owed:
    """Leads from payments to the debtor, by way of the debt."""

    def __init__(self, debts: pd.DataFrame, ids: pd.Index[str]) -> None:
        self._debt_ids = pd.Index(debts["debt_id"])
        self.debts = {
            "person": ids.get_indexer(pd.Index(debts["debtor_id"])),
            "due": debts["due_on"].to_numpy("datetime64[s]"),
            "closed": debts["closed_on"].to_numpy("datetime64[s]"),
            "amount": _number(debts["principal"]),
        }

    def _of(self, payments: pd.DataFrame) -> Ints:
        return np.asarray(self._debt_ids.get_indexer(pd.Index(payments["debt_id"])), dtype=np.int64)

    def paid(self, payments: pd.DataFrame) -> Columns:
        debt = self._of(payments)
        return {
            "person": np.where(debt >= 0, self.debts["person"][debt], -1),
            "day": payments["paid_on"].to_numpy("datetime64[s]"),
            "closed": self.debts["closed"][debt],
            "amount": _number(payments["amount"]),
        }

    def paid_from(self, payments: pd.DataFrame, codes: _Codes) -> Columns:
        own = payments[payments["bank_code"].notna() & (payments["channel"] != "5")]
        debt, target = self._of(own), codes.bank(own["bank_code"])
        known = (debt >= 0) & (target >= 0)
        person = np.where(known, self.debts["person"][debt], -1)
        return {"person": person, "target": target, "day": own["paid_on"].to_numpy("datetime64[s]")}


def _asked(frames: Mapping[str, pd.DataFrame], ids: pd.Index[str], codes: _Codes) -> Columns:
    told = frames["replies"].drop_duplicates("inquiry_id")
    both = frames["inquiries"].merge(told, on="inquiry_id", how="left")
    return {
        "person": ids.get_indexer(pd.Index(both["debtor_id"])),
        "target": codes.rows(both["target_kind"], both["target_code"]),
        "requested": both["requested_on"].to_numpy("datetime64[s]"),
        "replied": both["replied_on"].to_numpy("datetime64[s]"),
        "found": (both["result"] == "1").fillna(False).to_numpy(bool),
        "balance": _number(both["balance"]),
    }


def arrears_on(records: Records, person: Ints, days: Days) -> Floats:
    """Return the unpaid principal of each case on its day (yen, not below zero)."""
    total = np.zeros(len(person))
    for facts, when, sign in ((records.debts, "due", 1.0), (records.paid, "day", -1.0)):
        rows = facts.known(person, days, when)
        amount = np.where(rows["closed"] <= rows["now"], 0.0, rows["amount"])
        total += sign * np.bincount(rows["case"], weights=amount, minlength=len(person))
    return np.maximum(total, 0.0)
