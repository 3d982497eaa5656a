"""What nobody in the office knows: the property, the hardship, and the law of minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from features.ledger.snapshot import Ledger
from features.town.dice import Floats, Ints
from features.town.minutes import minutes_of


@dataclass(frozen=True)
class Truth:
    """The hidden side of a town on the ledger's day.

    ``assets``: debtor_id, target_kind, target_code, value (yen that could be obtained; key all but the last).
    ``hardship``: debtor_id, hardship, kind, no_property. ``officers``: staff_id, skill (0 to 1), speed (log
    factor of the minutes; below zero is fast) and what else ``minutes_of`` needs. ``difficulty`` (log factor)
    and ``case_kind`` stand in the order of ``debtor_ids``.
    """

    assets: pd.DataFrame = field(repr=False)
    hardship: pd.DataFrame = field(repr=False)
    officers: pd.DataFrame = field(repr=False)
    debtor_ids: pd.Index[str] = field(repr=False)
    difficulty: Floats = field(repr=False)
    case_kind: Ints = field(repr=False)


@dataclass(frozen=True)
class Town:
    """A made-up municipality: what it hands over, and the truth behind it."""

    ledger: Ledger
    truth: Truth


def expected_minutes(
    town: Town, debtor_ids: Sequence[str], staff_ids: Sequence[str], selecting: bool = False
) -> Floats:
    """Return the expected minutes (float64, one per pair) that an officer would need for a case today.

    ``debtor_ids`` and ``staff_ids`` are of the same length. ``selecting``: only those of choosing the
    targets. KeyError when a debtor or an officer is unknown.
    """
    truth = town.truth
    case = truth.debtor_ids.get_indexer(pd.Index(debtor_ids))
    who = pd.Index(truth.officers["staff_id"]).get_indexer(pd.Index(staff_ids))
    if (case < 0).any() or (who < 0).any():
        raise KeyError("a debtor or an officer that the town does not know")
    days = np.full(len(case), np.datetime64(town.ledger.day, "D"))
    difficulty, kind = truth.difficulty[case], truth.case_kind[case]
    return minutes_of(difficulty, kind, truth.officers, who, days, selecting=selecting)
