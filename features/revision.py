"""A revision: an archive of a few cases whose records changed, made without reading all anew.

What belongs to the cases themselves (their pointers, their records) is what the change makes of it. What the
office knows of everybody (rates, peers, accounts) stays as it was on the day of the export: a handful of
facts moves no rate that an officer could see, and no case waits for the whole office.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from features.archive import Archive
from features.ledger.snapshot import Ledger
from features.pointers import SOURCES
from features.tally import days_since_epoch

_OF_EVERYBODY = ("roll", "listed", "first_named", "answers", "account_book", "_group_codes", "_kind_numbers")
_NUMBER = {name: place for place, name in enumerate(SOURCES)}


@dataclass(frozen=True)
class Pointed:
    """A target that is pointed to for a debtor from a day on; ``source`` is one of ``SOURCES``."""

    source: str
    debtor_id: str
    target_kind: str
    target_code: str
    on: date


class Revision(Archive):
    """The archive ``before`` for ``debtor_ids`` alone, their records being those of ``ledger``.

    ``added``: what is pointed to besides. ValueError where nothing of the office names a target.
    """

    def __init__(
        self, before: Archive, ledger: Ledger, debtor_ids: pd.Series, added: Sequence[Pointed]
    ) -> None:
        super().__init__(ledger)
        for name in _OF_EVERYBODY:
            self.__dict__[name] = getattr(before, name)
        # Slips are told by debtor and belong to the cases: only the answers are everybody's.
        self._answer_tallies = before._answer_tallies
        self.__dict__["pointers"] = _pointers(before, debtor_ids, added)


def cases_on(before: Archive, debtor_ids: Sequence[str]) -> pd.DataFrame:
    """Return ``cases[debtor_id, day]`` of some debtors on the day of ``before``, each once, in order."""
    ids = pd.Series(sorted(set(debtor_ids)), dtype="str")
    return pd.DataFrame(
        {
            "debtor_id": ids,
            "day": pd.Series(pd.Timestamp(before.ledger.day), ids.index, dtype="datetime64[s]"),
        }
    )


def _pointers(before: Archive, debtor_ids: pd.Series, added: Sequence[Pointed]) -> pd.DataFrame:
    """Return the pointers of ``debtor_ids`` alone, as of ``Archive.pointers``, with those ``added``."""
    debtor = before.roll.debtor_numbers(debtor_ids)
    own = before.pointers.iloc[np.sort(before.pointer_shelf.of(debtor)[1])]
    rows = pd.DataFrame(
        [
            (_NUMBER[each.source], each.debtor_id, each.target_kind, each.target_code, pd.Timestamp(each.on))
            for each in added
        ],
        columns=["source", "debtor_id", "target_kind", "target_code", "on"],
    )
    target = before.roll.target_numbers(rows["target_kind"], rows["target_code"])
    if (target < 0).any():
        raise ValueError("a target that no record and no list of the office names")
    numbered = pd.DataFrame(
        {
            "source": rows["source"].to_numpy(np.int64),
            "debtor": before.roll.debtor_numbers(rows["debtor_id"]),
            "target": target,
            "day": days_since_epoch(pd.to_datetime(rows["on"])),
        }
    )
    return pd.concat([own, numbered[numbered["debtor"] >= 0]], ignore_index=True)
