"""The archive: a ledger's facts numbered and sorted once, so that any case on any day is looked up fast."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from features.account_book import AccountBook
from features.answers import answers_of
from features.extract import Extracts
from features.ledger.snapshot import Ledger
from features.peers import PEER_GROUPS, group_codes, peers_of, slip_days
from features.pointers import ACCOUNT_SOURCES, SOURCES, pointers_of
from features.roll import BANK, Roll, call_roll
from features.shelf import Shelf
from features.tally import LAST_DAY, Floats, Ints, Tally, days_since_epoch

HIT_YEN = 10_000
"""A hit: an asset of 10,000 yen or more was found (the contract's definition)."""

ALL_GROUPS: tuple[str, ...] = tuple(PEER_GROUPS)
"""The names of the peer groups in their declared order."""

_ONE_DAY = np.timedelta64(1, "D")


class Archive:
    """Numbered facts of one ledger. Everything is computed when first asked for and then kept."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._answer_tallies: dict[tuple[str | None, bool], Tally] = {}
        self._holder_tallies: dict[tuple[str, ...], Tally] = {}
        self._slip_tallies: dict[str, Tally] = {}
        self._last_extract: tuple[tuple[str, ...], Ledger] | None = None
        self._last_peers: tuple[pd.DataFrame, pd.DataFrame] | None = None

    @cached_property
    def _named(self) -> pd.DataFrame:
        return pointers_of(self.ledger)

    @cached_property
    def roll(self) -> Roll:
        """The numbers of debtors and targets."""
        return call_roll(self.ledger, self._named)

    @cached_property
    def _extracts(self) -> Extracts:
        return Extracts(self.ledger)

    def about(self, cases: pd.DataFrame) -> Ledger:
        """Return the records of the debtors of ``cases`` alone; targets and staff stay whole.

        The last answer is kept, for one batch of cases is asked about several times in a row.
        """
        asked, last = tuple(cases["debtor_id"]), self._last_extract
        if last is None or last[0] != asked:
            # What is returned is what was made here: another thread may ask about other cases meanwhile.
            last = self._last_extract = asked, self._extracts.about(cases["debtor_id"])
        return last[1]

    @cached_property
    def _group_codes(self) -> dict[str, pd.Index]:
        return group_codes(self.ledger)

    def peers(self, cases: pd.DataFrame) -> pd.DataFrame:
        """Return the peer groups of each case (``features.peers.peers_of``); the last answer is kept."""
        last = self._last_peers
        if last is None or not last[0].equals(cases):
            last = self._last_peers = cases.copy(), peers_of(self.about(cases), cases, self._group_codes)
        return last[1]

    @cached_property
    def pointer_shelf(self) -> Shelf:
        """The rows of ``pointers`` by debtor."""
        return Shelf(self.pointers["debtor"].to_numpy())

    @cached_property
    def listed(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether the municipality lists each target, (targets,)."""
        listed = self.ledger["targets"]
        index = pd.MultiIndex.from_frame(listed[["target_kind", "target_code"]])
        return np.asarray(self.roll.index.isin(index), dtype=bool)

    @cached_property
    def first_named(self) -> Ints:
        """The first day (since 1970) on which any record named each target, LAST_DAY for none, (targets,)."""
        named = self._named
        target = self.roll.target_numbers(named["target_kind"], named["target_code"])
        first = np.full(len(self.roll.targets), LAST_DAY, dtype=np.int64)
        np.minimum.at(first, target, days_since_epoch(named["known_on"]))
        return first

    @cached_property
    def pointers(self) -> pd.DataFrame:
        """Pointers by number: source (position in SOURCES), debtor, target, day (0: known always)."""
        named = self._named
        numbered = pd.DataFrame(
            {
                "source": pd.Index(list(SOURCES)).get_indexer(pd.Index(named["source"])),
                "debtor": self.roll.debtor_numbers(named["debtor_id"]),
                "target": self.roll.target_numbers(named["target_kind"], named["target_code"]),
                "day": days_since_epoch(named["known_on"]),
            }
        )
        return numbered[(numbered[["source", "debtor", "target"]] >= 0).all(axis=1)].reset_index(drop=True)

    @cached_property
    def left(self) -> Ints:
        """The pairs (``Roll.pair_key``) of debtors and employers supposed to be left: by records, none."""
        return np.empty(0, dtype=np.int64)

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

    def holder_tally(self, *sources: str) -> Tally:
        """Return the pointers of ``sources`` by debtor, whatever target they name."""
        if sources not in self._holder_tallies:
            numbers = [place for place, name in enumerate(SOURCES) if name in sources]
            chosen = self.pointers[self.pointers["source"].isin(numbers)]
            self._holder_tallies[sources] = Tally(chosen["debtor"].to_numpy(), chosen["day"].to_numpy())
        return self._holder_tallies[sources]

    @cached_property
    def banks_tally(self) -> Tally:
        """The banks at which each debtor is known to have an account, by debtor; each bank once."""
        numbers = [place for place, name in enumerate(SOURCES) if name in ACCOUNT_SOURCES]
        chosen = self.pointers[self.pointers["source"].isin(numbers)]
        bank = (self.roll.targets["target_kind"] == BANK).to_numpy()
        chosen = chosen[bank[chosen["target"].to_numpy()]]
        first = chosen.groupby(["debtor", "target"])["day"].min().reset_index()
        return Tally(first["debtor"].to_numpy(), first["day"].to_numpy())

    def slip_tally(self, column: str) -> Tally:
        """Return the income rows with something in ``column`` (an amount above zero, any text), by debtor."""
        if column not in self._slip_tallies:
            incomes = self.ledger["incomes"]
            cells = incomes[column]
            given = cells.notna() if cells.dtype == "str" else cells.fillna(0) > 0
            owner = self.roll.debtor_numbers(incomes["debtor_id"])
            keys = np.where(given.to_numpy(dtype=bool), owner, -1)
            self._slip_tallies[column] = Tally(keys, slip_days(incomes))
        return self._slip_tallies[column]

    @cached_property
    def answers(self) -> pd.DataFrame:
        """Every answered inquiry by number: debtor, target, day known, found, hit (0/1), log_yen (of hits).

        With the peer groups of its debtor as they were known on the eve of the request.
        """
        rows = answers_of(self.ledger)
        balance = rows["balance"].to_numpy(dtype=float, na_value=0.0)
        found = (rows["result"] == "1").to_numpy(dtype=bool, na_value=False)
        hit = (found & (balance >= HIT_YEN)).astype(float)
        eve = pd.DataFrame({"debtor_id": rows["debtor_id"], "day": rows["requested_on"] - _ONE_DAY})
        numbered = pd.DataFrame(
            {
                "debtor": self.roll.debtor_numbers(rows["debtor_id"]),
                "target": self.roll.target_numbers(rows["target_kind"], rows["target_code"]),
                "day": days_since_epoch(rows["known_on"]),
                "found": found.astype(float),
                "hit": hit,
                "log_yen": np.log1p(np.maximum(balance, 0.0)) * hit,
            }
        )
        return pd.concat([numbered, peers_of(self.ledger, eve)], axis=1)

    @cached_property
    def _kind_numbers(self) -> Ints:
        return pd.factorize(self.roll.targets["target_kind"])[0].astype(np.int64)

    def answer_tally(self, group: str | None, by_kind: bool = False) -> Tally:
        """Return the answers by (peer group, target), or (peer group, kind); group None: of everybody."""
        if (group, by_kind) not in self._answer_tallies:
            answers = self.answers
            member = np.zeros(len(answers), np.int64) if group is None else answers[group].to_numpy()
            keys = self.group_key(member, answers["target"].to_numpy(), by_kind)
            amounts: dict[str, Floats] = {
                n: answers[n].to_numpy(dtype=float) for n in ("found", "hit", "log_yen")
            }
            self._answer_tallies[group, by_kind] = Tally(keys, answers["day"].to_numpy(), amounts)
        return self._answer_tallies[group, by_kind]

    def group_key(self, member: Ints, target: Ints, by_kind: bool = False) -> Ints:
        """Return the key of a (group member, target or its kind); -1 where the member is none."""
        return self.roll.pair_key(member, self._kind_numbers[target] if by_kind else target)

    @cached_property
    def account_book(self) -> AccountBook:
        """The accounts that records show, by peer group."""
        return AccountBook(self.ledger, self.roll, self.pointers)
