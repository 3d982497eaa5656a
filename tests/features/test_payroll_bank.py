from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from features.archive import Archive
from features.candidates import Pairs
from features.ledger.snapshot import Municipality, ledger_of
from features.payroll_bank import payroll_bank_block

DAY = date(2026, 4, 1)
ASKED = date(2025, 9, 1)


def odds(
    answers: list[tuple[str, str, str]], accounts: list[tuple[str, str]] = (), day: date = DAY
) -> list[float]:  # type: ignore[assignment]
    """Odds that E1 pays through 0001 and 0005; ``answers``: debtor, bank, result; ``accounts``: debits."""
    people = ["me", *"abcdefgh"]
    debits = dict(accounts)
    frames = {
        "debtors": [
            {"debtor_id": each, "entity": "1", "direct_debit_bank": debits.get(each)} for each in people
        ],
        "incomes": [
            {"debtor_id": each, "tax_year": 2024, "salary": 1, "employer_id": "E1"} for each in people
        ],
        "debts": [
            {"debt_id": each, "debtor_id": each, "tax_item": "01", "due_on": date(2024, 7, 1), "principal": 1}
            for each in people
        ],
        "inquiries": [
            {"inquiry_id": str(n), "debtor_id": who, "target_kind": "bank", "target_code": bank,
             "requested_on": ASKED}
            for n, (who, bank, _) in enumerate(answers)
        ],
        "replies": [
            {"inquiry_id": str(n), "replied_on": ASKED + timedelta(days=9), "result": result, "balance": 0}
            for n, (_, _, result) in enumerate(answers)
        ],
        "targets": [{"target_kind": "bank", "target_code": code} for code in ("0001", "0005")],
    }  # fmt: skip
    tables = {name: pd.DataFrame(rows) for name, rows in frames.items() if rows}
    archive = Archive(ledger_of(Municipality("132080", "試験市", DAY), tables))
    cases = pd.DataFrame({"debtor_id": ["me"], "day": [day]})
    cases = cases.astype({"debtor_id": "str", "day": "datetime64[s]"})
    numbers = archive.roll.target_numbers("bank", pd.Series(["0001", "0005"]))
    pairs = Pairs(cases, np.zeros(2, np.int64), numbers, archive.roll.targets)
    return [float(each) for each in payroll_bank_block(archive, pairs)["payroll_bank_odds"]]


def test_finds_at_colleagues_speak_for_a_bank_and_blanks_against_it() -> None:
    none = odds([])
    found = odds([("a", "0001", "1"), ("b", "0001", "1"), ("c", "0005", "2")])
    assert found[0] > none[0]
    assert found[1] < none[1]


def test_what_is_told_after_the_day_changes_nothing() -> None:
    answers = [("a", "0001", "1"), ("b", "0005", "2")]
    assert odds(answers, day=ASKED) == odds([], day=ASKED)


def test_known_accounts_of_colleagues_count_and_the_own_one_does_not() -> None:
    assert odds([], [("a", "0001"), ("b", "0001")])[0] > odds([], [("a", "0005"), ("b", "0005")])[0]
    assert odds([], [("a", "0005"), ("me", "0001")]) == odds([], [("a", "0005"), ("me", "0005")])
