"""Late reminders: whose 督促 was not sent in time, the most urgent first."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from features.ledger.snapshot import Ledger

REMINDER_DAYS = 20
"""地方税法 329: the 督促 is to be sent within 20 days of the due date."""


@dataclass(frozen=True)
class LateReminder:
    """A debtor with open debts whose 督促 was not sent within 20 days, or later than that.

    ``unsent``: those without any to this day. ``days``: the longest from due date to 督促, or to today.
    ``prescribes_on``: the next prescription among them (None: all are past it); ``unpaid`` in yen, of those
    that are not past it.
    """

    debtor_id: str
    debts: int
    unsent: int
    days: int
    staff_id: str
    prescribes_on: date | None = None
    unpaid: int = 0


def late_reminders(ledger: Ledger, held: Mapping[str, str]) -> tuple[LateReminder, ...]:
    """Return whose 督促 is late, the most urgent first; ``held``: staff_id by debtor_id.

    First those with any unsent, then the longest overdue, the nearest prescription, the most yen, and the
    number. Whose late debts are all past prescription come last: nothing can be made good there.
    """
    by = _by_debtor(_late_debts(ledger)).assign(first=lambda rows: rows["unsent"] > 0)
    by = by.sort_values(
        ["lapsed", "first", "days", "prescribes_on", "unpaid", "debtor_id"],
        ascending=[True, False, False, True, False, True],
    )
    return tuple(_told(row, held) for row in by.to_dict("records"))


def _late_debts(ledger: Ledger) -> pd.DataFrame:
    """Return the open debts whose 督促 is late, with ``days``, ``unsent``, ``unpaid`` and whether ``live``.

    Live are those not past prescription; the others have nothing unpaid and no day of prescription.
    """
    debts, day = ledger["debts"], pd.Timestamp(ledger.day)
    sent = debts["demanded_on"].fillna(day)
    paid = ledger["payments"].groupby("debt_id")["amount"].sum()
    live = ~(debts["prescribes_on"] <= day)
    unpaid = debts["principal"].astype("float64") - debts["debt_id"].map(paid).astype("float64").fillna(0.0)
    debts = debts.assign(
        days=(sent - debts["due_on"]).dt.days,
        unsent=debts["demanded_on"].isna(),
        live=live,
        unpaid=unpaid.clip(lower=0).fillna(0.0).where(live, 0.0),
        prescribes_on=debts["prescribes_on"].where(live),
    )
    return debts[debts["closed_on"].isna() & (debts["days"] > REMINDER_DAYS)]


def _by_debtor(late: pd.DataFrame) -> pd.DataFrame:
    by = late.groupby("debtor_id", as_index=False).agg(
        size=("days", "size"),
        unsent=("unsent", "sum"),
        days=("days", "max"),
        live=("live", "any"),
        prescribes_on=("prescribes_on", "min"),
        unpaid=("unpaid", "sum"),
    )
    return by.assign(lapsed=~by["live"].astype(bool))


def _told(row: Mapping[Hashable, Any], held: Mapping[str, str]) -> LateReminder:
    next_day = row["prescribes_on"]
    return LateReminder(
        str(row["debtor_id"]),
        int(row["size"]),
        int(row["unsent"]),
        int(row["days"]),
        str(held.get(row["debtor_id"], "")),
        None if pd.isna(next_day) else next_day.date(),
        int(row["unpaid"]),
    )
