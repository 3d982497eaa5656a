from __future__ import annotations

from datetime import date

import pandas as pd

from features.archive import Archive
from features.ledger.snapshot import Municipality, ledger_of
from features.roll import Roll


def roll() -> Roll:
    frames = {
        "debtors": [
            {"debtor_id": "a", "entity": "1", "direct_debit_bank": "0005"},
            {"debtor_id": "b", "entity": "1", "direct_debit_bank": "7777"},
        ],
        "targets": [{"target_kind": "bank", "target_code": "9900", "name": "ゆうちょ"}],
        "inquiries": [{"inquiry_id": "1", "debtor_id": "z", "target_kind": "crypto", "target_code": "C",
                       "requested_on": date(2025, 1, 1)}],
    }  # fmt: skip
    place = Municipality("132080", "試験市", date(2026, 4, 1))
    return Archive(ledger_of(place, {name: pd.DataFrame(rows) for name, rows in frames.items()})).roll


def test_listed_and_named_targets_stand_in_order_of_kind_and_code() -> None:
    targets = roll().targets
    assert targets["target_code"].tolist() == ["0005", "7777", "9900", "C"]
    assert targets["bank_class"].tolist() == ["city", "cooperative", "post", ""]


def test_a_name_is_the_lists_or_the_directorys_or_the_code() -> None:
    assert roll().targets["name"].tolist() == ["三菱ＵＦＪ", "bank 7777", "ゆうちょ", "crypto C"]


def test_the_unknown_have_no_number() -> None:
    called = roll()
    assert called.debtor_numbers(pd.Series(["b", "z"])).tolist() == [1, -1]
    codes = pd.Series(["9900", "0001", None], dtype="str")
    assert called.target_numbers("bank", codes).tolist() == [2, -1, -1]
