"""Builds a town: the hidden lives first, then what the office saw and did of them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from features.ledger.snapshot import Municipality, ledger_of
from features.town.accounts import Accounts, accounts_of
from features.town.arrears import close_debts, debts_of, payments_of
from features.town.banks import bank_table
from features.town.careers import careers_of, incomes_of
from features.town.contacts import contacts_of
from features.town.dice import known_where
from features.town.employers import employers_of, other_targets
from features.town.enforcement import hardship_of, seizures_of, stays_of
from features.town.minutes import case_kind_of, difficulty_of
from features.town.office import Casework, assignment_minutes, investigate
from features.town.people import people_of
from features.town.property import property_of
from features.town.records import records_of
from features.town.replies import assets_on
from features.town.staff import officers_of, skill_on
from features.town.style import Style
from features.town.truth import Town, Truth

OPT_IN = frozenset({"age", "household", "area"})


def build_town(style: Style, debtors: int, seed: int, as_of: date = date(2026, 4, 1)) -> Town:
    """Build a town of ``debtors`` people and companies; the same arguments give the same town.

    About 55 % of the debtors have been investigated, the rest never. ValueError below 50 debtors.
    """
    if debtors < 50:
        raise ValueError("a town needs at least 50 debtors")
    day = np.datetime64(as_of, "D")
    people = people_of(style, debtors, seed, day)
    banks = bank_table(style, seed)
    employers = employers_of(style, banks, debtors, seed)
    others = other_targets(style, employers, debtors, seed)
    targets = pd.concat([banks, others], ignore_index=True)
    payers = others.loc[others["target_kind"] == "receivable", "target_code"].tolist()
    careers = careers_of(style, people, employers, len(payers), seed, as_of=day)
    accounts = accounts_of(style, people, banks, careers, employers, seed=seed, as_of=day)
    assets = property_of(style, people, targets, accounts, careers, seed=seed, as_of=day)
    officers = officers_of(debtors, seed, day)
    people = people.assign(direct_debit_bank=_codes(banks, accounts.debit))
    debts = debts_of(people, careers, seed, day)
    payments = payments_of(debts, people, people["direct_debit_bank"], seed, day)
    debts = close_debts(debts, payments, seed, day)
    frames = {
        "debtors": people,
        "incomes": incomes_of(people, careers, employers, payers, _refunds(banks, accounts), seed=seed),
        "debts": debts,
        "payments": _numbered(payments, debts),
        "contacts": contacts_of(
            style, people, targets, assets, debts, officers=officers, seed=seed, as_of=day
        ),
        "staff": officers,
        "targets": targets,
    }
    municipality = Municipality(style.code, style.title, as_of, OPT_IN)
    office_view = ledger_of(municipality, frames)
    casework = investigate(
        style, records_of(office_view.frames), assets, officers, debts, seed=seed, as_of=day
    )
    difficulty, kinds = difficulty_of(people, debts, assets, seed), case_kind_of(people)
    frames |= _worked(
        style,
        frames,
        casework,
        people,
        officers,
        targets=targets,
        debts=debts,
        payments=payments,
        difficulty=difficulty,
        kinds=kinds,
        seed=seed,
        day=day,
    )
    truth = _truth(people, assets, targets, officers, difficulty, kinds=kinds, day=day)
    return Town(ledger_of(municipality, frames), truth)


def _codes(banks: pd.DataFrame, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pd.Series:
    codes = np.array([*banks["target_code"], None], dtype=object)
    return pd.Series(codes[rows], dtype=object)


def _refunds(banks: pd.DataFrame, accounts: Accounts) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return _codes(banks, accounts.refund).to_numpy(object)


def _numbered(payments: pd.DataFrame, debts: pd.DataFrame) -> pd.DataFrame:
    ordered = payments.sort_values(["paid_on", "debt", "amount"], kind="stable", ignore_index=True)
    ids = [f"{number}" for number in range(1, len(ordered) + 1)]
    return ordered.assign(
        payment_id=ids, debt_id=debts["debt_id"].to_numpy(object)[ordered["debt"].to_numpy(np.int64)]
    )


def _worked(
    style: Style,
    frames: dict[str, pd.DataFrame],
    casework: Casework,
    people: pd.DataFrame,
    officers: pd.DataFrame,
    *,
    targets: pd.DataFrame,
    debts: pd.DataFrame,
    payments: pd.DataFrame,
    difficulty: np.ndarray[tuple[int], np.dtype[np.float64]],
    kinds: np.ndarray[tuple[int], np.dtype[np.int64]],
    seed: int,
    day: np.datetime64,
) -> dict[str, pd.DataFrame]:
    """Return the tables that investigating wrote or changed."""
    ids, staff = people["debtor_id"].to_numpy(object), officers["staff_id"].to_numpy(object)
    seized, applied = seizures_of(
        style, casework.replies, debts, payments, targets, people=people, seed=seed, as_of=day
    )
    paid = pd.concat([payments, applied], ignore_index=True)
    closed = close_debts(debts.drop(columns=["closed_on", "closed_by"]), paid, seed, day)
    assignments = assignment_minutes(casework, difficulty, kinds, officers, seed, as_of=day)
    work = assignments.assign(
        assignment_id=[f"{number}" for number in range(1, len(assignments) + 1)],
        debtor_id=ids[assignments["person"]],
        staff_id=staff[assignments["officer"]],
    )
    inquiries = casework.inquiries
    keys = targets.iloc[inquiries["target"]]
    inquiries = inquiries.assign(
        debtor_id=ids[inquiries["person"]],
        staff_id=staff[inquiries["officer"]],
        target_kind=keys["target_kind"].to_numpy(object),
        target_code=keys["target_code"].to_numpy(object),
    )
    told = targets["target_kind"].to_numpy(object)[casework.replies["target"]]
    found = (casework.replies["result"] == "1").to_numpy(bool)
    seized_at = targets.iloc[seized["target"]]
    stays = stays_of(people, casework.replies, closed, seed, day)
    return {
        "debts": closed,
        "payments": _numbered(paid, debts),
        "contacts": _with_notes(frames["contacts"], casework.notes, ids, staff),
        "inquiries": inquiries,
        "replies": casework.replies.assign(asset_kind=known_where(found, told)),
        "dispositions": seized.assign(
            disposition_id=[f"{number}" for number in range(1, len(seized) + 1)],
            debtor_id=ids[seized["person"]],
            target_kind=seized_at["target_kind"].to_numpy(object),
            target_code=seized_at["target_code"].to_numpy(object),
        ),
        "stays": stays.assign(debtor_id=ids[stays["person"]]),
        "assignments": work,
    }


def _with_notes(
    contacts: pd.DataFrame,
    notes: pd.DataFrame,
    ids: np.ndarray[tuple[int], np.dtype[np.object_]],
    staff: np.ndarray[tuple[int], np.dtype[np.object_]],
) -> pd.DataFrame:
    """Return the contact records with the officers' own notes on statements, numbered anew by day."""
    own = pd.DataFrame(
        {
            "debtor_id": ids[notes["person"].to_numpy(np.int64)],
            "contacted_on": notes["contacted_on"].to_numpy("datetime64[D]"),
            "staff_id": staff[notes["officer"].to_numpy(np.int64)],
            "means": "5",
            "result": "1",
            "promised_on": pd.NaT,
            "promised_amount": pd.array([pd.NA] * len(notes), dtype="Int64"),
            "note": notes["note"].to_numpy(object),
        }
    ).astype({"contacted_on": "datetime64[s]", "promised_on": "datetime64[s]"})
    every = pd.concat([contacts.drop(columns="contact_id"), own], ignore_index=True)
    every = every.sort_values(["contacted_on", "debtor_id"], kind="stable", ignore_index=True)
    return every.assign(contact_id=[f"{number}" for number in range(1, len(every) + 1)])


def _truth(
    people: pd.DataFrame,
    assets: pd.DataFrame,
    targets: pd.DataFrame,
    officers: pd.DataFrame,
    difficulty: np.ndarray[tuple[int], np.dtype[np.float64]],
    *,
    kinds: np.ndarray[tuple[int], np.dtype[np.int64]],
    day: np.datetime64,
) -> Truth:
    there = assets_on(assets, day)
    keys = targets.iloc[there["target"]]
    table = pd.DataFrame(
        {
            "debtor_id": people["debtor_id"].to_numpy()[there["person"]],
            "target_kind": keys["target_kind"].to_numpy(),
            "target_code": keys["target_code"].to_numpy(),
            "value": there["value"].astype("int64").to_numpy(),
        }
    )
    skill = skill_on(officers, np.arange(len(officers)), np.full(len(officers), day))
    return Truth(
        assets=table.astype({"debtor_id": "str", "target_kind": "str", "target_code": "str"}),
        hardship=hardship_of(people, there.groupby("person")["value"].max()),
        officers=officers.assign(skill=skill),
        debtor_ids=pd.Index(people["debtor_id"]),
        difficulty=difficulty,
        case_kind=kinds,
    )
