"""The registry of trainings and bundles: the only file that knows MLflow.

A bundle is a folder of plain files (text and JSON, never a pickle). Its files are artifacts of the run that
made them; a version of the registered model ``tegakari`` points at them and carries their digest. The alias
``champion`` names the version in use. What was fetched once is kept under the home folder, so that serving
goes on when the server does not. Nothing here calls anywhere but the tracking URI.
"""

from __future__ import annotations

import logging
import math
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from training.copies import Pointer, digest_of, locked, point_at, pointed, unharmed
from training.record import TrainingRecord

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

MODEL = "tegakari"
CHAMPION = "champion"
BUNDLE = "bundle"
PLOTS = "plots"
REPORT = "report"
VERDICTS = "verdicts"
DIGEST_TAG = "bundle_sha256"

_FORCED = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_LOGGING_LEVEL": "ERROR",
    "GIT_PYTHON_REFRESH": "quiet",
}
_DEFAULTS = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "0",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
}
_LOUD = ("mlflow", "alembic", "urllib3")
_BATCH = 90  # the server takes at most 100 parameters or tags in one call


class RegistryProblem(ValueError):  # noqa: N818 - a finding for the reader, not a fault of the program
    """The registry cannot be used; the message is one Japanese sentence with what to do."""


@dataclass(frozen=True)
class Version:
    """A registered bundle: its number, the run that made it, and the SHA-256 of its files."""

    number: int
    run_id: str
    digest: str


def default_uri(home: Path) -> str:
    """Return the tracking URI of a home without a server: a SQLite file in the home folder."""
    return f"sqlite:///{(home / 'mlflow.db').resolve().as_posix()}"


