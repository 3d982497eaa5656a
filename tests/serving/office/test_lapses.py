from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType, ModuleType

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.law import gates_of
from features.ledger.snapshot import Ledger
from serving.office.lapses import Lapse, Lapses

CASE = "000000000000002"
"""Owes 121,000 yen until 2030-06-30 and 133,000 yen until 2026-06-10."""


def changed(ledger: Ledger, table: str, **columns: object) -> Ledger:
    frames = dict(ledger.frames) | {table: ledger[table].assign(**columns)}
    return replace(ledger, frames=MappingProxyType(frames))


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (date(2026, 4, 1), None),
        (date(2026, 6, 9), None),
        (date(2026, 6, 10), Lapse(1, 133_000, everything=False)),
        (date(2030, 6, 30), Lapse(2, 254_000, everything=True)),
    ],
)
def test_a_debt_lapses_on_its_day(town: ModuleType, today: date, found: Lapse | None) -> None:
    lapses = Lapses(town.tiny_ledger())
    assert lapses.since(CASE, today) == found
    assert lapses.everything(CASE, today) == bool(found and found.everything)
    assert lapses.since("nobody", today) is None


def test_what_never_lapses_is_never_everything(town: ModuleType) -> None:
    ledger = town.tiny_ledger()
    days = ledger["debts"]["prescribes_on"].where(ledger["debts"]["tax_item"] == "02")
    lapses = Lapses(changed(ledger, "debts", prescribes_on=days))
    assert CASE not in lapses.last_day
    assert lapses.since(CASE, date(2040, 1, 1)) == Lapse(1, 133_000, everything=False)


def test_what_is_paid_or_not_due_or_lapsed_before_does_not_count(town: ModuleType) -> None:
    ledger = town.tiny_ledger()
    paid = ledger["debts"]["principal"]
    payments = pd.DataFrame({"payment_id": ledger["debts"]["debt_id"], "debt_id": ledger["debts"]["debt_id"],
                             "paid_on": pd.Timestamp("2026-01-01"), "amount": paid})  # fmt: skip
    frames = dict(ledger.frames) | {"payments": payments}
    assert Lapses(replace(ledger, frames=MappingProxyType(frames))).last_day == {}
    assert Lapses(changed(ledger, "debts", due_on=pd.Timestamp("2026-05-01"))).last_day == {}
    assert Lapses(changed(ledger, "debts", prescribes_on=pd.Timestamp("2026-04-01"))).last_day == {}


@given(days=st.integers(0, 2000))
def test_everything_has_lapsed_when_the_law_says_so_on_that_day(small_ledger: Ledger, days: int) -> None:
    """Without debts that fell due in between, the gate of full prescription says the same."""
    today = small_ledger.day + timedelta(days=days)
    due = small_ledger["debts"]["due_on"] <= pd.Timestamp(small_ledger.day)
    frames = dict(small_ledger.frames) | {"debts": small_ledger["debts"][due].reset_index(drop=True)}
    ledger = replace(small_ledger, frames=MappingProxyType(frames))
    lapses = Lapses(ledger)
    ids = pd.Series(sorted(lapses.last_day), dtype="str")
    gates = gates_of(ledger, pd.DataFrame({"debtor_id": ids, "day": pd.Timestamp(today)}))
    gone = set(gates.loc[gates["gate"] == "prescribed", "debtor_id"])
    assert {each for each in ids if lapses.everything(each, today)} == gone
