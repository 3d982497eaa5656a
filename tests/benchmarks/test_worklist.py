"""How fast the worklist answers beside a FastAPI that does nothing; printed by ``make bench``."""

from __future__ import annotations

import http.client
import random
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from statistics import median
from types import ModuleType

import pytest
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI, Response

from serving.app import build_app, now
from serving.desk.worklist import Worklist
from serving.office.office import CaseLine, Office
from serving.records.events import DecisionMade, ReplyReceived
from serving.records.identity import Identity, Role
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings

PASSWORD = "correct-horse-battery"
CHOSEN = 1500
"""Cases with a finished choice; a third of them have a reply."""
VIEWS = {
    "mine": "",
    "everybody": "whose=all",
    "page 40": "whose=all&page=40",
    "urgent": "whose=all&mark=prescription",
    "rare": "whose=all&mark=unsent",
    "arrears": "whose=all&arrears_from=300000&arrears_to=400000",
    "by arrears": "whose=all&sort=arrears",
    "by prescription": "whose=all&sort=prescription&kind=employer",
    "search": "whose=all&find=00000000003",
}


@pytest.fixture(scope="module")
def town() -> ModuleType:
    path = Path(__file__).parents[1] / "serving" / "fake_office.py"
    spec = spec_from_file_location("tegakari_tests_fake_office", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class LargeOffice:
    """The tiny office, with as many made-up cases on its worklist as are asked for."""

    def __init__(self, office: Office, cases: int) -> None:
        self._office = office
        self.case_ids = tuple(f"{number:015d}" for number in range(1, cases + 1))

    def __getattr__(self, name: str) -> object:
        return getattr(self._office, name)

    def lines(self, debtor_ids: Sequence[str]) -> list[CaseLine]:
        return [_line(debtor_id, self._office.day) for debtor_id in debtor_ids]

    def answered_on(self, debtor_id: str, target: tuple[str, str], since: date) -> date | None:
        return None


def _line(debtor_id: str, day: date) -> CaseLine:
    dice = random.Random(int(debtor_id))
    routed = dice.random() < 0.08
    arrears = int(dice.lognormvariate(12, 1))
    return CaseLine(
        debtor_id=debtor_id,
        arrears=arrears,
        expected_yen=0 if routed else int(arrears * dice.random()),
        top_kind="" if routed else dice.choice(["bank", "employer", "life_insurance"]),
        top_name="" if routed else "みどり銀行",
        probability=0.0 if routed else round(dice.random(), 3),
        minutes=round(20 + 60 * dice.random(), 1),
        restricted=dice.random() < 0.01,
        routed=routed,
        gates=("welfare",) if routed else (),
        next_prescription=day + timedelta(days=dice.randrange(1, 1800)),
        staff_id="" if routed else f"T{dice.randrange(42):03d}",
        held_by=f"T{dice.randrange(42):03d}" if dice.random() < 0.08 else "",
        unsent=int(dice.random() < 0.003),
        late=dice.random() < 0.6,
        promise=dice.choice(["due", "broken", *[""] * 20]),
        promised_on=day,
        hardship=None if routed else dice.random() ** 3,
    )


def _journal(journal: Journal, ids: Sequence[str]) -> None:
    target = {"target_kind": "bank", "target_code": "0005", "rank": 1}
    for place, debtor_id in enumerate(ids):
        decided = DecisionMade(debtor_id, accepted=(target,), decided_at="2026-04-02T00:00:00.000+00:00")
        journal.append("hanako", decided)
        if place % 3 == 0:
            journal.append(
                "hanako",
                ReplyReceived(debtor_id, "bank", "0005", "2026-04-02", "2026-04-09", "found", 20_000),
            )


@contextmanager
def served(app: FastAPI) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", access_log=False, ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield port
    server.should_exit = True
    thread.join(10)


def bare(body: bytes) -> FastAPI:
    """Return an application whose one page is ready-made: no login, no database, no template."""
    app = FastAPI()

    @app.get("/")
    def page() -> Response:
        return Response(body, media_type="text/html")

    return app


@contextmanager
def asking(port: int, headers: dict[str, str]) -> Iterator[Callable[[str], tuple[float, bytes]]]:
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def ask(path: str) -> tuple[float, bytes]:
        started = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - started
        assert answer.status == 200, path
        return took * 1000, body

    yield ask
    connection.close()


@dataclass(frozen=True)
class Measured:
    """Milliseconds of each view: the first answer, and the median of those after it; bytes of the largest.

    ``bare``: the median of a FastAPI that does nothing, asked in turn with the views; ``login``: of the
    product's smallest page.
    """

    first: dict[str, float]
    usual: dict[str, float]
    bare: float
    login: float
    size: int


def measured(office: Office, home: Path, times: int) -> Measured:
    settings = Settings(home=home)
    engine = open_store(settings.records_url)
    journal = Journal(engine, now)
    identity = Identity(engine, journal, now, settings, PasswordHasher(1, 8, 1))
    identity.add_user("hanako", PASSWORD, Role.SUPERVISOR, "T002")
    _journal(journal, office.case_ids[:: max(1, len(office.case_ids) // CHOSEN)])
    Worklist(engine, office).prepare()
    app = build_app(settings, office, engine=engine)
    cookie = {"Cookie": f"tegakari={identity.log_in('hanako', PASSWORD).token}"}
    first: dict[str, float] = {}
    told: dict[str, list[float]] = {name: [] for name in ("bare", "login", *VIEWS)}
    size = 0
    with (
        served(app) as port,
        asking(port, cookie) as ask,
        served(bare(b"x" * 40_000)) as other,
        asking(other, cookie) as ask_bare,
    ):
        ask("/cases?find=warm")  # the lines are read into memory once, when the service starts
        for name, query in VIEWS.items():
            first[name], body = ask(f"/cases?{query}")
            size = max(size, len(body))
        for _ in range(times):
            for name, query in VIEWS.items():
                told[name].append(ask(f"/cases?{query}")[0])
                told["bare"].append(ask_bare("/")[0])
                told["login"].append(ask("/login")[0])
    engine.dispose()
    usual = {name: median(each) for name, each in told.items()}
    return Measured(first, usual, usual.pop("bare"), usual.pop("login"), size)


def test_the_worklist_answers_on_a_small_office(town: ModuleType, tmp_path: Path) -> None:
    found = measured(LargeOffice(town.fake_office(), 600), tmp_path, 2)
    assert found.size < 300_000
    assert max(*found.first.values(), *found.usual.values()) < 2000


@pytest.mark.measure
def test_the_worklist_at_35000_cases(town: ModuleType, tmp_path: Path) -> None:
    found = measured(LargeOffice(town.fake_office(), 35_000), tmp_path, 15)
    print(f"\nbare FastAPI answer {found.bare:.1f} ms, login page {found.login:.1f} ms;", end=" ")
    print(f"largest page {found.size / 1000:.0f} kB")
    print(f"{'view':<18}{'first ms':>10}{'usual ms':>10}{'x bare':>8}{'x login':>8}")
    for name, usual in found.usual.items():
        ratios = f"{usual / found.bare:>8.1f}{usual / found.login:>8.1f}"
        print(f"{name:<18}{found.first[name]:>10.1f}{usual:>10.1f}{ratios}")
    assert found.size < 300_000
    assert median(found.first.values()) < 200