class Registry:
    """Trainings and versions kept at ``tracking_uri``; local copies and artifacts under ``home``."""

    def __init__(self, tracking_uri: str, home: Path) -> None:
        self.tracking_uri = tracking_uri
        self.home = home
        self._opened: MlflowClient | None = None

    def log_training(
        self, run: TrainingRecord, bundle_folder: Path, plots: Sequence[Path] = (), name: str = "train"
    ) -> Version:
        """Keep one training as a run with its bundle and plots, and register the bundle as a new version.

        Raises RegistryProblem when the store fails or the folder holds no file; no version exists then.
        """
        if not bundle_folder.is_dir() or not any(bundle_folder.iterdir()):
            raise RegistryProblem(
                "登録するモデルのフォルダが空です。もう一度 tegakari train を実行してください。"
            )
        with self._calm(), self._run(run, name) as (client, run_id):
            client.log_artifacts(run_id, str(bundle_folder), BUNDLE)
            for plot in plots:
                client.log_artifact(run_id, str(plot), PLOTS)
            return self._register(client, run_id, run, digest_of(bundle_folder))

    def log_backtest(self, run: TrainingRecord, report: Sequence[Path]) -> str:
        """Keep one backtest as a run with the files of its report; return the run's id."""
        with self._calm(), self._run(run, "backtest") as (client, run_id):
            for file in report:
                client.log_artifact(run_id, str(file), REPORT)
            return run_id

    def versions(self) -> list[Version]:
        """Return all registered versions, oldest first."""
        if self._untouched():
            return []
        with self._calm():
            found = self._client().search_model_versions(f"name='{MODEL}'")
            return sorted((_version(each) for each in found), key=lambda version: version.number)

    def set_champion(self, version: Version) -> None:
        """Make ``version`` the one in use."""
        with self._calm():
            self._client().set_registered_model_alias(MODEL, CHAMPION, str(version.number))

    def champion(self) -> Version | None:
        """Return the version in use, or None where there is none yet."""
        if self._untouched():
            return None
        with self._calm():
            from mlflow.exceptions import MlflowException  # noqa: PLC0415

            try:
                return _version(self._client().get_model_version_by_alias(MODEL, CHAMPION))
            except MlflowException as absent:
                if not _is_absence(absent.error_code, str(absent)):
                    raise
                return None

    def fetch_champion(self, into: Path | None = None) -> Path:
        """Return a local folder with the champion's bundle: ``into/<version>`` (default ``home/models``).

        Downloads only what is not there yet; when the server is down, the last champion fetched serves.
        Raises RegistryProblem where there is no champion, or its files are not the ones registered.
        """
        store = into or self.home / "models"
        try:
            version = self.champion()
        except RegistryProblem:
            kept = self.local_champion(store)
            if kept is None:
                raise
            return kept
        if version is None:
            raise RegistryProblem("採用中のモデルがありません。先に tegakari train を実行してください。")
        with locked(self.home):
            version = self.champion() or version  # it may just have been changed
            folder = self.fetch(version, store)
            point_at(store, Pointer(version.number, version.digest))
            return folder

    def local_champion(self, into: Path | None = None) -> Path | None:
        """Return the folder of the last champion fetched, unharmed, without asking the server; else None."""
        store = into or self.home / "models"
        pointer = pointed(store)
        return None if pointer is None else unharmed(store, pointer)

    def version(self, number: int) -> Version:
        """Return the version ``number``; RegistryProblem where there is none."""
        for version in self.versions():
            if version.number == number:
                return version
        raise RegistryProblem(
            f"モデル第{number}版は登録されていません。tegakari train の表示を確かめてください。"
        )

    def fetch(self, version: Version, into: Path | None = None) -> Path:
        """Return a local folder with the bundle of any version; which one is in use does not change."""
        folder = (into or self.home / "models") / str(version.number)
        if not folder.is_dir() or digest_of(folder) != version.digest:
            self._download(version, folder)
        return folder

    def params_of(self, version: Version) -> dict[str, str]:
        """Return the parameters of the training that made ``version``, as text."""
        with self._calm():
            return dict(self._client().get_run(version.run_id).data.params)

    def note(self, version: Version, tags: Mapping[str, str], files: Sequence[Path] = ()) -> None:
        """Put ``tags`` on ``version`` and ``files`` beside its bundle."""
        with self._calm():
            for file in files:
                self._client().log_artifact(version.run_id, str(file), VERDICTS)
            for key, value in tags.items():
                self._client().set_model_version_tag(MODEL, str(version.number), key, value)

    def _download(self, version: Version, folder: Path) -> None:
        with self._calm():
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".fetch-") as scratch:
                self._client().download_artifacts(version.run_id, BUNDLE, scratch)
                fetched = Path(scratch) / BUNDLE
                if not fetched.is_dir() or digest_of(fetched) != version.digest:
                    raise RegistryProblem(
                        f"モデル第{version.number}版のファイルが登録時と異なります(破損の可能性)。"
                        "tegakari train で作り直してください。"
                    )
                if folder.exists():
                    shutil.rmtree(folder)
                fetched.replace(folder)

    def _register(self, client: MlflowClient, run_id: str, run: TrainingRecord, digest: str) -> Version:
        if not client.search_registered_models(f"name='{MODEL}'"):
            client.create_registered_model(MODEL)
        tags = {DIGEST_TAG: digest, "data_hash": run.data_hash, "catalogue": run.catalogue}
        source = f"runs:/{run_id}/{BUNDLE}"
        return _version(
            client.create_model_version(MODEL, source, run_id, tags=tags, await_creation_for=None)
        )

    def _experiment(self, client: MlflowClient) -> str:
        known = client.get_experiment_by_name(MODEL)
        if known is not None:
            return str(known.experiment_id)
        remote = urlsplit(self.tracking_uri).scheme in {"http", "https"}
        location = None if remote else (self.home / "artifacts").resolve().as_uri()
        return str(client.create_experiment(MODEL, artifact_location=location))

    def _untouched(self) -> bool:
        """Whether the store is a SQLite file that does not exist: asking it would create it."""
        address = self.tracking_uri.removeprefix("sqlite:///")
        return address != self.tracking_uri and not Path(address).exists()

    def _client(self) -> MlflowClient:
        if self._opened is None:
            self.home.mkdir(parents=True, exist_ok=True)
            from mlflow import MlflowClient  # noqa: PLC0415

            self._opened = MlflowClient(self.tracking_uri, registry_uri=self.tracking_uri)
        return self._opened

    @contextmanager
    def _run(self, run: TrainingRecord, name: str) -> Iterator[tuple[MlflowClient, str]]:
        """Keep the record as a run for what is done inside; FAILED where that fails."""
        client = self._client()
        run_id = str(client.create_run(self._experiment(client), run_name=name).info.run_id)
        try:
            _log_record(client, run_id, run)
            yield client, run_id
        except BaseException:
            with suppress(Exception):
                client.set_terminated(run_id, status="FAILED")
            raise
        client.set_terminated(run_id)

    @contextmanager
    def _calm(self) -> Iterator[None]:
        """Run MLflow silently and without telemetry; whatever it raises becomes a RegistryProblem."""
        os.environ.update(_FORCED | {key: os.environ.get(key, value) for key, value in _DEFAULTS.items()})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name in _LOUD:
                logging.getLogger(name).setLevel(logging.ERROR)
            try:
                from mlflow.exceptions import MlflowException  # noqa: PLC0415
                from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

                yield
            except (MlflowException, SQLAlchemyError, OSError, ImportError) as failure:
                raise RegistryProblem(
                    f"モデル登録先 {_shown(self.tracking_uri)} を利用できません({type(failure).__name__})。"
                    "トラッキングURIとサーバーの状態を確認してください。"
                ) from failure


def _log_record(client: MlflowClient, run_id: str, run: TrainingRecord) -> None:
    from mlflow.entities import Metric, Param, RunTag  # noqa: PLC0415

    figures: dict[str, float] = {}
    for name, figure in run.metrics.items():
        bounds = {name: figure.value, f"{name}.low": figure.low, f"{name}.high": figure.high}
        figures |= {key: value for key, value in bounds.items() if not math.isnan(value)}  # NaN: not measured
    metrics = [Metric(key, value, 0, 0) for key, value in figures.items()]
    params = [Param(key, str(value)) for key, value in run.params.items()]
    tags = [RunTag(key, value) for key, value in run.tags.items()]
    for start in range(0, max(len(metrics), len(params), len(tags)), _BATCH):
        stop = start + _BATCH
        client.log_batch(run_id, metrics[start:stop], params[start:stop], tags[start:stop])


def _is_absence(code: str, message: str) -> bool:
    """Whether an error says that there is no such model or alias (the latter has no code of its own)."""
    return code == "RESOURCE_DOES_NOT_EXIST" or (
        code == "INVALID_PARAMETER_VALUE" and message.lower().find("registered model alias") >= 0
    )


def _version(entity: ModelVersion) -> Version:
    tags: Mapping[str, str] = entity.tags
    return Version(int(entity.version), str(entity.run_id), tags.get(DIGEST_TAG, ""))


def _shown(uri: str) -> str:
    """Return the URI without a name or password in it."""
    head, at, tail = uri.rpartition("@")
    return f"{head.partition('://')[0]}://…@{tail}" if at and "://" in head else uri
