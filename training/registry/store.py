"""The store: one MLflow tracking store, spoken to quietly, and what is written into it as a run."""

from __future__ import annotations

import logging
import math
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from training.metrics import Figure

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT = "tegakari"
KEY_TAG = "tegakari.key"
"""Names a run wherever it is kept, so that what is sent twice is there once."""

PARENT_TAG = "mlflow.parentRunId"

FORCED = {
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


def default_uri(home: Path) -> str:
    """Return the tracking URI of a home without a server: a SQLite file in the home folder."""
    return f"sqlite:///{(home / 'mlflow.db').resolve().as_posix()}"


class Store:
    """The store at ``tracking_uri``; artifacts of one without a server lie below ``home``."""

    def __init__(self, tracking_uri: str, home: Path) -> None:
        self.tracking_uri = tracking_uri
        self.home = home
        self._opened: MlflowClient | None = None

    @property
    def own(self) -> bool:
        """Whether this is the home's own store, and not a server's."""
        file = self.tracking_uri.removeprefix("sqlite:///")
        return file != self.tracking_uri and Path(file).resolve() == (self.home / "mlflow.db").resolve()

    @property
    def untouched(self) -> bool:
        """Whether the store is a SQLite file that does not exist: asking it would create it."""
        file = self.tracking_uri.removeprefix("sqlite:///")
        return file != self.tracking_uri and not Path(file).exists()

    def client(self) -> MlflowClient:
        """Return MLflow's client of this store; to be used inside ``calm``."""
        if self._opened is None:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            from mlflow import MlflowClient  # noqa: PLC0415

            self._opened = MlflowClient(self.tracking_uri, registry_uri=self.tracking_uri)
        return self._opened

    def experiment(self) -> str:
        """Return the id of the experiment that holds all runs, made where it is absent."""
        client = self.client()
        known = client.get_experiment_by_name(EXPERIMENT)
        if known is not None:
            return str(known.experiment_id)
        remote = urlsplit(self.tracking_uri).scheme in {"http", "https"}
        location = None if remote else (self.home / "artifacts").resolve().as_uri()
        return str(client.create_experiment(EXPERIMENT, artifact_location=location))

    @contextmanager
    def run(self, name: str, tags: Mapping[str, str]) -> Iterator[str]:
        """Keep a run for what is done inside, and give its id; FAILED where that fails."""
        client = self.client()
        made = client.create_run(self.experiment(), run_name=name, tags=dict(tags))
        run_id = str(made.info.run_id)
        try:
            yield run_id
        except BaseException:
            with suppress(Exception):
                client.set_terminated(run_id, status="FAILED")
            raise
        client.set_terminated(run_id)

    def write(
        self, run_id: str, params: Mapping[str, object], metrics: Mapping[str, float], tags: Mapping[str, str]
    ) -> None:
        """Write parameters, metrics and tags into a run, in calls that are small enough."""
        from mlflow.entities import Metric, Param, RunTag  # noqa: PLC0415

        said = [Metric(key, value, 0, 0) for key, value in metrics.items()]
        given = [Param(key, str(value)) for key, value in params.items()]
        told = [RunTag(key, value) for key, value in tags.items()]
        for start in range(0, max(len(said), len(given), len(told)), _BATCH):
            stop = start + _BATCH
            self.client().log_batch(run_id, said[start:stop], given[start:stop], told[start:stop])

    @contextmanager
    def calm(self) -> Iterator[None]:
        """Run MLflow silently and without telemetry; whatever it raises becomes a RegistryProblem."""
        os.environ.update(FORCED | {key: os.environ.get(key, value) for key, value in _DEFAULTS.items()})
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
                    f"モデル登録先 {shown(self.tracking_uri)} を利用できません({type(failure).__name__})。"
                    "トラッキングURIとサーバーの状態を確認してください。"
                ) from failure


def numbers_of(figures: Mapping[str, Figure]) -> dict[str, float]:
    """Return figures as a run keeps them: the value, ``.low`` and ``.high``; what was not measured is not.

    >>> numbers_of({"hit": Figure(0.5, 0.4, 0.6)})
    {'hit': 0.5, 'hit.low': 0.4, 'hit.high': 0.6}
    """
    found: dict[str, float] = {}
    for name, figure in figures.items():
        bounds = {name: figure.value, f"{name}.low": figure.low, f"{name}.high": figure.high}
        found |= {key: float(value) for key, value in bounds.items() if not math.isnan(value)}
    return found


def shown(uri: str) -> str:
    """Return the URI without a name or password in it.

    >>> shown("postgresql://me:secret@there/mlflow")
    'postgresql://…@there/mlflow'
    """
    head, at, tail = uri.rpartition("@")
    return f"{head.partition('://')[0]}://…@{tail}" if at and "://" in head else uri
