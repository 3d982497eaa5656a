from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from features.ledger.snapshot import Ledger, Municipality, ledger_of
from serving.office.promises import Promise, standing_promises

DAY = date(2026, 4, 1)


def ledger(promises: list[tuple[str, str, int | None]], paid: list[tuple[str, int]]) -> Ledger:
    """One debtor: promises (contact day, promised day, yen) and payments (day, yen)."""
    frames = {
        "debts": pd.DataFrame({"debt_id": ["D"], "debtor_id": ["1"], "principal": [100_000]}),
        "payments": pd.DataFrame(
            {
                "payment_id": [f"P{n}" for n in range(len(paid))],
                "debt_id": ["D"] * len(paid),
                "paid_on": pd.to_datetime([day for day, _ in paid]),
                "amount": [yen for _, yen in paid],
            }
        ),
        "contacts": pd.DataFrame(
            {
                "contact_id": [f"C{n}" for n in range(len(promises))],
                "debtor_id": ["1"] * len(promises),
                "contacted_on": pd.to_datetime([told for told, _, _ in promises]),
                "promised_on": pd.to_datetime([day for _, day, _ in promises]),
                "promised_amount": [yen for _, _, yen in promises],
            }
        ),
    }
    return ledger_of(Municipality("130000", "みどり市", DAY), frames)


@pytest.mark.parametrize(
    ("promises", "paid", "standing"),
    [
        ([("2026-03-01", "2026-03-20", 10_000)], [], "broken"),
        ([("2026-03-01", "2026-03-20", 10_000)], [("2026-03-19", 4_000)], "broken"),
        ([("2026-03-01", "2026-03-20", 10_000)], [("2026-03-19", 10_000)], None),
        ([("2026-03-01", "2026-03-20", 10_000)], [("2026-02-19", 10_000)], "broken"),
        ([("2026-03-01", "2026-03-20", None)], [("2026-03-19", 1)], None),
        ([("2026-03-01", "2026-03-20", None)], [], "broken"),
        ([("2026-03-01", "2026-04-15", 10_000)], [], "due"),
        ([("2026-03-01", "2026-04-16", 10_000)], [], None),
        ([("2024-03-01", "2025-03-31", 10_000)], [], None),
        ([("2026-02-01", "2026-02-20", 10_000), ("2026-03-25", "2026-04-10", 9_000)], [], "due"),
        ([], [], None),
    ],
)
def test_the_last_promise_is_due_broken_or_nothing_to_do(
    promises: list[tuple[str, str, int | None]], paid: list[tuple[str, int]], standing: str | None
) -> None:
    found = standing_promises(ledger(promises, paid)).get("1")
    assert (found.standing if found else None) == standing
    if found:
        assert found == Promise(date.fromisoformat(promises[-1][1]), found.standing)
