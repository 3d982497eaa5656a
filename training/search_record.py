"""What a run keeps of a search: a nested run a trial, and in it one a fold."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from features.ledger.snapshot import Ledger
from features.matrix import CATALOGUE_VERSION
from training.metrics import DIRECTIONS, Figure
from training.record import Part, TrainingRecord
from training.search import GOAL, SHOWN, Found, Terms, Tried
from training.search_space import SPACE


def record_of(found: Found, terms: Terms, ledger: Ledger, set_aside: int) -> TrainingRecord:
    """Return the record of a search on ``ledger``, of which ``set_aside`` rows could not be read."""
    best = {f"best.{each.name}": getattr(found.best, each.name) for each in SPACE}
    metrics = {f"best.{name}": figure for name, figure in found.ours.items()}
    metrics |= {f"present.{name}": figure for name, figure in found.theirs.items()}
    metrics |= {f"gain.{name}": figure for name, figure in found.gain.items()}
    return TrainingRecord(
        found.present.params | asdict(terms) | best | {"goal": GOAL, "better": found.better},
        metrics,
        ledger.fingerprint,
        {name: len(frame) for name, frame in ledger.frames.items()},
        set_aside,
        found.present.seed,
        CATALOGUE_VERSION,
        parts=tuple(_part(place, each) for place, each in enumerate(found.tried)),
    )


def trials_table(found: Found) -> pd.DataFrame:
    """Return one row a trial: its settings, its mean goal over its folds, whether it was stopped."""
    return pd.DataFrame(
        [
            {"trial": place + 1, **each.settings, GOAL: each.value, "folds": len(each.folds)}
            | {"pruned": each.pruned}
            for place, each in enumerate(found.tried)
        ]
    )


def held_out_table(found: Found) -> pd.DataFrame:
    """Return [settings, metric, value, low, high, better] on the fold held out."""
    named = {"best": found.ours, "present": found.theirs, "difference": found.gain}
    lines = [
        (who, metric, f.value, f.low, f.high, str(f.better))
        for who, figures in named.items()
        for metric, f in ((name, figures[name]) for name in SHOWN)
    ]
    return pd.DataFrame(lines, columns=["settings", "metric", "value", "low", "high", "better"])


def _part(place: int, tried: Tried) -> Part:
    folds = tuple(Part(f"fold-{number + 1}", figures) for number, figures in enumerate(tried.folds))
    mean = {GOAL: Figure(tried.value, better=DIRECTIONS[GOAL])}
    name = f"trial-{place + 1:03d}"
    return Part(name, mean, {**tried.settings, "pruned": tried.pruned}, folds)
