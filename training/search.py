"""The search: settings that rank later cases better, tried in folds by time and judged on a fold held out.

What was tried is kept in a SQLite file, so that the same search, started again, goes on where it stopped.
With one worker it is repeatable: what a trial tries depends on the seed and on the trials before it.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from features.ledger.snapshot import Ledger
from features.matrix import CATALOGUE_VERSION
from models.ranker import RankerSettings
from training.experiment import Experiment
from training.metrics import DIRECTIONS, Figure, case_figures, paired_difference
from training.search_space import SPACE, present
from training.splits import MATURE_DAYS
from training.time_folds import time_folds

if TYPE_CHECKING:
    from optuna import Study
    from optuna.storages import RDBStorage
    from optuna.trial import FrozenTrial

GOAL = "ndcg_at_10"
"""What is searched for: it counts every place and how much of the arrears a find pays, so it is less noisy
than the first target alone; higher is better."""

SHOWN = ("hit_at_1", "hit_at_5", "cover_at_5", GOAL)
STUDY_FILE = "search.db"
_BEFORE_PRUNING = 5  # trials that are run in full before any is stopped after a fold
_SEEDS = 2**32  # numpy takes no larger one

Say = Callable[[str], None]


@dataclass(frozen=True)
class Terms:
    """``trials`` in all, those of earlier sittings included; ``folds`` by time beside the one held out.

    ``share`` of the settled case days that each is judged on; ``mature_days`` until silence is settled.
    """

    trials: int = 30
    folds: int = 3
    share: float = 0.2
    mature_days: int = MATURE_DAYS

    def __post_init__(self) -> None:
        for name in ("trials", "folds", "mature_days"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} は 1 以上で指定してください({getattr(self, name)})。")
        if not 0 < self.share < 1:
            raise ValueError(f"share は 0 と 1 の間で指定してください({self.share})。")


class Judge(Protocol):
    """Whatever says how good settings are on some cases."""

    def scores(self, settings: RankerSettings) -> pd.DataFrame:
        """Return the metrics of each case (``training.metrics.case_metrics``)."""
        ...


@dataclass(frozen=True)
class Tried:
    """One trial: its settings, the figures of each fold it came to, its mean, and whether it was stopped."""

    number: int
    settings: dict[str, float]
    folds: tuple[dict[str, Figure], ...]
    value: float
    pruned: bool


@dataclass(frozen=True)
class Found:
    """What a search found; ``ours``, ``theirs`` and ``gain`` on the fold held out, by metric.

    ``ours``: the best settings, ``theirs``: the present ones, ``gain``: their difference, case by case.
    """

    best: Experiment
    present: Experiment
    tried: tuple[Tried, ...]
    ours: dict[str, Figure]
    theirs: dict[str, Figure]
    gain: dict[str, Figure]
    cases: int
    border: str

    @property
    def better(self) -> bool:
        """Whether the best settings are better than the present ones beyond chance."""
        return self.gain[GOAL].low > 0


class StudyProblem(ValueError):  # noqa: N818 - a finding for the reader, not a fault of the program
    """What was tried before cannot be read; the text is one Japanese sentence with what to do."""


def require_searchable(experiment: Experiment, home: Path) -> None:
    """Refuse what no search can begin with, before any record is read; nothing is written.

    Raises ValueError where a present setting lies outside the space, StudyProblem where the file of
    earlier trials cannot be used.
    """
    present(experiment)
    file = home / STUDY_FILE
    if not file.exists():
        return
    from optuna.exceptions import OptunaError  # noqa: PLC0415
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    try:
        with _kept(file) as storage:
            storage.get_all_studies()
    except (OptunaError, SQLAlchemyError, RuntimeError):
        raise StudyProblem(
            f"これまでの探索の記録({STUDY_FILE})を読み取れません。"
            "別の場所に移してからもう一度実行してください(初めから探索します)。"
        ) from None


def search(experiment: Experiment, ledger: Ledger, terms: Terms, home: Path, say: Say) -> Found:
    """Search from the settings of ``experiment`` on; FoldProblem where the records are too few.

    Raises ValueError where a present setting lies outside the space.
    """
    present(experiment)
    say("時間で分けた組を用意しています…")
    *folds, held = time_folds(ledger, terms.folds, terms.share, terms.mature_days, experiment.seed)
    tried = run_trials(home / STUDY_FILE, _name(experiment, ledger, terms), experiment, folds, terms, say)
    best = _with(experiment, max((each for each in tried if not each.pruned), key=_value).settings)
    say(f"最良の設定と現在の設定を、探索に使わなかった{held.border}以後の事案で比べています…")
    ours, theirs = held.scores(best.ranker), held.scores(experiment.ranker)
    return Found(
        best,
        experiment,
        tried,
        _shown(case_figures(ours, DIRECTIONS)),
        _shown(case_figures(theirs, DIRECTIONS)),
        {name: paired_difference(ours[name], theirs[name], DIRECTIONS[name]) for name in SHOWN},
        held.cases,
        held.border.isoformat(),
    )


def run_trials(  # noqa: PLR0917 - where it is kept, and what is tried
    file: Path, name: str, experiment: Experiment, folds: Sequence[Judge], terms: Terms, say: Say
) -> tuple[Tried, ...]:
    """Try settings until there are ``terms.trials`` in the study ``name`` of ``file``; return them all.

    The first are the present ones. One that the median of the others outdoes after a fold is stopped there.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with _study(file, name) as study:
        _go_on(study, experiment, folds, terms, say)
        return tuple(_tried(each) for each in _ended(study))


