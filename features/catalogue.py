"""What a feature is: its name, unit, meaning and the sentence that tells an officer about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal[
    "yen", "days", "years", "months", "minutes", "count", "people", "share", "flag", "log-odds", "score"
]


@dataclass(frozen=True)
class Feature:
    """One column of the matrix.

    ``meaning`` is English, for the catalogue. ``label`` is the short Japanese name. ``sentence`` is a
    Japanese statement of the fact with ``{value}`` (already formatted with its unit) and, for features of
    a candidate, ``{target}``; ``{number}`` is the bare number. ``absent`` is the sentence when the value is
    missing or zero ("" : nothing is said then); it is said of targets of ``kinds`` alone (empty: of any).
    The sentences in English are in ``features.english``.
    ``opt_in`` names the group that a municipality must opt in to (None: always allowed).
    ``record`` names the contract table that an officer opens to check it.

    >>> Feature("arrears", "yen", "unpaid principal", "滞納額", "滞納額は{value}", record="debts").unit
    'yen'
    """

    name: str
    unit: Unit
    meaning: str
    label: str
    sentence: str
    absent: str = ""
    opt_in: str | None = None
    record: str = ""
    kinds: tuple[str, ...] = ()
