"""What the office's records teach about hardship, and what came of the cases that were searched."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from features.archive import Archive
from features.profile import build_profiles
from features.tally import Floats
from models.hardship import HardshipModel, fit_hardship, fit_property
from models.hardship_signs import signs_of
from training.examples import Examples

MOST_CASES = 12_000
"""Cases that hardship is learnt from at most; more of them no longer move a rate that anybody could see."""

LEAST_SEARCHED = 200


def learn_hardship(
    archive: Archive, examples: Examples, probability: Floats | None, seed: int
) -> HardshipModel:
    """Return the model of hardship of every debtor on the ledger's day.

    ``probability``: of a hit of each example, from models not fitted on it (None: nothing was learnt).
    """
    ledger = archive.ledger
    ids = ledger["debtors"]["debtor_id"]
    if len(ids) > MOST_CASES:
        ids = ids.sample(MOST_CASES, random_state=seed).sort_index()
    ids = ids.reset_index(drop=True)
    day = pd.Series(pd.Timestamp(ledger.day), ids.index, dtype="datetime64[s]")
    cases = pd.DataFrame({"debtor_id": ids, "day": day})
    profiles = build_profiles(ledger, cases)
    model = fit_hardship(profiles, signs_of(ledger, cases, profiles))
    if probability is None:
        return model
    return _with_property(model, archive, examples, probability)


def _with_property(
    model: HardshipModel, archive: Archive, examples: Examples, probability: Floats
) -> HardshipModel:
    """Return ``model`` with what past searches taught: how often nothing was found, against the forecast.

    What a search led to is no sign of hardship here, for it would foretell itself.
    """
    asked, pairs = examples.outcomes.asked, examples.pairs
    frame = pd.DataFrame(
        {
            "case": pairs.case[asked],
            "miss": np.log1p(-np.clip(probability[asked], 0.0, 0.999)),
            "hit": examples.outcomes.hit[asked],
        }
    )
    searched = frame.groupby("case").agg(miss=("miss", "sum"), hit=("hit", "max"))
    if len(searched) < LEAST_SEARCHED:
        return model
    cases = pairs.cases.iloc[searched.index].reset_index(drop=True)
    profiles = build_profiles(archive.about(cases), cases)
    signs = signs_of(archive.about(cases), cases, profiles).assign(suspended=0.0, searched=0.0)
    weights = fit_property(
        np.exp(searched["miss"].to_numpy()), model.hard(profiles, signs), 1.0 - searched["hit"].to_numpy()
    )
    return replace(model, property_weights=weights)
