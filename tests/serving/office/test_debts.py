from __future__ import annotations

import pandas as pd
import pytest

from features.ledger.snapshot import Ledger, Municipality, ledger_of
from serving.office.debts import paid_up

DAY = pd.Timestamp("2026-04-01").date()


def ledger(
    paid: int, due_on: str = "2025-06-30", principal: int | None = 1000, closed: str | None = None
) -> Ledger:
    """Return one debtor with a debt of which ``paid`` yen are paid, and another who owes."""
    debts = pd.DataFrame(
        {
            "debt_id": ["D1", "D2"],
            "debtor_id": ["a", "b"],
            "due_on": pd.to_datetime([due_on, "2025-06-30"]),
            "principal": pd.Series([principal, 500], dtype="Int64"),
            "closed_on": pd.to_datetime([closed, None]),
        }
    )
    payments = pd.DataFrame(
        {"payment_id": ["P1"], "debt_id": ["D1"], "paid_on": pd.Timestamp("2026-01-05"), "amount": [paid]}
    )
    frames = {"debts": debts, "payments": payments, "debtors": pd.DataFrame({"debtor_id": ["a", "b"]})}
    return ledger_of(Municipality("130000", "みどり市", DAY, frozenset()), frames)


@pytest.mark.parametrize(
    ("records", "found"),
    [
        (ledger(1000), {"a"}),
        (ledger(1200), {"a"}),
        (ledger(999), set()),
        (ledger(0, due_on="2026-06-30"), set()),  # owes nothing yet, but is not paid
        (ledger(0, principal=None), set()),
        (ledger(1000, closed="2026-02-01"), set()),
    ],
)
def test_paid_up_is_who_has_open_debts_and_no_principal_left(records: Ledger, found: set[str]) -> None:
    assert paid_up(records) == found
