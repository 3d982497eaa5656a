"""The extract: the records of a few debtors, taken out of a whole ledger without searching it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
import pandas as pd

from features.ledger.snapshot import Ledger
from features.shelf import Shelf
from features.tally import Ints

_THROUGH = (("payments", "debts", "debt_id"), ("replies", "inquiries", "inquiry_id"))
"""Tables whose rows belong to a debtor through another table, and the column that links them."""


class Extracts:
    """Extracts of one ledger. A row that belongs to no debtor is in none of them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._owned = [name for name, frame in ledger.frames.items() if "debtor_id" in frame.columns]

    @cached_property
    def _everybody(self) -> pd.Index:
        named = pd.concat([self._ledger[name]["debtor_id"] for name in self._owned])
        distinct: pd.Index = pd.Index(named.dropna().drop_duplicates())
        return distinct

    @cached_property
    def _shelves(self) -> dict[str, Shelf]:
        holders = {name: self._numbers(self._ledger[name]["debtor_id"]) for name in self._owned}
        for name, through, link in _THROUGH:
            linked = pd.Series(holders[through], index=self._ledger[through][link])
            linked = linked[~linked.index.duplicated()]
            rows = self._ledger[name][link].map(linked)
            holders[name] = rows.fillna(-1).to_numpy(dtype=np.int64)
        return {name: Shelf(holder) for name, holder in holders.items()}

    def _numbers(self, debtor_ids: pd.Series) -> Ints:
        return np.asarray(self._everybody.get_indexer(pd.Index(debtor_ids)), dtype=np.int64)

    def about(self, debtor_ids: pd.Series) -> Ledger:
        """Return the ledger with the records of ``debtor_ids`` alone; tables of nobody's stay whole."""
        wanted = np.unique(self._numbers(debtor_ids))
        frames = dict(self._ledger.frames)
        for name, shelf in self._shelves.items():
            rows = np.sort(shelf.of(wanted)[1])
            frames[name] = frames[name].take(rows).reset_index(drop=True)
        return replace(self._ledger, frames=MappingProxyType(frames))
