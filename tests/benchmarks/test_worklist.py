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
from datetime import date, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any

import pytest
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI, Response

from serving.app import build_app, now
from serving.desk.worklist import Worklist
from serving.office.office import CaseLine
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

    def __init__(self, office: Any, cases: int) -> None:
        self._office = office
        self.case_ids = tuple(f"{number:015d}" for number in range(1, cases + 1))

    def __getattr__(self, name: str) -> Any:
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


def asker(port: int, headers: dict[str, str]) -> Callable[[str], tuple[float, bytes]]:
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def ask(path: str) -> tuple[float, bytes]:
        started = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - started
        assert answer.status == 200, path
        return took * 1000, body

    return ask


def measured(office: Any, home: Path, times: int) -> tuple[dict[str, float], dict[str, float], float, int]:
    """Return the milliseconds of each view (median, and the first one), of a bare answer, and the bytes."""
    settings = Settings(home=home)
    engine = open_store(settings.records_url)
    journal = Journal(engine, now)
    identity = Identity(engine, journal, now, settings, PasswordHasher(1, 8, 1))
    identity.add_user("hanako", PASSWORD, Role.SUPERVISOR, "T002")
    _journal(journal, office.case_ids[:: max(1, len(office.case_ids) // CHOSEN)])
    Worklist(engine, office).prepare()
    app = build_app(settings, office, engine=engine)
    cookie = {"Cookie": f"tegakari={identity.log_in('hanako', PASSWORD).token}"}
    first, usual, size = {}, {}, 0
    with served(app) as port:
        ask = asker(port, cookie)
        ask("/casebook")  # templates and connections are warm; the list is not
        for name, query in VIEWS.items():
            first[name], body = ask(f"/cases?{query}")
            usual[name] = median(ask(f"/cases?{query}")[0] for _ in range(times))
            size = max(size, len(body))
        with served(bare(body)) as other:
            ask = asker(other, cookie)
            ask("/")
            nothing = median(ask("/")[0] for _ in range(times * 5))
    return first, usual, nothing, size


def test_the_worklist_answers_on_a_small_office(town: ModuleType, tmp_path: Path) -> None:
    first, usual, nothing, size = measured(LargeOffice(town.fake_office(), 600), tmp_path, 3)
    assert size < 300_000
    assert max(*first.values(), *usual.values()) < 1000
    assert nothing > 0


@pytest.mark.measure
def test_the_worklist_at_35000_cases(town: ModuleType, tmp_path: Path) -> None:
    office = LargeOffice(town.fake_office(), 35_000)
    first, usual, nothing, size = measured(office, tmp_path, 15)
    print(f"\nbare FastAPI answer {nothing:.1f} ms; largest page {size / 1000:.0f} kB")
    print(f"{'view':<18}{'first ms':>10}{'usual ms':>10}{'ratio':>8}")
    for name in VIEWS:
        print(f"{name:<18}{first[name]:>10.1f}{usual[name]:>10.1f}{usual[name] / nothing:>8.1f}")
    assert size < 300_000
    assert max(first.values()) < 200
