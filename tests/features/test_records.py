from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from features.archive import Archive
from features.candidates import Pairs
from features.ledger.snapshot import Municipality, ledger_of
from features.reach import kind_codes
from features.records import RECORD_FEATURES, records_block

FRAMES = {
    "debtors": [{"debtor_id": "a", "entity": "1", "direct_debit_bank": "0001"}],
    "incomes": [
        {"debtor_id": "a", "tax_year": 2024, "employer_id": "E1", "refund_bank": "9900"},
        {"debtor_id": "a", "tax_year": 2025, "employer_id": "E2"},
    ],
    "inquiries": [
        {"inquiry_id": "1", "debtor_id": "a", "target_kind": "bank", "target_code": "0005", "means": "1",
         "requested_on": date(2025, 9, 1)},
    ],
    "replies": [{"inquiry_id": "1", "replied_on": date(2025, 9, 11), "result": "2"}],
}  # fmt: skip
DAY = date(2026, 4, 1)


def told(day: date, *targets: tuple[str, str]) -> pd.DataFrame:
    frames = {name: pd.DataFrame(rows) for name, rows in FRAMES.items()}
    archive = Archive(ledger_of(Municipality("132080", "試験市", DAY), frames))
    cases = pd.DataFrame({"debtor_id": ["a"], "day": [day]})
    kinds, codes = (pd.Series(each) for each in zip(*targets, strict=True))
    numbers = archive.roll.target_numbers(kinds, codes)
    cases = cases.astype({"debtor_id": "str", "day": "datetime64[s]"})
    pairs = Pairs(cases, np.zeros(len(targets), np.int64), numbers, archive.roll.targets)
    return records_block(archive, pairs)


def test_the_newest_slip_is_the_newest_of_the_case_not_of_the_rows() -> None:
    alone = told(DAY, ("employer", "E1"))
    assert alone["payroll_employer"].tolist() == [0.0]
    assert alone["old_employer"].tolist() == [1.0]
    assert alone["other_employers"].tolist() == [1.0]
    assert told(DAY, ("employer", "E2"))["payroll_employer"].tolist() == [1.0]


def test_a_slip_is_the_newest_until_the_next_is_known() -> None:
    assert told(date(2025, 5, 31), ("employer", "E1"))["payroll_employer"].tolist() == [1.0]


def test_accounts_elsewhere_are_counted_without_this_one() -> None:
    block = told(DAY, ("bank", "0001"), ("bank", "9900"), ("bank", "0005"))
    assert block["account_records"].tolist() == [1.0, 1.0, 0.0]
    assert block["other_accounts"].tolist() == [1.0, 1.0, 2.0]


def test_days_run_from_the_day_on_which_a_record_became_known() -> None:
    block = told(DAY, ("bank", "0005"))
    assert block["recent_blank_days"].tolist() == [202.0]
    assert block["asked_days"].tolist() == [212.0]
    assert np.isnan(block["found_days"]).all()


def test_the_columns_stand_in_their_declared_order() -> None:
    assert list(told(DAY, ("bank", "0001")).columns) == [feature.name for feature in RECORD_FEATURES]


def test_kinds_that_a_municipality_adds_share_one_number() -> None:
    assert kind_codes(pd.Series(["bank", "tax_refund", "crypto"])).tolist() == [0.0, 8.0, 9.0]
