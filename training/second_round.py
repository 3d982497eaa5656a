"""The second round in the office's own log: inquiries that were sent when first answers were known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.answers import answers_of
from features.archive import Archive
from features.tally import Floats, Ints, days_since_epoch
from models.rounds import Rounds, fit_rounds, signals_of
from training.examples import Examples

WITHIN_DAYS = 365
"""Answers older than this, seen from the later inquiry, teach nothing about it."""


def learn_rounds(archive: Archive, examples: Examples, probability: Floats) -> Rounds | None:
    """Return what second rounds taught; ``probability``: of each example, from models not fitted on it."""
    rows = _dated(archive, examples, probability)
    first = rows.merge(rows, on="case", suffixes=("", "_before"))
    known = first[
        (first["known_before"] < first["requested"])
        & (first["requested"] - first["known_before"] <= WITHIN_DAYS)
    ]
    if known.empty:
        return None
    later, pair = np.unique(known["row"].to_numpy(), return_inverse=True)
    answers = pd.DataFrame(
        {
            "case": pair,
            "kind": known["kind_before"].to_numpy(),
            "hit": known["hit_before"].to_numpy(),
            "probability": known["probability_before"].to_numpy(),
        }
    )
    asked = rows.set_index("row").loc[later]
    signals = signals_of(np.arange(len(later)), asked["kind"].to_numpy(dtype=object), answers)
    return fit_rounds(
        signals, asked["probability"].to_numpy(), asked["hit"].to_numpy(), asked["case"].to_numpy(np.int64)
    )


def _dated(archive: Archive, examples: Examples, probability: Floats) -> pd.DataFrame:
    """Return the answered examples: row, case, kind, hit, probability, and the days asked and known."""
    asked = np.flatnonzero(examples.outcomes.asked)
    pairs = examples.pairs
    rows = pd.DataFrame(
        {
            "row": asked,
            "case": pairs.case[asked],
            "target": pairs.target[asked],
            "kind": pairs.kinds[asked],
            "hit": examples.outcomes.hit[asked],
            "probability": probability[asked],
        }
    )
    days = _days(archive, pairs.cases)
    return rows.merge(days, on=["case", "target"]).drop(columns="target")


def _days(archive: Archive, cases: pd.DataFrame) -> pd.DataFrame:
    """Return the day (since 1970) of each pair's first answered inquiry and that of its answer."""
    rows = answers_of(archive.ledger).sort_values(["requested_on", "inquiry_id"], kind="stable")
    case: Ints = np.asarray(pd.Index(cases["debtor_id"]).get_indexer(pd.Index(rows["debtor_id"])))
    frame = pd.DataFrame(
        {
            "case": case,
            "target": archive.roll.target_numbers(rows["target_kind"], rows["target_code"]),
            "requested": days_since_epoch(rows["requested_on"]),
            "known": days_since_epoch(rows["known_on"]),
        }
    )
    return frame[frame["case"] >= 0].drop_duplicates(["case", "target"])
