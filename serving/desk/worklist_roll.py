"""Every line of the worklist in memory, in short form: any filter, sorting and count within milliseconds.

The database keeps the lines; here stands what they are chosen and ordered by. A row's ``turn`` tells when it
changed last, so that a roll is brought up to date by the rows that changed since, whoever changed them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Engine, select

from serving.records.store import worklist_lines as table

Column = npt.NDArray[Any]

NO_DAY = date.max.toordinal()
"""A missing day stands behind every other."""


@dataclass(frozen=True)
class Roll:
    """The lines by debtor_id, ascending; ``columns`` are arrays of one length, never written to.

    Days are ordinals (``NO_DAY``: none), ``hardship`` a probability (-1.0: nothing is known).
    """

    turn: int
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.columns["debtor_id"])

    def __getitem__(self, name: str) -> Column:
        """Return one column."""
        return self.columns[name]


def empty_roll() -> Roll:
    """Return a roll without lines, older than any."""
    return Roll(-1, MappingProxyType(_columns([])))


def brought_up(roll: Roll, engine: Engine, version: str, turn: int) -> Roll:
    """Return the roll as of ``turn``; one that is ahead of it (the lines were made anew) is read again."""
    if roll.turn == turn:
        return roll
    if roll.turn > turn:
        roll = empty_roll()
    query = select(*(table.c[name] for name in KEPT)).where(
        table.c.version == version, table.c.turn > roll.turn
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    return Roll(turn, MappingProxyType(_merged(roll.columns, _columns(rows))))


def _merged(old: Mapping[str, Column], new: Mapping[str, Column]) -> dict[str, Column]:
    """Return the rows of both by debtor_id; a new one replaces an old one."""
    stays = ~np.isin(old["debtor_id"], new["debtor_id"])
    both = {name: np.concatenate([old[name][stays], new[name]]) for name in KEPT}
    order = np.argsort(both["debtor_id"], kind="stable")
    return {name: values[order] for name, values in both.items()}


def _columns(rows: Sequence[Any]) -> dict[str, Column]:
    told = zip(*rows, strict=True) if rows else [()] * len(KEPT)
    return {
        name: np.array([_plain(name, value) for value in values], dtype=kind)
        for (name, kind), values in zip(KEPT.items(), told, strict=True)
    }


def _plain(name: str, value: Any) -> Any:  # noqa: ANN401 - a value of the database
    if name in ("next_prescription", "lapses_on", "decided_on"):
        return date.fromisoformat(value).toordinal() if value else NO_DAY
    return -1.0 if value is None else value


KEPT: Mapping[str, str] = MappingProxyType(
    {
        "debtor_id": "str",
        "arrears": "int64",
        "worth": "float64",
        "band": "int8",
        "routed": "bool",
        "restricted": "bool",
        "late": "bool",
        "paid_up": "bool",
        "unsent": "int32",
        "promise": "str",
        "hardship": "float64",
        "next_prescription": "int32",
        "lapses_on": "int32",
        "top_kind": "str",
        "holder": "str",
        "beside": "str",
        "state": "str",
        "waiting": "int32",
        "decided_on": "int32",
        "turn": "int64",
    }
)
"""The columns of a line that it is chosen or ordered by, with their types."""
