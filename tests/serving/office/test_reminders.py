from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import ModuleType

import pandas as pd
import pytest

from features.ledger.snapshot import Ledger
from serving.office.reminders import late_reminders


@pytest.fixture
def ledger(town: ModuleType) -> Ledger:
    """Six debtors: the first sent late, the others never; the last past prescription."""
    tiny: Ledger = town.tiny_ledger()
    debts = (
        tiny["debts"]
        .head(6)
        .assign(
            demanded_on=pd.to_datetime(pd.Series(["2025-09-01", *[None] * 5])).astype("datetime64[s]"),
            due_on=pd.to_datetime(
                pd.Series(
                    ["2025-06-30", "2025-06-30", "2025-06-30", "2025-06-30", "2025-05-31", "2019-05-31"]
                )
            ).astype("datetime64[s]"),
            prescribes_on=pd.to_datetime(
                pd.Series(
                    ["2026-05-01", "2030-06-30", "2030-06-30", "2028-06-30", "2030-05-31", "2024-05-31"]
                )
            ).astype("datetime64[s]"),
            principal=[900_000, 100_000, 200_000, 5_000, 1_000, 900_000],
        )
    )
    return replace(tiny, frames={**tiny.frames, "debts": debts})


def test_the_most_urgent_stands_first_whatever_its_number(ledger: Ledger, town: ModuleType) -> None:
    found = late_reminders(ledger, {town.IDS[4]: "T002"})
    # Longest overdue; then nearest prescription; then most yen; then the one sent late; then the lapsed one.
    assert [each.debtor_id for each in found] == [town.IDS[n] for n in (4, 3, 2, 1, 0, 5)]
    assert (found[0].staff_id, found[0].prescribes_on, found[0].unpaid) == ("T002", date(2030, 5, 31), 1000)
    assert (found[-1].prescribes_on, found[-1].unpaid) == (None, 0)


def test_what_was_paid_is_taken_off(ledger: Ledger, town: ModuleType) -> None:
    found = {each.debtor_id: each for each in late_reminders(ledger, {})}
    assert found[town.IDS[0]].unpaid == 880_000  # 20,000 were paid
