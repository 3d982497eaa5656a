from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.archive import Archive
from features.candidates import Pairs
from features.ledger.snapshot import Municipality, ledger_of
from features.seizable import seizable_block

DAY = date(2026, 4, 1)
SLIPS = [
    {"debtor_id": "a", "tax_year": 2024, "salary": 3_600_000, "employer_id": "E1"},
    {"debtor_id": "a", "tax_year": 2025, "salary": 1_200_000, "employer_id": "E2", "pension": 2_400_000},
]
TARGETS = [("employer", "E1"), ("employer", "E2"), ("pension", "P01"), ("bank", "0001")]


def told(day: date = DAY, dependents: int = 0, household: bool = True) -> dict[str, list[float]]:
    frames = {
        "debtors": [{"debtor_id": "a", "entity": "1", "dependents": dependents}],
        "incomes": SLIPS,
        "debts": [{"debt_id": "1", "debtor_id": "a", "tax_item": "01", "due_on": date(2024, 6, 30),
                   "principal": 200_000}],
        "targets": [{"target_kind": kind, "target_code": code} for kind, code in TARGETS],
    }  # fmt: skip
    opt_in = frozenset({"household"} if household else ())
    place = Municipality("132080", "試験市", DAY, opt_in)
    archive = Archive(ledger_of(place, {name: pd.DataFrame(rows) for name, rows in frames.items()}))
    cases = pd.DataFrame({"debtor_id": ["a"], "day": [day]})
    cases = cases.astype({"debtor_id": "str", "day": "datetime64[s]"})
    kinds, codes = (pd.Series(each) for each in zip(*TARGETS, strict=True))
    numbers = archive.roll.target_numbers(kinds, codes)
    block = seizable_block(
        archive, Pairs(cases, np.zeros(len(TARGETS), np.int64), numbers, archive.roll.targets)
    )
    return {str(name): block[name].tolist() for name in block}


def test_three_months_of_article_76_and_77_by_hand() -> None:
    """300,000 a month less 15 % less 100,000 leaves 155,000; of it 20 % is left to the debtor."""
    found = told()
    assert found["seizable_here"][0] == 3 * 124_000
    assert found["seizable_here"][1] == 0
    assert found["seizable_here"][2] == 3 * 64_000
    assert np.isnan(found["seizable_here"][3])
    assert found["seizable_cover"][:3] == pytest.approx([1.0, 0.0, 0.96])


def test_dependants_count_only_where_the_household_is_opted_in() -> None:
    assert told(dependents=2)["seizable_here"][0] == 3 * 52_000
    assert told(dependents=2, household=False)["seizable_here"][0] == 3 * 124_000


def test_a_slip_counts_from_the_day_it_was_known() -> None:
    before = told(day=date(2025, 5, 31))
    assert np.isnan(before["seizable_here"][1:3]).all()
    assert before["seizable_here"][0] == 3 * 124_000
