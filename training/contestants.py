"""Who competes in the proof: rankings of the same cases from the same ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import pandas as pd

from features.ledger.snapshot import Ledger
from features.town.officers import SKILLS, rank_as_officer
from models.adviser import Adviser
from models.bundle import Bundle
from models.ranker import RankerSettings
from training.course import learn
from training.school import unlearnt

Ranker = Callable[[Ledger, Sequence[str]], pd.DataFrame]
"""Ranks targets of the given debtors as of ``ledger.day``: [debtor_id, rank, target_kind, target_code].

One that forecasts adds ``probability`` of a hit.
"""


def officer(ledger: Ledger, debtor_ids: Sequence[str], skill: str) -> pd.DataFrame:
    """Rank as the town's officer of that skill would, working every case alone."""
    ids = pd.Series(list(debtor_ids), dtype="str")
    day = pd.Series(pd.Timestamp(ledger.day), index=ids.index, dtype="datetime64[s]")
    return rank_as_officer(ledger, pd.DataFrame({"debtor_id": ids, "day": day}), skill)


def ranker(ledger: Ledger, debtor_ids: Sequence[str]) -> pd.DataFrame:
    """Rank as the product does after learning from ``ledger``, with its usual settings."""
    return _advised(learn(ledger, RankerSettings(threads=1)).bundle, ledger, debtor_ids)


def know_how(ledger: Ledger, debtor_ids: Sequence[str]) -> pd.DataFrame:
    """Rank by the officers' written rules alone."""
    return _advised(unlearnt(ledger), ledger, debtor_ids)


def _advised(bundle: Bundle, ledger: Ledger, debtor_ids: Sequence[str]) -> pd.DataFrame:
    adviser = Adviser(bundle, ledger)
    cases = adviser.cases_of(debtor_ids)
    rows = adviser.rank(cases).rows
    targets = adviser.archive.roll.targets.iloc[rows["target"]]
    return pd.DataFrame(
        {
            "debtor_id": cases["debtor_id"].to_numpy()[rows["case"]],
            "rank": rows["rank"].to_numpy(),
            "target_kind": targets["target_kind"].to_numpy(),
            "target_code": targets["target_code"].to_numpy(),
            "probability": rows["probability"].to_numpy(),
        }
    )


RANKERS: Mapping[str, Ranker] = MappingProxyType(
    {
        "ranker": ranker,
        "know_how": know_how,
        **{skill: partial(officer, skill=skill) for skill in SKILLS},
    }
)
"""By the name they have in ``training.floors``."""
