"""The board: the proposals as they stand, what they mean for each officer, and that they were accepted."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from serving.desk.declines import Decline
from serving.office.oversight import Officer
from serving.records.entry import Entry


@dataclass(frozen=True)
class Load:
    """What an officer holds now and would hold; ``uneven``: -1 far below the usual load per FTE, 1 above."""

    officer: Officer
    after: int
    hard: int
    standard_hours: float
    uneven: int


@dataclass(frozen=True)
class Declined:
    """A case whose officer declined it and who has it still. ``next_best`` could take it ("": nobody)."""

    decline: Decline
    next_best: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Board:
    """The proposals as they stand.

    ``rows``: the columns of ``tegakari match``, english, proposed (staff_id), restricted, and of a changed
    row changed_by and change_reason. ``accepted``: the entry by which they were accepted as they stand now
    (None: not yet). ``declined``: what has to be settled before they can be. ``seen``: the number of the last
    change (0: none), by which it is noticed that they changed since somebody looked.
    """

    loads: tuple[Load, ...]
    rows: pd.DataFrame
    changed: int
    accepted: Entry | None
    declined: tuple[Declined, ...]
    seen: int = 0

    @property
    def takers(self) -> dict[str, int]:
        """The number of cases that go to each officer who gets any, by staff_id."""
        counted = self.rows["staff_id"].value_counts()
        return {str(name): int(counted[name]) for name in sorted(counted.index)}

    @property
    def longest(self) -> int:
        """Return the largest load on the board, at least 1: the length of a full bar."""
        return max([1, *(max(load.after, load.officer.held) for load in self.loads)])


@dataclass(frozen=True)
class Acceptance:
    """All proposals are accepted, by ``entry``. ``anew``: just now; else they were before."""

    entry: Entry
    anew: bool