def _go_on(
    study: Study,
    experiment: Experiment,
    folds: Sequence[Judge],
    terms: Terms,
    say: Say,
) -> None:
    from optuna.samplers import TPESampler  # noqa: PLC0415
    from optuna.trial import TrialState  # noqa: PLC0415

    for broken in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(broken.number, state=TrialState.FAIL)
    done = len(_ended(study))
    if done:
        say(f"前回までの{done}回の続きから始めます。")
    for number in range(done, terms.trials):
        # A seed of its own for each trial: a search that was interrupted tries what an unbroken one would.
        seed = (experiment.seed * 100_003 + number) % _SEEDS
        study.sampler = TPESampler(seed=seed, n_startup_trials=8)
        if number == 0 and not study.get_trials(deepcopy=False, states=(TrialState.WAITING,)):
            study.enqueue_trial(present(experiment))
        trial = study.ask()
        settings = {each.name: each.suggested(trial) for each in SPACE}
        figures: list[dict[str, Figure]] = []
        stopped = False
        for place, fold in enumerate(folds):
            scores = fold.scores(_with(experiment, settings).ranker)
            figures.append(_shown(case_figures(scores, DIRECTIONS)))
            trial.report(_mean(figures), place)
            stopped = number > 0 and place + 1 < len(folds) and trial.should_prune()
            if stopped:
                break
        trial.set_user_attr("folds", json.dumps([_plain(each) for each in figures]))
        if stopped:
            study.tell(trial, state=TrialState.PRUNED)
        else:
            study.tell(trial, _mean(figures))
        ending = f"打切り({len(figures)}/{len(folds)}組)" if stopped else f"{GOAL} {_mean(figures):.4f}"
        say(f"[{number + 1}/{terms.trials}] {_told(settings)}: {ending} 最良 {study.best_value:.4f}")


@contextmanager
def _kept(file: Path) -> Iterator[RDBStorage]:
    import optuna  # noqa: PLC0415

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        storage = optuna.storages.RDBStorage(f"sqlite:///{file}")
        try:
            yield storage
        finally:
            storage.remove_session()
            storage.engine.dispose()


@contextmanager
def _study(file: Path, name: str) -> Iterator[Study]:
    import optuna  # noqa: PLC0415

    with _kept(file) as storage:
        pruner = optuna.pruners.MedianPruner(n_startup_trials=_BEFORE_PRUNING)
        yield optuna.create_study(
            storage=storage, pruner=pruner, study_name=name, direction="maximize", load_if_exists=True
        )


def _ended(study: Study) -> list[FrozenTrial]:
    from optuna.trial import TrialState  # noqa: PLC0415

    return study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))


def _name(experiment: Experiment, ledger: Ledger, terms: Terms) -> str:
    """Return the name of the study: another one for other records, features, folds, space or start."""
    rest = (terms.folds, terms.share, terms.mature_days, experiment.seed)
    said = repr((ledger.fingerprint, CATALOGUE_VERSION, rest, SPACE, sorted(present(experiment).items())))
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def _tried(trial: FrozenTrial) -> Tried:
    figures = tuple(
        {name: Figure(value, low, high, DIRECTIONS[name]) for name, (value, low, high) in each.items()}
        for each in json.loads(trial.user_attrs["folds"])
    )
    pruned = trial.value is None or trial.state.name == "PRUNED"
    settings = {each.name: each.rounded(trial.params[each.name]) for each in SPACE}
    return Tried(trial.number, settings, figures, _mean(figures), pruned)


def _with(experiment: Experiment, settings: dict[str, float]) -> Experiment:
    return replace(experiment, **settings)  # type: ignore[arg-type]


def _shown(figures: dict[str, Figure]) -> dict[str, Figure]:
    return {name: figures[name] for name in SHOWN}


def _plain(figures: dict[str, Figure]) -> dict[str, tuple[float, float, float]]:
    return {name: (each.value, each.low, each.high) for name, each in figures.items()}


def _value(tried: Tried) -> float:
    return tried.value


def _mean(folds: Sequence[dict[str, Figure]]) -> float:
    return sum(each[GOAL].value for each in folds) / len(folds)


def _told(settings: dict[str, float]) -> str:
    return " ".join(f"{name}={value:.3g}" for name, value in settings.items())
