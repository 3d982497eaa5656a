"""Who competes in the proof: rankings of the same cases from the same ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import pandas as pd

from features.ledger.snapshot import Ledger
from features.town.officers import SKILLS, rank_as_officer

Ranker = Callable[[Ledger, Sequence[str]], pd.DataFrame]
"""Ranks targets of the given debtors as of ``ledger.day``: [debtor_id, rank, target_kind, target_code]."""


def officer(ledger: Ledger, debtor_ids: Sequence[str], skill: str) -> pd.DataFrame:
    """Rank as the town's officer of that skill would, working every case alone."""
    ids = pd.Series(list(debtor_ids), dtype="str")
    day = pd.Series(pd.Timestamp(ledger.day), index=ids.index, dtype="datetime64[s]")
    return rank_as_officer(ledger, pd.DataFrame({"debtor_id": ids, "day": day}), skill)


RANKERS: Mapping[str, Ranker] = MappingProxyType({skill: partial(officer, skill=skill) for skill in SKILLS})
"""By the name they have in ``training.floors``."""
