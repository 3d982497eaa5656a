"""The outbox: runs that a server could not take, kept in the home's own store until they are sent."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from training.registry.parcel import Parcel
from training.registry.registry import Registry
from training.registry.store import EXPERIMENT, KEY_TAG, PARENT_TAG, RegistryProblem, Store, default_uri
from training.registry.version import DIGEST_TAG, Version

if TYPE_CHECKING:
    from mlflow.entities import Run

PENDING_TAG = "tegakari.pending"
WAITS, SENT = "waits", "sent"


@dataclass(frozen=True)
class Waiting:
    """A run that waits in the home: what it is, its id there, its key, whose data, if it holds a bundle."""

    name: str
    run_id: str
    key: str
    data_hash: str
    has_bundle: bool


@dataclass(frozen=True)
class Sent:
    """A run that a server has now, and its version there if it holds a bundle."""

    name: str
    run_id: str
    version: Version | None


class Outbox:
    """What waits in the home of ``registry``, whose tracking URI names a server."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.local = Store(default_uri(registry.home), registry.home)

    def take(self, parcel: Parcel) -> Version | None:
        """Register a parcel, or where the server fails keep it here and return None."""
        try:
            return self.registry.take(parcel)
        except RegistryProblem:
            if self.registry.store.own:
                raise
            self._keep(parcel)
            return None

    def file(self, parcel: Parcel) -> bool:
        """Keep a parcel without a bundle at the server, or here; return whether the server took it."""
        try:
            self.registry.file(parcel)
        except RegistryProblem:
            if self.registry.store.own:
                raise
            self._keep(parcel)
            return False
        return True

    def waiting(self) -> list[Waiting]:
        """Return what waits, oldest first."""
        if self.registry.store.own or self.local.untouched:
            return []
        with self.local.calm():
            found = _runs(self.local, f"tags.`{PENDING_TAG}` = '{WAITS}'")
            return [
                Waiting(
                    str(run.info.run_name),
                    str(run.info.run_id),
                    run.data.tags[KEY_TAG],
                    run.data.tags["data_hash"],
                    DIGEST_TAG in run.data.tags,
                )
                for run in found
            ]

    def send(self, waiting: Waiting) -> Sent:
        """Bring one run to the server; what came to it only in part before is replaced.

        Raises RegistryProblem when the server fails; then the run waits on, and may be sent again.
        """
        store = self.registry.store
        with store.calm():
            there = _runs(store, f"tags.`{KEY_TAG}` = '{waiting.key}'")
            whole = [run for run in there if run.info.status == "FINISHED"]
            for broken in (run for run in there if run.info.status != "FINISHED"):
                _drop(store, str(broken.info.run_id))
            run_id = str(whole[0].info.run_id) if whole else _copy(self.local, waiting.run_id, store, {})
            version = self.registry.register(run_id) if waiting.has_bundle else None
        with self.local.calm():
            self.local.client().set_tag(waiting.run_id, PENDING_TAG, SENT)
        return Sent(waiting.name, run_id, version)

    def _keep(self, parcel: Parcel) -> None:
        with self.local.calm():
            parcel.put_into(self.local, [(PENDING_TAG, WAITS)])


def _runs(store: Store, where: str) -> list[Run]:
    client = store.client()
    known = client.get_experiment_by_name(EXPERIMENT)
    if known is None:
        return []
    order = ["attributes.start_time ASC"]
    return list(client.search_runs([known.experiment_id], where, max_results=5000, order_by=order))


def _drop(store: Store, run_id: str) -> None:
    """Delete a run and its nested runs."""
    for part in _runs(store, f"tags.`{PARENT_TAG}` = '{run_id}'"):
        _drop(store, str(part.info.run_id))
    store.client().delete_run(run_id)


def _copy(here: Store, run_id: str, there: Store, tags: Mapping[str, str]) -> str:
    """Copy a run with its artifacts and its nested runs; return its id there."""
    run = here.client().get_run(run_id)
    own = {key: text for key, text in run.data.tags.items() if not key.startswith("mlflow.")}
    own.pop(PENDING_TAG, None)
    names = {KEY_TAG: own.pop(KEY_TAG)} if KEY_TAG in own else {}
    with there.run(str(run.info.run_name), {**names, **tags}) as made:
        there.write(made, run.data.params, run.data.metrics, own)
        with tempfile.TemporaryDirectory(prefix="tegakari-") as scratch:
            for each in here.client().list_artifacts(run_id):
                here.client().download_artifacts(run_id, each.path, scratch)
            if any(Path(scratch).iterdir()):
                there.client().log_artifacts(made, scratch)
        for part in _runs(here, f"tags.`{PARENT_TAG}` = '{run_id}'"):
            _copy(here, str(part.info.run_id), there, {PARENT_TAG: made})
    return made
