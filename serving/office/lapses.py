"""Lapses: debts that could be pursued on the day of the records and fall due to lapse afterwards.

A case is reckoned on the day of the records, but a debt lapses by the calendar (地方税法 18), and no
ranking may hide that. The day is the planned one of the records; what interrupted it since, newer ones tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from features.ledger.snapshot import Ledger
from serving.office.case_rows import CaseRows
from serving.office.debts import open_debts


@dataclass(frozen=True)
class Lapse:
    """What falls due to lapse after the day of the records, up to today.

    ``debts`` and what is unpaid of them (``yen``); ``everything``: nothing else could be pursued.
    """

    debts: int
    yen: int
    everything: bool


class Lapses:
    """The planned lapses of one ledger. Debts that are paid, not yet due or lapsed already do not count."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def since(self, debtor_id: str, today: date) -> Lapse | None:
        """Return what of a case lapses up to ``today``; None where nothing does."""
        debts = self._rows.of(debtor_id)
        gone = [debt for debt in debts if debt.prescribes_on is not None and debt.prescribes_on <= today]
        if not gone:
            return None
        return Lapse(len(gone), sum(debt.unpaid for debt in gone), len(gone) == len(debts))

    def everything(self, debtor_id: str, today: date) -> bool:
        """Return whether all that could be pursued has lapsed by ``today``."""
        last = self.last_day.get(debtor_id)
        return last is not None and last <= today

    @cached_property
    def last_day(self) -> dict[str, date]:
        """The day by which all that can be pursued of a case lapses; without one, some of it never does."""
        debts = self._debts
        endless = debts.loc[debts["prescribes_on"].isna(), "debtor_id"]
        last = debts[~debts["debtor_id"].isin(endless)].groupby("debtor_id")["prescribes_on"].max()
        return {str(debtor): pd.Timestamp(day).date() for debtor, day in last.items()}

    @cached_property
    def _debts(self) -> pd.DataFrame:
        """The debts that can be pursued on the day of the records."""
        debts, day = open_debts(self._ledger), pd.Timestamp(self._ledger.day)
        live = (debts["due_on"] <= day) & ~(debts["prescribes_on"] <= day) & (debts["unpaid"] > 0)
        return debts[live.fillna(False)].reset_index(drop=True)

    @cached_property
    def _rows(self) -> CaseRows:
        return CaseRows(self._debts, ("prescribes_on", "unpaid"))
