"""What a run keeps of a backtest: its parameters and its figures on the later cases."""

from __future__ import annotations

from dataclasses import asdict

from features.ledger.snapshot import Ledger
from features.matrix import CATALOGUE_VERSION
from training.backtest import Backtest, Terms
from training.experiment import Experiment
from training.metrics import Better, Figure
from training.record import TrainingRecord


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
    )


def figures_of(found: Backtest) -> dict[str, Figure]:
    """Return the figures of the later cases, by ``ranking.metric`` and ``policy.reward.method``."""
    every, errors = found.tables["metrics"], found.tables["calibration"]
    figures = {}
    for row in every[(every["split"] == "time") & (every["band"] == "all")].to_dict("records"):
        name = f"{row['ranking']}.{row['metric']}"
        figures[name] = Figure(row["mean"], row["low"], row["high"], Better(row["better"]))
    for row in errors[errors["band"] == "all"].to_dict("records"):
        better = Better.LOWER if row["measure"] == "error" else Better.HIGHER
        name = f"{row['ranking']}.calibration_{row['measure']}"
        figures[name] = Figure(row["value"], row["low"], row["high"], better)
    for row in found.tables["policy_value"].to_dict("records"):
        name = f"{row['policy']}.{row['reward']}.{row['method']}"
        figures[name] = Figure(row["value"], row["low"], row["high"])
    return figures
