"""The archive: a ledger's facts numbered and sorted once, so that any case on any day is looked up fast."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from features.ledger.snapshot import Ledger
from features.peers import PEER_GROUPS, peers_of
from features.pointers import ACCOUNT_SOURCES, SOURCES, pointers_of
from features.roll import BANK, Roll, call_roll
from features.tally import Floats, Ints, Tally, days_since_epoch

HIT_YEN = 10_000
"""A hit: an asset of 10,000 yen or more was found (the contract's definition)."""

_ONE_DAY = np.timedelta64(1, "D")


class Archive:
    """Numbered facts of one ledger. Everything is computed when first asked for and then kept."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    @cached_property
    def roll(self) -> Roll:
        """The numbers of debtors and targets."""
        return call_roll(self.ledger)

    @cached_property
    def pointers(self) -> pd.DataFrame:
        """Pointers by number: source (position in SOURCES), debtor, target, day (0: known always)."""
        pointers = pointers_of(self.ledger)
        sources = pd.Index(list(SOURCES))
        numbered = pd.DataFrame(
            {
                "source": sources.get_indexer(pd.Index(pointers["source"])),
                "debtor": self.roll.debtor_numbers(pointers["debtor_id"]),
                "target": self.roll.target_numbers(pointers["target_kind"], pointers["target_code"]),
                "day": days_since_epoch(pointers["known_on"]),
            }
        )
        return numbered[(numbered[["source", "debtor", "target"]] >= 0).all(axis=1)].reset_index(drop=True)

    @cached_property
    def pointer_tally(self) -> Tally:
        """Pointers by source, debtor and target (key of ``pointer_key``)."""
        p = self.pointers
        keys = self.pointer_key(p["source"].to_numpy(), p["debtor"].to_numpy(), p["target"].to_numpy())
        return Tally(keys, p["day"].to_numpy())

    def pointer_key(self, source: Ints | int, debtor: Ints, target: Ints) -> Ints:
        """Return the key of a (source, debtor, target); -1 where the debtor is unknown."""
        key = (np.asarray(source) * len(self.roll.debtors) + debtor) * len(self.roll.targets) + target
        return np.where(debtor < 0, -1, key)

    @cached_property
    def answers(self) -> pd.DataFrame:
        """Every answered inquiry by number: debtor, target, day known, hit (0/1), log_yen (of hits, else 0).

        With the peer groups of its debtor as they were known on the eve of the request.
        """
        replies = self.ledger["replies"].drop(columns="as_of")
        rows = self.ledger["inquiries"].merge(replies.drop_duplicates("inquiry_id"), on="inquiry_id")
        balance = rows["balance"].to_numpy(dtype=float, na_value=0.0)
        hit = ((rows["result"] == "1").to_numpy() & (balance >= HIT_YEN)).astype(float)
        eve = pd.DataFrame({"debtor_id": rows["debtor_id"], "day": rows["requested_on"] - _ONE_DAY})
        numbered = pd.DataFrame(
            {
                "debtor": self.roll.debtor_numbers(rows["debtor_id"]),
                "target": self.roll.target_numbers(rows["target_kind"], rows["target_code"]),
                "day": days_since_epoch(rows["replied_on"]),
                "hit": hit,
                "log_yen": np.log1p(balance) * hit,
            }
        )
        return pd.concat([numbered, peers_of(self.ledger, eve)], axis=1)

    @cached_property
    def kind_numbers(self) -> Ints:
        """The number of each target's kind (order of first appearance in the roll), (targets,)."""
        return pd.factorize(self.roll.targets["target_kind"])[0].astype(np.int64)

    def answer_tally(self, group: str | None, by_kind: bool = False) -> Tally:
        """Answers by (peer group, target), or (peer group, kind); group None: of the whole office."""
        if (group, by_kind) not in self._answer_tallies:
            answers = self.answers
            member = np.zeros(len(answers), np.int64) if group is None else answers[group].to_numpy()
            keys = self.group_key(member, answers["target"].to_numpy(), by_kind)
            amounts: dict[str, Floats] = {n: answers[n].to_numpy(dtype=float) for n in ("hit", "log_yen")}
            self._answer_tallies[group, by_kind] = Tally(keys, answers["day"].to_numpy(), amounts)
        return self._answer_tallies[group, by_kind]

    @cached_property
    def _answer_tallies(self) -> dict[tuple[str | None, bool], Tally]:
        return {}

    def group_key(self, member: Ints, target: Ints, by_kind: bool = False) -> Ints:
        """Return the key of a (group member, target or its kind); -1 where the member is none."""
        column = self.kind_numbers[target] if by_kind else target
        return np.where(member < 0, -1, member * len(self.roll.targets) + column)

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """The first day each debtor was known to bank somewhere: debtor, target, day and peer groups.

        Only from records that no officer's choice of whom to ask has shaped; grouped as known on that day
        (a fact known always is grouped as known on the ledger's day: its columns carry no day either).
        """
        sources = [i for i, name in enumerate(SOURCES) if name in ACCOUNT_SOURCES - {"found", "seized"}]
        p = self.pointers[self.pointers["source"].isin(sources)]
        banks = self.roll.targets["target_kind"].to_numpy() == BANK
        p = p[banks[p["target"].to_numpy()]]
        first = p.groupby(["debtor", "target"], as_index=False)["day"].min()
        links = self._employments.merge(first, on="debtor", suffixes=("_job", ""))
        links["day"] = np.maximum(links["day"], links["day_job"])
        first = first.assign(employer=-1)
        return pd.concat([first, links[["debtor", "target", "day", "employer"]]], ignore_index=True)

    @cached_property
    def _employments(self) -> pd.DataFrame:
        incomes = self.ledger["incomes"].dropna(subset=["employer_id"])
        employers = pd.Index(incomes["employer_id"].drop_duplicates()).sort_values()
        frame = pd.DataFrame(
            {
                "debtor": self.roll.debtor_numbers(incomes["debtor_id"]),
                "employer": employers.get_indexer(pd.Index(incomes["employer_id"])),
                "day_job": days_since_epoch(pd.to_datetime(incomes["tax_year"].astype("str") + "-06-01")),
            }
        )
        return frame[frame["debtor"] >= 0].groupby(["debtor", "employer"], as_index=False)["day_job"].min()

    @cached_property
    def _account_members(self) -> pd.DataFrame:
        """Peer groups of ``accounts`` rows; the employer is the one of the row."""
        accounts = self.accounts
        today = pd.Timestamp(self.ledger.day)
        days = pd.to_datetime(accounts["day"].where(accounts["day"] > 0), unit="D").fillna(today)
        cases = pd.DataFrame(
            {
                "debtor_id": pd.Series(self.roll.debtors[accounts["debtor"]], dtype="str"),
                "day": days.astype("datetime64[s]"),
            }
        )
        members = peers_of(self.ledger, cases).mask(accounts["employer"] >= 0, -1)
        return members.assign(employer=accounts["employer"].to_numpy())

    def account_tally(self, group: str | None) -> tuple[Tally, Tally, Tally]:
        """Known accounts by (group, bank), by group, and by (group, debtor) and bank."""
        if group not in self._account_tallies:
            accounts = self.accounts
            base = (accounts["employer"] < 0).to_numpy()
            member = (
                np.where(base, 0, -1) if group is None else self._account_members[group].to_numpy(np.int64)
            )
            days = accounts["day"].to_numpy()
            target, debtor = accounts["target"].to_numpy(), accounts["debtor"].to_numpy()
            own = self.own_key(member, debtor, target)
            self._account_tallies[group] = (
                Tally(self.group_key(member, target), days),
                Tally(member, days),
                Tally(own, days),
            )
        return self._account_tallies[group]

    @cached_property
    def _account_tallies(self) -> dict[str | None, tuple[Tally, Tally, Tally]]:
        return {}

    def own_key(self, member: Ints, debtor: Ints, target: Ints) -> Ints:
        """Return the key of a (group member, debtor, target), -1 where any is none."""
        key = (member * len(self.roll.debtors) + debtor) * len(self.roll.targets) + target
        return np.where((member < 0) | (debtor < 0), -1, key)


ALL_GROUPS: tuple[str, ...] = tuple(PEER_GROUPS)
"""The names of the peer groups in their declared order."""
