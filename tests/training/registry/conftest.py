"""A bundle of two files, a record, a home's own store, and a real MLflow server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from training.metrics import Better, Figure
from training.record import TrainingRecord
from training.registry.registry import Registry
from training.registry.store import default_uri

START_SECONDS = 300  # ten seconds on an idle machine, minutes on a crowded one


def _record(**params: int) -> TrainingRecord:
    metrics = {
        "hit_at_5": Figure(0.6, 0.5, 0.7),
        "inquiries": Figure(2.5, better=Better.LOWER),
        "ece": Figure(float("nan")),
    }
    return TrainingRecord(
        params, metrics, "ab12", {"debts": 7}, 2, 5, "catalogue-1", {"numpy": "2"}, "c0ffee"
    )


@pytest.fixture(scope="session")
def record() -> Callable[..., TrainingRecord]:
    """Makes a record with some parameters."""
    return _record


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "ranker.txt").write_text("tree\n", encoding="utf-8")
    (folder / "bundle.json").write_text("{}", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    home = tmp_path_factory.mktemp("home")
    return Registry(default_uri(home), home)


@dataclass
class Served:
    """A process that answers on a port of its own; ``kill`` ends it at once, ``start`` begins it (anew)."""

    command: Callable[[int], list[str]]
    folder: Path
    path: str
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Served:
        environment = os.environ | {
            # MLflow starts a model's server by its bare name.
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "DO_NOT_TRACK": "true",
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        }
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(self.port),
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urlopen(self.url + self.path, timeout=2):
                    return self
            except (URLError, OSError):
                time.sleep(0.3)
        self.kill()
        pytest.fail(f"it did not start: {(self.folder / 'log').read_text(encoding='utf-8')[-800:]}")

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


Starter = Callable[[Callable[[int], list[str]], Path, str], Served]


@pytest.fixture
def starter() -> Iterator[Starter]:
    """Starts processes that answer on a port, and ends them."""
    running: list[Served] = []

    def begin(command: Callable[[int], list[str]], folder: Path, path: str) -> Served:
        folder.mkdir(parents=True, exist_ok=True)
        running.append(Served(command, folder, path, free_port()))
        return running[-1].start()

    yield begin
    for each in running:
        each.kill()


def _mlflow(folder: Path) -> Callable[[int], list[str]]:
    return lambda port: [
        sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--backend-store-uri", f"sqlite:///{folder}/server.db",
        "--artifacts-destination", str(folder / "artifacts"),
    ]  # fmt: skip


@pytest.fixture(scope="session")
def mlflow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A tracking server; a test that kills it starts it again."""
    folder = tmp_path_factory.mktemp("server")
    served = Served(_mlflow(folder), folder, "/health", free_port()).start()
    yield served
    served.kill()


@pytest.fixture
def server(mlflow_server: Served) -> str:
    return mlflow_server.url
