from __future__ import annotations

import importlib.util
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine

with warnings.catch_warnings():  # the test client names its successor's package when that is absent
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

from serving.app import build_app
from serving.desk.worklist import Worklist
from serving.records.identity import Identity, Role
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings
from serving.terminal import commands

PASSWORD = "correct-horse-battery"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def _load(name: str) -> ModuleType:
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"tegakari_tests_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 4, 2, 0, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_minutes(self, minutes: float) -> None:
        self.moment += timedelta(minutes=minutes)


@pytest.fixture(scope="session")
def town() -> ModuleType:
    return _load("fake_office")


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    """Every route of the service with sample values."""
    return _load("route_samples")


@pytest.fixture(scope="session")
def files() -> ModuleType:
    """Answers of institutions as files."""
    return _load("answer_files")


@pytest.fixture(scope="session")
def watched() -> ModuleType:
    """What the pages of drift and of the models show at their fullest."""
    return _load("watched_models")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, few_choices=2, page_size=5)


@pytest.fixture(scope="session")
def prepared(town: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the four users and the worklist, made once."""
    path = tmp_path_factory.mktemp("prepared") / "tegakari.db"
    settings, engine, clock = Settings(home=path.parent), open_store(f"sqlite:///{path}"), Clock()
    identity = Identity(engine, Journal(engine, clock), clock, settings, QUICK)
    for role in Role:
        identity.add_user(role.value, PASSWORD, role, town.OFFICER if role is Role.OFFICER else "")
    Worklist(engine, town.fake_office()).prepare()
    engine.dispose()
    return path


@pytest.fixture
def engine(settings: Settings, prepared: Path) -> Iterator[Engine]:
    shutil.copy(prepared, settings.home / "tegakari.db")
    engine = open_store(settings.records_url)
    yield engine
    engine.dispose()


@pytest.fixture
def journal(engine: Engine, clock: Clock) -> Journal:
    return Journal(engine, clock)


@pytest.fixture
def identity(engine: Engine, journal: Journal, clock: Clock, settings: Settings) -> Identity:
    return Identity(engine, journal, clock, settings, QUICK)


@pytest.fixture
def client(engine: Engine, clock: Clock, settings: Settings, town: ModuleType) -> Iterator[TestClient]:
    office = town.fake_office()
    app = build_app(settings, office, clock, engine)
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


@pytest.fixture
def bearer(client: TestClient) -> Callable[[str], dict[str, str]]:
    def headers(role: str) -> dict[str, str]:
        answer = client.post("/api/v1/login", json={"name": role, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['token']}"}

    return headers


@pytest.fixture
def browse(client: TestClient) -> Callable[[str], TestClient]:
    """Log in as a role as a browser does; the client then carries its cookie."""

    def log_in(role: str) -> TestClient:
        client.cookies.clear()
        token = client.get("/login").text.split('name="form_token" value="')[1].partition('"')[0]
        sent = {"name": role, "password": PASSWORD, "form_token": token}
        assert client.post("/login", data=sent).status_code == 303
        return client

    return log_in


@dataclass(frozen=True)
class Learnt:
    """A small made-up town, the home of a model learnt from it, and what the commands wrote."""

    folder: Path
    settings: Settings
    recommended: Path
    matched: Path


@pytest.fixture(scope="session")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Learnt:
    place = tmp_path_factory.mktemp("learnt")
    settings = Settings(home=place / "home")
    commands.write_town(settings, place / "town", debtors=400, seed=5, style="ward")
    commands.train_folder(settings, place / "town", given={"rounds": 15, "threads": 1})
    commands.recommend_folder(settings, place / "town", place / "recs.csv", 10, None)
    commands.match_folder(settings, place / "town", place / "match.csv", None)
    return Learnt(place / "town", settings, place / "recs.csv", place / "match.csv")
