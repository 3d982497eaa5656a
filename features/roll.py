"""The roll: every debtor and every target of a ledger under one running number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from zengin_code import Bank

from features.ledger.snapshot import Ledger
from features.tally import Ints

BANK = "bank"
JAPAN_POST = "9900"
KEY = ["target_kind", "target_code"]
_BOUNDS = (
    (33, "city"),
    (50, "net"),
    (116, "other"),
    (600, "regional"),
    (1000, "other"),
    (2000, "shinkin"),
    (3000, "union"),
)


@dataclass(frozen=True)
class Roll:
    """Running numbers. ``debtors``: index of debtor ids. ``targets``: frame in order of kind and code.

    ``targets`` has target_kind, target_code, name, prefecture, service_areas, digital, bank_class; its row
    number is the target's number.
    """

    debtors: pd.Index
    targets: pd.DataFrame
    index: pd.MultiIndex

    def debtor_numbers(self, debtor_ids: pd.Series) -> Ints:
        """Return the number of each debtor id, -1 where it is unknown, (n,)."""
        return np.asarray(self.debtors.get_indexer(pd.Index(debtor_ids)), dtype=np.int64)

    def target_numbers(self, kinds: pd.Series | str, codes: pd.Series) -> Ints:
        """Return the number of each (kind, code), -1 where it is unknown or empty, (n,)."""
        kind = pd.Series(kinds, index=codes.index) if isinstance(kinds, str) else kinds
        wanted = pd.MultiIndex.from_arrays([kind, codes])
        return np.asarray(self.index.get_indexer(wanted), dtype=np.int64)

    def pair_key(self, member: Ints, target: Ints) -> Ints:
        """Return the key of each (member, target), -1 where the member is none, (n,).

        ``member``: any running number, such as a debtor's or a peer group's.
        """
        return np.where(member < 0, -1, member * len(self.targets) + target)


def call_roll(ledger: Ledger, named: pd.DataFrame) -> Roll:
    """Return the numbers of the debtors, and of the targets that ``ledger`` lists or a record names.

    ``named``: target_kind, target_code of the records (``pointers_of``).
    """
    listed = ledger["targets"]
    keys = pd.concat([listed[KEY], named[KEY]]).drop_duplicates().sort_values(KEY)
    targets = keys.merge(listed.drop_duplicates(KEY), on=KEY, how="left").reset_index(drop=True)
    targets["name"] = targets["name"].fillna(_official_names(targets))
    targets["bank_class"] = [
        bank_class(code) if kind == BANK else ""
        for kind, code in zip(targets["target_kind"], targets["target_code"], strict=True)
    ]
    index = pd.MultiIndex.from_frame(targets[KEY])
    return Roll(pd.Index(ledger["debtors"]["debtor_id"]), targets, index)


def bank_class(code: str) -> str:
    """Return the class that the Zengin number range of ``code`` stands for.

    City banks 0001-0032, banks of new kinds (net banks) 0033-0049, regional banks 0116-0599, trust and other
    banks up to 0999, shinkin 1000-1999, credit unions and labour banks 2000-2999, farm and fishery
    cooperatives 3000-9899, Japan Post Bank 9900.

    >>> [bank_class(c) for c in ("0001", "0036", "0138", "1344", "9900", "x")]
    ['city', 'net', 'regional', 'shinkin', 'post', 'other']
    """
    if not code.isdigit() or len(code) != 4:
        return "other"
    if code == JAPAN_POST:
        return "post"
    return next((name for bound, name in _BOUNDS if int(code) < bound), "cooperative")


def _official_names(targets: pd.DataFrame) -> pd.Series:
    """Return the directory's name of each bank; kind and code for all else."""
    pairs = zip(targets["target_kind"], targets["target_code"], strict=True)
    banks = Bank.all
    names = [
        str(banks[code].name) if kind == BANK and code in banks else f"{kind} {code}" for kind, code in pairs
    ]
    return pd.Series(names, index=targets.index, dtype="str")
