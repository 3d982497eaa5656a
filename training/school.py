"""The school: one whole training, from records to a registered version."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from features.ledger.snapshot import Ledger
from features.matrix import CATALOGUE_VERSION
from features.tally import Floats, Ints
from models.bundle import Bundle
from models.hardship import written_rule
from models.know_how import hit_medians
from models.plan import terms_of
from training.calibration import calibration
from training.course import Lesson, learn
from training.expectation import told
from training.experiment import Experiment
from training.metrics import Better, Figure, bootstrap
from training.record import TrainingRecord
from training.registry import Registry, Version

Say = Callable[[str], None]


@dataclass(frozen=True)
class Schooling:
    """A training that took place: the version registered, and whether it became the first champion."""

    version: Version
    first: bool
    metrics: dict[str, Figure]


def teach(
    *,
    experiment: Experiment,
    ledger: Ledger,
    set_aside: int,
    registry: Registry,
    key: str,
    say: Say,
) -> Schooling:
    """Learn from ``ledger``, keep the run, register the bundle; the first version becomes champion.

    ``key``: the bundle is stored with officers under pseudonyms of it.
    """
    lesson = learn(ledger, experiment.ranker, say)
    say(told(lesson.examples.asked, lesson.examples.hits, lesson.bundle.ranker is not None))
    say("モデルを登録しています…")
    return enrol(
        experiment,
        ledger,
        lesson.bundle.under(key),
        metrics=figures_of(lesson),
        set_aside=set_aside,
        registry=registry,
    )


def enrol(
    experiment: Experiment,
    ledger: Ledger,
    bundle: Bundle,
    *,
    metrics: dict[str, Figure],
    set_aside: int,
    registry: Registry,
) -> Schooling:
    """Keep a run with ``bundle`` and register it; the first version of a registry becomes champion."""
    rows = {name: len(frame) for name, frame in ledger.frames.items()}
    record = TrainingRecord(
        experiment.params | {"learnt": bundle.ranker is not None},
        metrics,
        ledger.fingerprint,
        rows,
        set_aside,
        experiment.seed,
        CATALOGUE_VERSION,
    )
    with tempfile.TemporaryDirectory(prefix="tegakari-") as scratch:
        folder = Path(scratch) / "bundle"
        bundle.save(folder)
        version = registry.log_training(record, folder)
    first = registry.champion() is None
    if first:
        registry.set_champion(version)
    return Schooling(version, first, metrics)


def unlearnt(ledger: Ledger) -> Bundle:
    """Return the bundle of an office that has learnt nothing: the officers' rules rank."""
    return Bundle(
        None,
        None,
        terms_of(ledger),
        hit_medians(ledger),
        ledger.fingerprint,
        ledger.day.isoformat(),
        tuple(sorted(ledger.municipality.opt_in)),
        hardship=written_rule(),
    )


def figures_of(lesson: Lesson) -> dict[str, Figure]:
    """Return what the held-back folds say, on answered inquiries alone: of the others nothing is known.

    ``asked_hit_at_1``: share of cases with a hit whose best-ranked asked target hit; beside it the officers'
    rules on the same pairs. ``calibration_error``: of the probability of a hit.
    """
    if lesson.held_back is None:
        return {"answers": Figure(float(lesson.examples.asked), np.nan, np.nan, Better.HIGHER)}
    asked = lesson.examples.outcomes.asked
    hit, case = lesson.examples.outcomes.hit[asked], lesson.examples.pairs.case[asked]
    held = lesson.held_back
    error = calibration(held.probability[asked], hit).error
    return {
        "answers": Figure(float(asked.sum()), np.nan, np.nan, Better.HIGHER),
        "asked_hit_at_1": bootstrap(_first_hits(case, held.share[asked], hit)),
        "asked_hit_at_1_know_how": bootstrap(_first_hits(case, held.rules[asked], hit)),
        "calibration_error": Figure(error, np.nan, np.nan, Better.LOWER),
    }


def _first_hits(case: Ints, score: Floats, hit: Floats) -> pd.Series:
    """Return per case with any hit whether its best-scored pair hit (ties: the earlier pair)."""
    frame = pd.DataFrame({"case": case, "score": -score, "hit": hit})
    frame = frame[frame.groupby("case")["hit"].transform("max") > 0]
    return frame.sort_values(["case", "score"], kind="stable").groupby("case")["hit"].first()
