"""The school: one whole training, from records to a registered version."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from features.ledger.snapshot import Ledger
from features.matrix import CATALOGUE_VERSION
from models.bundle import Bundle
from models.hardship import written_rule
from models.know_how import hit_medians
from models.plan import terms_of
from models.ranker import HeldBack
from training.calibration import calibration_figures
from training.course import Lesson, learn
from training.examples import Examples
from training.expectation import told
from training.experiment import Experiment
from training.metrics import Better, Figure
from training.papers.evidence import Evidence, evidence_of
from training.papers.folder import write_papers
from training.papers.growth_curve import first_hits
from training.record import Part, TrainingRecord
from training.registry.outbox import Outbox
from training.registry.parcel import Parcel
from training.registry.registry import Registry
from training.registry.version import Version

Say = Callable[[str], None]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Schooling:
    """A training that took place: the version registered, and whether it became the first champion.

    ``version`` None: the server failed, and the run waits in the home to be sent.
    """

    version: Version | None
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
    say("図表とモデルカードを作っています…")
    evidence = evidence_of(lesson, ledger, experiment.ranker)
    say("モデルを登録しています…")
    return enrol(
        experiment,
        ledger,
        lesson.bundle.under(key),
        metrics=figures_of(lesson),
        set_aside=set_aside,
        registry=registry,
        evidence=evidence,
        parts=parts_of(lesson),
    )


def enrol(
    experiment: Experiment,
    ledger: Ledger,
    bundle: Bundle,
    *,
    metrics: dict[str, Figure],
    set_aside: int,
    registry: Registry,
    evidence: Evidence | None = None,
    parts: tuple[Part, ...] = (),
) -> Schooling:
    """Keep a run with ``bundle`` and register it; the first (or the first that learnt) becomes champion."""
    rows = {name: len(frame) for name, frame in ledger.frames.items()}
    record = TrainingRecord(
        experiment.params | {"learnt": bundle.ranker is not None},
        metrics,
        ledger.fingerprint,
        rows,
        set_aside,
        experiment.seed,
        CATALOGUE_VERSION,
        parts=parts,
    )
    with tempfile.TemporaryDirectory(prefix="tegakari-") as scratch:
        folder, papers = Path(scratch) / "bundle", Path(scratch) / "papers"
        bundle.save(folder)
        write_papers(record, bundle, evidence, papers)
        version = Outbox(registry).take(Parcel("train", record, papers, folder))
    if version is None:
        return Schooling(None, False, metrics)
    first = _is_first(registry, version, bundle)
    if first:
        registry.set_champion(version)
    return Schooling(version, first, metrics)


def _is_first(registry: Registry, version: Version, bundle: Bundle) -> bool:
    """Return whether nothing stands against putting a version into use: none was there, or none that learnt.

    The officers' rules, which rank until something was learnt, are registered too, so that the journal can
    name what ranked; the first model that learnt takes over from them as from an empty home.
    """
    if registry.champion() is None:
        return True
    earlier = [each for each in registry.versions() if each.number < version.number]
    learnt = any(registry.params_of(each).get("learnt") != "False" for each in earlier)
    return bundle.ranker is not None and not learnt


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
        place=ledger.municipality.place,
    )


def figures_of(lesson: Lesson) -> dict[str, Figure]:
    """Return what the held-back folds say, on answered inquiries alone: of the others nothing is known.

    ``asked_hit_at_1``: share of cases with a hit whose best-ranked asked target hit; beside it the officers'
    rules on the same pairs. ``calibration_error``: of the probability of a hit.
    """
    if lesson.held_back is None:
        return {"answers": Figure(float(lesson.examples.asked), np.nan, np.nan, Better.HIGHER)}
    return _figures(lesson.examples, lesson.held_back, lesson.examples.outcomes.asked)


def parts_of(lesson: Lesson) -> tuple[Part, ...]:
    """Return the figures of each fold held back; nothing where nothing was learnt."""
    held, asked = lesson.held_back, lesson.examples.outcomes.asked
    if held is None:
        return ()
    folds = range(int(held.fold.max()) + 1)
    return tuple(
        Part(f"fold-{number + 1}", _figures(lesson.examples, held, asked & (held.fold == number)))
        for number in folds
        if (asked & (held.fold == number)).any()
    )


def _figures(examples: Examples, held: HeldBack, rows: Flags) -> dict[str, Figure]:
    hit, case = examples.outcomes.hit[rows], examples.pairs.case[rows]
    trust = calibration_figures(held.probability[rows], hit, case)
    return {
        "answers": Figure(float(rows.sum()), np.nan, np.nan, Better.HIGHER),
        "asked_hit_at_1": first_hits(case, held.share[rows], hit),
        "asked_hit_at_1_know_how": first_hits(case, held.rules[rows], hit),
        "calibration_error": trust["error"],
        "resolution": trust["resolution"],
    }
