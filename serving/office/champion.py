"""The champion: the bundle in use, taught, registered and fetched for this home."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from models.bundle import Bundle, BundleProblem, load_bundle
from serving.office.belonging import require_own_home, require_own_place
from serving.office.staff_key import known_key, made_key
from serving.problems import Problem
from serving.settings import Settings
from serving.terminal.places import require_store
from training.registry.registry import Registry
from training.registry.store import RegistryProblem

if TYPE_CHECKING:
    from features.ledger.intake import Reading
    from features.ledger.snapshot import Ledger
    from training.experiment import Experiment
    from training.school import Schooling

log = logging.getLogger(__name__)

FIRST = "最初のモデルのため、承認を待たずに採用"
Say = Callable[[str], None]


def registry_of(settings: Settings) -> Registry:
    """Return the registry that the settings name; what it mends is said in the terminal and in the log."""
    return Registry(settings.mlflow_uri, settings.home, _told)


def _told(sentence: str) -> None:
    from serving.terminal.commands import say  # noqa: PLC0415

    say(sentence)
    if log.hasHandlers():  # a log is kept while the service runs; without one it would be said twice
        log.warning(sentence)


def require_registry(settings: Settings, to_write: bool = False) -> None:
    """Refuse a registry that cannot be used, before the long work.

    To read, the last champion that was fetched is enough.
    """
    registry = registry_of(settings)
    try:
        require_store(settings.mlflow_uri)
        registry.champion()
    except RegistryProblem as broken:
        if to_write:
            raise Problem(str(broken), code="registry") from None
        _require_local(registry, broken)


def _require_local(registry: Registry, broken: RegistryProblem) -> None:
    try:
        registry.local_or(broken)
    except RegistryProblem as none:
        raise Problem(str(none), code="registry") from None


def require_trained(settings: Settings) -> None:
    """Refuse a home without any model; nothing is written."""
    registry = registry_of(settings)
    try:
        known = registry.champion() is not None
    except RegistryProblem:
        known = True  # the last one fetched serves: see require_registry
    if not known:
        raise Problem(
            "このホームではまだ何も学習していないため、担当案を作れません。",
            "先に tegakari train を実行してください。",
            "matching",
        )


def train(settings: Settings, experiment: Experiment, reading: Reading, say: Say) -> Schooling:
    """Learn from what was read and register it; the first champion of an empty home is journalled."""
    from training.school import teach  # noqa: PLC0415

    require_own_home(settings, reading.ledger.municipality.place)
    try:
        schooling = teach(
            experiment=experiment,
            ledger=reading.ledger,
            set_aside=len(reading.faults),
            registry=registry_of(settings),
            key=made_key(settings),
            say=say,
        )
    except RegistryProblem as broken:
        raise Problem(str(broken), code="registry") from None
    _journal_first(settings, schooling, reading)
    return schooling


def known_version(settings: Settings, reading: Reading) -> int | None:
    """Return the champion's number where it was learnt from these very records, else None."""
    try:
        version = registry_of(settings).champion()
        if version is None:
            return None
        bundle = champion(settings)
    except (RegistryProblem, Problem):
        return None
    # The rules are registered with the records that they first ranked: nothing was learnt from those.
    learnt = bundle.ranker is not None or bundle.difficulty is not None
    return version.number if learnt and bundle.data_hash == reading.ledger.fingerprint else None


def require_own(bundle: Bundle, ledger: Ledger) -> None:
    """Refuse a model that was learnt from another municipality's records: a home belongs to one."""
    require_own_place(bundle.place, ledger.municipality.place)


def champion(settings: Settings) -> Bundle:
    """Return the bundle in use; Problem where there is none, or it cannot be used."""
    try:
        folder = registry_of(settings).fetch_champion()
        return load_bundle(folder, folder.name, known_key(settings))
    except (RegistryProblem, BundleProblem) as broken:
        raise Problem(str(broken), code="model") from None


def champion_or_rules(settings: Settings, reading: Reading, say: Say) -> Bundle:
    """Return the bundle in use; an empty home first gets the officers' rules as its champion."""
    from training.experiment import Experiment  # noqa: PLC0415
    from training.school import enrol, unlearnt  # noqa: PLC0415

    try:
        if registry_of(settings).champion() is None:
            experiment = Experiment(settings.home)
            bundle = unlearnt(reading.ledger)
            registry = registry_of(settings)
            schooling = enrol(
                experiment,
                reading.ledger,
                bundle,
                metrics={},
                set_aside=len(reading.faults),
                registry=registry,
            )
            _journal_first(settings, schooling, reading)
    except RegistryProblem as broken:
        _require_local(registry_of(settings), broken)
    bundle = champion(settings)
    require_own(bundle, reading.ledger)
    if bundle.ranker is None:
        say("学習したモデルがないため、職員の経験則で順位を付けます(tegakari train で学習できます)。")
    return bundle


def _journal_first(settings: Settings, schooling: Schooling, reading: Reading) -> None:
    from serving.terminal.commands import set_champion  # noqa: PLC0415

    if schooling.first and schooling.version is not None:
        number, data = str(schooling.version.number), reading.ledger.fingerprint
        set_champion(settings, number, data, ground=FIRST)
