"""What has to be known of a case and of a target before a letter about the one may go to the other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Protocol

import pandas as pd

from features.law import open_cases, restricted, routed
from features.ledger.snapshot import Ledger
from serving.office.debts import paid_up
from serving.office.lapses import Lapses


class Addressing(Protocol):
    """The part of an office that sends inquiries: it needs no advice."""

    @property
    def name(self) -> str:
        """The municipality's name."""

    @property
    def correspondence(self) -> Correspondence:
        """The records as far as a letter needs them."""

    def directory(self) -> Mapping[tuple[str, str], str]:
        """Return the name of every known target by (target_kind, target_code)."""


class RecordsOffice:
    """An office over its records alone, for what sends and receives without advising."""

    def __init__(self, ledger: Ledger) -> None:
        self.name = ledger.municipality.name
        self.correspondence = Correspondence(ledger)
        named = ledger["targets"].dropna(subset=["name"]).fillna({"target_code": ""})
        self._names = {
            (str(kind), str(code)): str(name)
            for kind, code, name in named[["target_kind", "target_code", "name"]].itertuples(index=False)
        }

    def directory(self) -> Mapping[tuple[str, str], str]:
        """Return the name of every known target by (target_kind, target_code)."""
        return self._names


class Correspondence:
    """The records of one municipality, as far as a letter needs them. Computed once, when first asked."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.code = ledger.municipality.code
        self.day: date = ledger.day

    @cached_property
    def cases(self) -> frozenset[str]:
        """Every open case."""
        return self._named(pd.Series(True, self._cases.index))

    @cached_property
    def companies(self) -> frozenset[str]:
        """Debtors that are companies: they have no day of birth, and a seat instead of an address."""
        debtors = self._ledger["debtors"]
        return frozenset(debtors.loc[debtors["entity"].eq("2").fillna(False), "debtor_id"].astype(str))

    @cached_property
    def digital(self) -> frozenset[tuple[str, str]]:
        """Kind and code of every target that answers electronic inquiries."""
        targets = self._ledger["targets"]
        able = targets[targets["digital"].eq(1).fillna(False)]
        return frozenset(
            (str(kind), str(code))
            for kind, code in able[["target_kind", "target_code"]].fillna("").itertuples(index=False)
        )

    @cached_property
    def routed(self) -> frozenset[str]:
        """Open cases that a gate of law stops: nobody is asked about them."""
        return self._named(routed(self._ledger, self._cases))

    @cached_property
    def restricted(self) -> frozenset[str]:
        """Open cases under protection (支援措置)."""
        return self._named(restricted(self._ledger, self._cases))

    @cached_property
    def paid_up(self) -> frozenset[str]:
        """Open cases of which no principal is left: what remains is to close them."""
        return paid_up(self._ledger)

    @cached_property
    def lapses(self) -> Lapses:
        """What lapses after the day of the records."""
        return Lapses(self._ledger)

    @cached_property
    def items(self) -> dict[str, tuple[str, ...]]:
        """The codes of the tax items of each case's open debts that have not lapsed, in ascending order."""
        debts = self._ledger["debts"]
        lapsed = debts["prescribes_on"] <= pd.Timestamp(self.day)
        owed = debts.loc[debts["closed_on"].isna() & ~lapsed, ["debtor_id", "tax_item"]].drop_duplicates()
        return {
            str(debtor): tuple(sorted(map(str, items)))
            for debtor, items in owed.groupby("debtor_id")["tax_item"]
        }

    @cached_property
    def _cases(self) -> pd.DataFrame:
        return open_cases(self._ledger, self._ledger.day)

    def _named(self, flags: pd.Series) -> frozenset[str]:
        return frozenset(self._cases.loc[flags, "debtor_id"].astype(str))
