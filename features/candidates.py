"""Candidates: the targets that may lawfully be asked about a case, each with at least one ground.

Source: 国税徴収法 141 (ask only those with grounds). A ground is a record that names the target, the area it
serves, the prefecture the debtor came from, or a rule of the office for a kind of property.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.archive import Archive
from features.coverage import banks_in_reach, offered
from features.openings import openings_of
from features.pointers import SOURCES
from features.roll import BANK
from features.tally import Ints, days_since_epoch

_NEVER_A_GROUND = frozenset({"asked", "blank", "denied"})
_RECORDED_KINDS = frozenset({BANK, "employer", "receivable"})
"""Kinds whose targets need a record, an area or a prefecture of their own."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of a case and a target. ``cases``: debtor_id, day; ``case`` and ``target``: numbers, (n,).

    ``targets`` is the roll's frame, to which the target numbers belong.
    """

    cases: pd.DataFrame
    case: Ints
    target: Ints
    targets: pd.DataFrame

    @property
    def kinds(self) -> npt.NDArray[np.object_]:
        """The kind of each pair's target, (n,)."""
        return self.targets["target_kind"].to_numpy(dtype=object)[self.target]

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.case)

    def take(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Pairs:
        """Return the pairs of ``rows`` (numbers or flags), the cases being the same."""
        return Pairs(self.cases, self.case[rows], self.target[rows], self.targets)


def candidates_of(archive: Archive, cases: pd.DataFrame) -> Pairs:
    """Return every candidate of every case once, ordered by case, then target number.

    ``cases``: debtor_id and day, RangeIndex. A debtor who is not on the roll has no candidates.
    """
    debtor = archive.roll.debtor_numbers(cases["debtor_id"])
    day = days_since_epoch(cases["day"])
    reach = banks_in_reach(archive, cases, day)
    parts = [
        _pointed(archive, debtor, day),
        np.argwhere(reach & (debtor >= 0)[:, None]).astype(np.int64),
        _banks_of_colleagues(archive, cases, day),
        _opened(archive, cases, debtor, day),
    ]
    joined = np.unique(np.concatenate(parts, axis=0), axis=0)
    return Pairs(cases, joined[:, 0], joined[:, 1], archive.roll.targets)


def _pointed(archive: Archive, debtor: Ints, day: Ints) -> Ints:
    """Return the targets that a record known on the day names, (n, 2)."""
    grounds = [place for place, name in enumerate(SOURCES) if name not in _NEVER_A_GROUND]
    case, row = archive.pointer_shelf.of(debtor)
    named = archive.pointers.iloc[row]
    known = named["source"].isin(grounds).to_numpy() & (named["day"].to_numpy() <= day[case])
    return np.column_stack([case[known], named["target"].to_numpy(np.int64)[known]])


def _banks_of_colleagues(archive: Archive, cases: pd.DataFrame, day: Ints) -> Ints:
    """Return the banks where somebody paid by the same employer was known to bank on the day, (n, 2)."""
    book = archive.account_book
    case, row = book.employer_shelf.of(archive.peers(cases)["employer"].to_numpy(np.int64))
    first = book.banks_by_employer.iloc[row]
    known = first["day"].to_numpy() <= day[case]
    return np.column_stack([case, first["target"].to_numpy()])[known].astype(np.int64)


def _opened(archive: Archive, cases: pd.DataFrame, debtor: Ints, day: Ints) -> Ints:
    """Return the targets of the kinds that the facts of the case open, (n, 2)."""
    openings = openings_of(archive, cases, debtor, day)
    kinds = archive.roll.targets["target_kind"]
    usable = offered(archive, day) & (debtor >= 0)[:, None]
    parts = [np.empty((0, 2), dtype=np.int64)]
    for kind in kinds[~kinds.isin(_RECORDED_KINDS)].drop_duplicates():
        targets = np.flatnonzero((kinds == kind).to_numpy())
        given = openings.get(str(kind), np.ones(len(cases), dtype=bool))
        found = np.argwhere(usable[:, targets] & given[:, None])
        parts.append(np.column_stack([found[:, 0], targets[found[:, 1]]]))
    return np.concatenate(parts).astype(np.int64)
