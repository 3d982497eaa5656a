"""What a run keeps of a backtest: its parameters and its figures on the later cases."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from features.ledger.snapshot import Ledger
from features.matrix import CATALOGUE_VERSION
from training.backtest import Backtest, Terms
from training.experiment import Experiment
from training.metrics import Better, Figure
from training.record import Part, TrainingRecord


def record_of(
    found: Backtest, experiment: Experiment, terms: Terms, ledger: Ledger, set_aside: int
) -> TrainingRecord:
    """Return the record of a backtest on ``ledger``, of which ``set_aside`` rows could not be read."""
    return TrainingRecord(
        experiment.params | asdict(terms) | {"leak_flagged": found.gap.flagged},
        figures_of(found),
        ledger.fingerprint,
        {name: len(frame) for name, frame in ledger.frames.items()},
        set_aside,
        experiment.seed,
        CATALOGUE_VERSION,
        parts=parts_of(found),
    )


def parts_of(found: Backtest) -> tuple[Part, ...]:
    """Return each split of the cases (by time, at random) with the figures of its own."""
    every = found.tables["metrics"]
    return tuple(
        Part(
            f"split-{split}",
            _ranking_figures(every, split),
            {"cases": found.facts[cases], "cases_with_hit": found.facts[f"{cases}_with_hit"]},
        )
        for split, cases in (("time", "cases"), ("random", "random_cases"))
    )


def figures_of(found: Backtest) -> dict[str, Figure]:
    """Return the figures of the later cases, by ``ranking.metric`` and ``policy.reward.method``."""
    errors = found.tables["calibration"]
    figures = _ranking_figures(found.tables["metrics"], "time")
    for row in errors[errors["band"] == "all"].to_dict("records"):
        better = Better.LOWER if row["measure"] == "error" else Better.HIGHER
        name = f"{row['ranking']}.calibration_{row['measure']}"
        figures[name] = Figure(row["value"], row["low"], row["high"], better)
    for row in found.tables["policy_value"].to_dict("records"):
        name = f"{row['policy']}.{row['reward']}.{row['method']}"
        figures[name] = Figure(row["value"], row["low"], row["high"])
    return figures


def _ranking_figures(every: pd.DataFrame, split: str) -> dict[str, Figure]:
    rows = every[(every["split"] == split) & (every["band"] == "all")].to_dict("records")
    return {
        f"{row['ranking']}.{row['metric']}": Figure(
            row["mean"], row["low"], row["high"], Better(row["better"])
        )
        for row in rows
    }
