"""The account book: who was known to bank where since when, by the peer groups of the holder."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from features.ledger.snapshot import Ledger
from features.peers import COMPANY, group_codes, peers_of, slip_days
from features.pointers import NEUTRAL_SOURCES, SOURCES
from features.roll import BANK, Roll
from features.shelf import Shelf
from features.tally import NEVER, Floats, Ints, Tally, days_since_epoch


class AccountBook:
    """Known accounts of one ledger: ``pointers`` by number, as of ``Archive.pointers``.

    Only records that no officer's choice of whom to ask has shaped count. An account of a group is grouped
    as its holder was known on the account's first day.
    """

    def __init__(self, ledger: Ledger, roll: Roll, pointers: pd.DataFrame) -> None:
        self._ledger, self._roll, self._pointers = ledger, roll, pointers
        self._tallies: dict[str | None, tuple[Tally, Tally, Tally]] = {}

    def counts(
        self, group: str | None, member: Ints, debtor: Ints, target: Ints, day: Ints
    ) -> tuple[Floats, Floats, Floats]:
        """Return accounts of the group at the target, anywhere, and the debtor's own at the target, (n,).

        As known on ``day``; ``group`` None: of everybody (``member`` 0).
        """
        here, anywhere, own = self._tally(group)
        at_target = here.count(here.known(self._roll.pair_key(member, target), day))
        in_group = anywhere.count(anywhere.known(member, day))
        mine = own.count(own.known(self._own_key(member, debtor, target), day))
        return at_target, in_group, mine

    def held(self, debtor: Ints, day: Ints) -> Floats:
        """Return how many accounts of each debtor were known on ``day``, (n,)."""
        return self._holders.count(self._holders.known(debtor, day))

    @cached_property
    def _holders(self) -> Tally:
        return Tally(self.accounts["debtor"].to_numpy(), self.accounts["day"].to_numpy())

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """The first day each debtor was known to bank somewhere: debtor, target, day (0: known always)."""
        sources = [i for i, name in enumerate(SOURCES) if name in NEUTRAL_SOURCES]
        pointers = self._pointers[self._pointers["source"].isin(sources)]
        banks = self._roll.targets["target_kind"].to_numpy() == BANK
        pointers = pointers[banks[pointers["target"].to_numpy()]]
        first: pd.Series = pointers.groupby(["debtor", "target"])["day"].min()
        return first.reset_index()

    @cached_property
    def by_employer(self) -> pd.DataFrame:
        """Accounts of each employer's people: debtor, target, employer, day on which both were known."""
        incomes, codes = self._ledger["incomes"], group_codes(self._ledger)["employer"]
        jobs = pd.DataFrame(
            {
                "debtor": self._roll.debtor_numbers(incomes["debtor_id"]),
                "employer": codes.get_indexer(pd.Index(incomes["employer_id"])),
                "hired": slip_days(incomes),
            }
        )
        jobs = jobs[(jobs["debtor"] >= 0) & (jobs["employer"] >= 0)]
        first = jobs.groupby(["debtor", "employer"])["hired"].min().reset_index()
        links = first.merge(self.accounts, on="debtor")
        day = np.maximum(links["day"], links["hired"])
        return links.assign(day=day)[["debtor", "target", "employer", "day"]]

    @cached_property
    def employer_shelf(self) -> Shelf:
        """The rows of ``banks_by_employer`` by employer."""
        return Shelf(self.banks_by_employer["employer"].to_numpy(np.int64))

    @cached_property
    def banks_by_employer(self) -> pd.DataFrame:
        """The first day on which anybody paid by an employer was known to bank somewhere.

        Columns employer, target, day; sorted by employer.
        """
        first: pd.Series = self.by_employer.groupby(["employer", "target"])["day"].min()
        return first.reset_index()

    def _tally(self, group: str | None) -> tuple[Tally, Tally, Tally]:
        """Return the accounts by (group, bank), by group, and by (group, debtor) and bank."""
        if group not in self._tallies:
            rows = self._rows(group)
            member, day = rows["member"].to_numpy(np.int64), rows["day"].to_numpy(np.int64)
            target, debtor = rows["target"].to_numpy(), rows["debtor"].to_numpy()
            keys = (self._roll.pair_key(member, target), member, self._own_key(member, debtor, target))
            self._tallies[group] = (Tally(keys[0], day), Tally(keys[1], day), Tally(keys[2], day))
        return self._tallies[group]

    def _rows(self, group: str | None) -> pd.DataFrame:
        """Accounts with the ``member`` of ``group`` that they count for: debtor, target, day, member."""
        if group is None:
            return self.accounts.assign(member=0)
        if group == "employer":
            return self.by_employer.rename(columns={"employer": "member"})
        return self._grouped.assign(member=self._members[group].to_numpy())

    @cached_property
    def _grouped(self) -> pd.DataFrame:
        """Accounts with the day on which their holder is grouped; those without such a day are left out.

        A fact without a day is known always, but the groups of its holder are not: it is grouped on the day
        when the holder's first debt was due and first slip was known (a company files no slips).
        """
        accounts = self.accounts
        met = self._first_day("debts", days_since_epoch(self._ledger["debts"]["due_on"]))
        filed = self._first_day("incomes", slip_days(self._ledger["incomes"]))
        entity = self._ledger["debtors"]["entity"]
        company = (entity == COMPANY).to_numpy(dtype=bool, na_value=False)
        grouped = np.where(
            (met == NEVER) | company, met, np.where(filed == NEVER, NEVER, np.maximum(met, filed))
        )
        day = np.where(accounts["day"] > 0, accounts["day"], grouped[accounts["debtor"]])
        return accounts.assign(day=day)[day > 0].reset_index(drop=True)

    def _first_day(self, table: str, days: Ints) -> Ints:
        """Return the first of ``days`` (parallel to ``table``) of each debtor, NEVER for none, (debtors,)."""
        debtor = self._roll.debtor_numbers(self._ledger[table]["debtor_id"])
        known = pd.Series(days[debtor >= 0]).groupby(debtor[debtor >= 0]).min()
        return known.reindex(np.arange(len(self._roll.debtors)), fill_value=NEVER).to_numpy(np.int64)

    @cached_property
    def _members(self) -> pd.DataFrame:
        """The peer groups of ``_grouped``'s rows."""
        rows = self._grouped
        cases = pd.DataFrame(
            {
                "debtor_id": pd.Series(self._roll.debtors[rows["debtor"]], dtype="str"),
                "day": pd.to_datetime(rows["day"], unit="D").astype("datetime64[s]"),
            }
        )
        return peers_of(self._ledger, cases)

    def _own_key(self, member: Ints, debtor: Ints, target: Ints) -> Ints:
        key = self._roll.pair_key(debtor, target)
        everything = len(self._roll.debtors) * len(self._roll.targets)
        return np.where((member < 0) | (key < 0), -1, member * everything + key)
