"""The follow-up: an archive of a few cases to which replies came in since, made without reading all anew.

What belongs to the cases themselves (their pointers, their records) is what the new replies make of it.
What the office knows of everybody (rates, peers, accounts) stays as it was on the day of the export: a
handful of replies moves no rate that an officer could see, and no case waits for the whole office.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from features.archive import Archive
from features.ledger.told import FOUND, NONE, Told, with_replies
from features.pointers import SOURCES
from features.tally import days_since_epoch

_OF_EVERYBODY = ("roll", "listed", "first_named", "answers", "account_book", "_group_codes", "_kind_numbers")
_NUMBER = {name: place for place, name in enumerate(SOURCES)}


class FollowUp(Archive):
    """The archive ``before`` with ``told`` added, for the debtors of ``told`` alone.

    ValueError where something is told of a target that no record and no list of the office names.
    """

    def __init__(self, before: Archive, told: Sequence[Told]) -> None:
        ids = pd.Series(sorted({each.debtor_id for each in told}), dtype="str")
        day = pd.Series(pd.Timestamp(before.ledger.day), ids.index, dtype="datetime64[s]")
        about = before.about(pd.DataFrame({"debtor_id": ids, "day": day}))
        super().__init__(with_replies(about, told))
        for name in _OF_EVERYBODY:
            self.__dict__[name] = getattr(before, name)
        self._answer_tallies = before._answer_tallies
        self._slip_tallies = before._slip_tallies
        self.__dict__["pointers"] = _pointers(before, ids, told)


def _pointers(before: Archive, debtor_ids: pd.Series, told: Sequence[Told]) -> pd.DataFrame:
    """Return the pointers of ``debtor_ids`` alone, as of ``Archive.pointers``, with those of ``told``."""
    debtor = before.roll.debtor_numbers(debtor_ids)
    own = before.pointers.iloc[np.sort(before.pointer_shelf.of(debtor)[1])]
    rows = pd.DataFrame(_named(told), columns=["source", "debtor_id", "target_kind", "target_code", "on"])
    target = before.roll.target_numbers(rows["target_kind"], rows["target_code"])
    if (target < 0).any():
        raise ValueError("a target that no record and no list of the office names")
    added = pd.DataFrame(
        {
            "source": rows["source"].to_numpy(np.int64),
            "debtor": before.roll.debtor_numbers(rows["debtor_id"]),
            "target": target,
            "day": days_since_epoch(rows["on"]),
        }
    )
    added = added[added["debtor"] >= 0]
    return pd.concat([own, added], ignore_index=True)


def _named(told: Sequence[Told]) -> list[tuple[int, str, str, str, pd.Timestamp]]:
    """Return source, debtor, target and day of what each of ``told`` points to.

    An inquiry that the office's records already hold is pointed to twice: the later day counts.
    """
    rows = []
    for each in told:
        key = (each.debtor_id, each.target_kind, each.target_code)
        rows.append((_NUMBER["asked"], *key, pd.Timestamp(each.requested_on)))
        source = {FOUND: "found", NONE: "blank"}.get(each.result)
        if source is not None:
            rows.append((_NUMBER[source], *key, pd.Timestamp(each.day)))
    return rows
