"""The course: from a ledger to a bundle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from features.archive import Archive
from features.ledger.snapshot import Ledger
from features.matrix import Matrix, build_matrix
from features.officers import finished_work
from features.profile import build_profiles
from models.bundle import Bundle
from models.difficulty import Difficulty, fit_difficulty
from models.know_how import hit_medians
from models.plan import terms_of
from models.ranker import HeldBack, RankerSettings, fit_ranker
from training.examples import Examples, examples_of
from training.hardship import learn_hardship
from training.present import reference_of
from training.second_round import learn_rounds

LEAST_HITS = 60
"""Hits below which nothing is learnt from outcomes: the officers' rules rank."""

LEAST_WORK = 50
"""Ended assignments below which minutes are not forecast."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Lesson:
    """What was learnt: the bundle, the examples it rests on, what held-back folds said (None: nothing).

    ``matrix``: of the examples, where something was learnt from them.
    """

    bundle: Bundle
    examples: Examples
    held_back: HeldBack | None
    matrix: Matrix | None = None


def learn(ledger: Ledger, settings: RankerSettings, say: Say = lambda _: None) -> Lesson:
    """Return what ``ledger`` teaches as of its day."""
    archive = Archive(ledger)
    say("調査と回答を学習用に並べています…")
    examples = examples_of(archive, settings.seed)
    matrix = ranker_matrix(archive, examples, say)
    ranker, held_back = None, None
    if matrix is not None:
        say("調査先の順位を学習しています…")
        ranker, held_back = fit_ranker(matrix, examples.outcomes, settings)
    say("事案の難易度を学習しています…")
    bundle = Bundle(
        ranker,
        learn_difficulty(ledger, settings),
        terms_of(ledger),
        hit_medians(ledger),
        ledger.fingerprint,
        ledger.day.isoformat(),
        tuple(sorted(ledger.municipality.opt_in)),
        rounds=None if held_back is None else learn_rounds(archive, examples, held_back.probability),
        hardship=learn_hardship(
            archive, examples, None if held_back is None else held_back.probability, settings.seed
        ),
        reference=reference_of(archive, ranker, settings.seed),
        place=ledger.municipality.place,
    )
    return Lesson(bundle, examples, held_back, matrix)


def ranker_matrix(archive: Archive, examples: Examples, say: Say = lambda _: None) -> Matrix | None:
    """Return the matrix that the ranker learns from, or None where there are too few hits."""
    if examples.hits < LEAST_HITS:
        say("判明した回答が少ないため、職員の経験則で順位を付けます。")
        return None
    say(f"{examples.asked:,}件の回答（判明{examples.hits:,}件）から学習します。特徴量を作っています…")
    return build_matrix(archive, examples.pairs)


def learn_difficulty(ledger: Ledger, settings: RankerSettings) -> Difficulty | None:
    """Return the forecast of minutes from ended work, or None where there is too little of it."""
    work = finished_work(ledger)
    work = work[work["debtor_id"].isin(ledger["debtors"]["debtor_id"]) & (work["selecting_minutes"] > 0)]
    work = work.reset_index(drop=True)
    if len(work) < LEAST_WORK:
        return None
    profiles = build_profiles(ledger, work[["debtor_id", "day"]])
    return fit_difficulty(profiles, work, work, seed=settings.seed, num_threads=settings.threads)
