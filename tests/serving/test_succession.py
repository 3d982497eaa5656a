from __future__ import annotations

import json
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from argon2 import PasswordHasher

from serving.app import build_app, now
from serving.office.ledger_office import LedgerOffice
from serving.records.entry import Entry
from serving.records.identity import Identity, Role
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings
from serving.terminal import commands, service
from serving.terminal.promoting import promote_version, roll_back_to
from serving.terminal.watching import watch
from serving.web.doorway import Doorway

Learnt = Any
PASSWORD = "correct-horse-battery"
WAIT_SECONDS = 240


@dataclass
class Running:
    """A real server over a real home, and a client that is logged in by bearer token."""

    settings: Settings
    url: str
    token: str
    cases: list[str]

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, headers=self.headers, timeout=60)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def journal(self, *kinds: str) -> list[Entry]:
        engine = open_store(self.settings.records_url)
        try:
            return Journal(engine, now).entries(kinds=kinds)
        finally:
            engine.dispose()

    def wait_for(self, kind: str, count: int) -> Entry:
        give_up = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < give_up:
            found = self.journal(kind)
            if len(found) >= count:
                return found[-1]
            time.sleep(0.2)
        raise AssertionError(f"no {kind} within {WAIT_SECONDS} seconds")


@pytest.fixture(scope="module")
def two_versions(learnt: Learnt, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with two versions, the second in use and the first in use before."""
    home = tmp_path_factory.mktemp("two") / "home"
    settings = Settings(home=home)
    commands.train_folder(settings, learnt.folder, given={"rounds": 15, "threads": 1})
    commands.train_folder(settings, learnt.folder, given={"rounds": 4, "threads": 1})
    promote_version(settings, 2, learnt.folder, by="課長", ground="試行", despite="件数が少ないため")
    return settings


@pytest.fixture
def running(two_versions: Settings, learnt: Learnt, tmp_path: Path) -> Iterator[Running]:
    home = Path(shutil.copytree(two_versions.home, tmp_path / "home"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(home=home, port=port)
    engine = open_store(settings.records_url)
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    Identity(engine, Journal(engine, now), now, settings, quick).add_user("officer", PASSWORD, Role.OFFICER)
    engine.dispose()
    office = service.open_office(settings, learnt.folder)
    assert isinstance(office, LedgerOffice)
    doorway = Doorway(lambda: build_app(settings, office), lambda: None)
    server = uvicorn.Server(uvicorn.Config(doorway, port=port, log_level="warning", lifespan="on", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    (following,) = watch(settings, office, doorway)
    url = f"http://127.0.0.1:{port}"
    try:
        _until_ready(url)
        login = httpx.post(f"{url}/api/v1/login", json={"name": "officer", "password": PASSWORD}, timeout=60)
        yield Running(settings, url, login.json()["token"], list(office.case_ids))
    finally:
        following.stop()
        server.should_exit = True
        thread.join(20)


def _until_ready(url: str) -> None:
    give_up = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < give_up:
        try:
            health = httpx.get(f"{url}/healthz", timeout=5)
            # An empty list is right until the first worklist is prepared: what is judged comes after it.
            if health.status_code == 200 and health.json()["prepared"] >= health.json()["cases"]:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server did not start")


@dataclass
class Hammer:
    """Threads that ask without a pause; ``bad`` keeps every answer that is not 200."""

    running: Running
    bad: list[object] = field(default_factory=list)
    good: int = 0
    slowest: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Hammer:
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(4)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def wait_for(self, good: int) -> None:
        """Wait until so many answers came."""
        give_up = time.monotonic() + WAIT_SECONDS
        while self.good < good and time.monotonic() < give_up:
            time.sleep(0.1)
        assert self.good >= good

    def _ask(self, number: int) -> None:
        cases = self.running.cases
        with httpx.Client(headers=self.running.headers, timeout=60) as client:
            place = number
            while not self._stop.is_set():
                place += 1
                for path in (
                    "/api/v1/cases",
                    f"/api/v1/cases/{cases[place % len(cases)]}",
                    "/healthz",
                ):
                    began = time.monotonic()
                    try:
                        answer = client.get(self.running.url + path)
                    except httpx.HTTPError as lost:
                        self.bad.append(lost)
                        continue
                    self.slowest = max(self.slowest, time.monotonic() - began)
                    if answer.status_code != 200 or (path == "/api/v1/cases" and not answer.json()["total"]):
                        self.bad.append((path, answer.status_code, answer.text[:200]))
                    else:
                        self.good += 1


@pytest.mark.slow
def test_a_rollback_takes_effect_in_the_running_service_without_a_failed_request(running: Running) -> None:
    first = running.cases[0]
    shown = httpx.post(
        f"{running.url}/api/v1/cases/{first}/recommendations", headers=running.headers, timeout=60
    ).json()
    assert shown["advice"]["model_version"] == "2"
    with Hammer(running) as hammer:
        time.sleep(1)
        roll_back_to(running.settings, None, "課長", "順位がおかしいと報告があったため")
        served = running.wait_for("ModelServed", 1)
        hammer.wait_for(hammer.good + 12)
    assert hammer.bad == []
    print(f"{hammer.good} answers, the slowest {hammer.slowest:.1f} s")
    assert (served.facts["model_version"], served.facts["former"]) == ("1", "2")
    target = shown["advice"]["targets"][0]
    picked = {"target_kind": target["target_kind"], "target_code": target["target_code"]}
    late = httpx.post(
        f"{running.url}/api/v1/cases/{first}/decisions",
        json={"recommendation_id": shown["recommendation_id"], "accepted": [picked]},
        headers=running.headers,
        timeout=60,
    )
    assert (late.status_code, late.json()["error"]["code"]) == (409, "recommendation_stale")
    assert running.get("/healthz").json()["model_version"] == "1"


@pytest.mark.slow
def test_a_damaged_model_is_refused_and_the_old_one_goes_on(running: Running) -> None:
    store = running.settings.home / "models"
    pointer = json.loads((store / "champion.json").read_text(encoding="utf-8"))
    shutil.copytree(store / "2", store / "3")
    with (store / "3" / "manifest.json").open("a", encoding="utf-8") as file:
        file.write(" ")
    (store / "champion.json").write_text(json.dumps(pointer | {"version": 3}), encoding="utf-8")
    refused = running.wait_for("ModelRefused", 1)
    assert refused.facts["model_version"] == "3"
    assert "登録時と異なります" in refused.facts["ground"]
    assert running.get("/healthz").json()["model_version"] == "2"
    assert running.get(f"/api/v1/cases/{running.cases[0]}").status_code == 200
    assert running.journal("ModelServed") == []
    time.sleep(5)
    assert len(running.journal("ModelRefused")) == 1  # not tried again every few seconds
