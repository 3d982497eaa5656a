"""The records on a real PostgreSQL: started for the test, in a folder of its own, on this machine alone."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from serving.desk.worklist import Worklist
from serving.problems import Problem
from serving.records.account_list import AccountList
from serving.records.events import AssignmentChanged, CaseViewed
from serving.records.exchange_events import BatchMade
from serving.records.identity import Identity, Role
from serving.records.journal import Journal
from serving.records.store import METADATA, migrate, open_store
from serving.records.trail import Search, Trail
from serving.settings import Settings


def _programs() -> Path | None:
    found = shutil.which("initdb")
    homes = [Path(found).resolve().parent] if found else []
    homes += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((home for home in homes if (home / "initdb").exists() and (home / "postgres").exists()), None)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL here (Debian: apt-get install postgresql)")
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    place = Path(tempfile.mkdtemp(prefix="tegakari-postgres-"))
    if user:
        shutil.chown(place, user)
    data, port = place / "data", _free_port()
    make = [str(programs / "initdb"), "-D", str(data), "-U", "tegakari", "--auth=trust", "-E", "UTF8"]
    subprocess.run(make, user=user, cwd=place, check=True, capture_output=True, env={"PATH": "/usr/bin:/bin"})
    manage = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(place / "log")]
    options = f"-p {port} -k {place} -c listen_addresses=127.0.0.1 -c fsync=off"
    subprocess.run([*manage, "-o", options, "start"], user=user, cwd=place, check=True, capture_output=True)
    try:
        yield f"postgresql+pg8000://tegakari@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            [*manage, "-m", "immediate", "stop"], user=user, cwd=place, check=True, capture_output=True
        )
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_store(url)
    yield engine
    migrate(engine, "base")
    engine.dispose()


def test_migrations_lead_to_the_tables_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_many_writers_make_one_unbroken_chain(engine: Engine) -> None:
    # A journal a writer, as processes have: the database alone keeps them apart.
    journals = [Journal(engine, lambda: datetime(2026, 4, 1, tzinfo=UTC)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(journals[n % 4].append, "who", CaseViewed(str(n), "page")) for n in range(40)]
        numbers = sorted(each.result().seq for each in done)
    assert numbers == list(range(1, 41))
    assert journals[0].verify() is None


def test_the_database_refuses_a_change_and_one_made_past_it_is_found(engine: Engine) -> None:
    journal = Journal(engine, lambda: datetime(2026, 4, 1, tzinfo=UTC))
    for number in range(3):
        journal.append("who", CaseViewed(str(number), "page"))
    change = text("UPDATE journal SET actor = 'other' WHERE seq = 2")
    with pytest.raises(ProgrammingError, match="the journal only grows"), engine.begin() as connection:
        connection.execute(change)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE journal DISABLE TRIGGER ALL"))
        connection.execute(change)
    assert journal.verify() == 2


def test_the_worklist_is_prepared_and_read(engine: Engine, town: object) -> None:
    worklist = Worklist(engine, town.fake_office())  # type: ignore[attr-defined]
    worklist.prepare()
    assert worklist.progress.finished


def test_an_account_is_closed_and_opened_again(engine: Engine) -> None:
    def clock() -> datetime:
        return datetime(2026, 4, 1, tzinfo=UTC)

    journal, password = Journal(engine, clock), "correct-horse-battery"
    identity, accounts = (
        Identity(engine, journal, clock, Settings(home=Path("unused"))),
        AccountList(engine, journal),
    )
    identity.add_user("hanako", password, Role.AUDITOR)
    token = identity.log_in("hanako", password).token
    accounts.close("hanako")
    assert identity.user_of(token) is None
    with pytest.raises(Problem, match="既に停止しています"):
        accounts.close("hanako")
    accounts.reopen("hanako")
    assert identity.log_in("hanako", password).token


def test_an_auditor_searches(engine: Engine) -> None:
    journal = Journal(engine, lambda: datetime(2026, 4, 1, tzinfo=UTC))
    trail = Trail(engine, journal)
    for number, actor in enumerate(("taro", "hanako", "taro", "")):
        journal.append(actor, CaseViewed(str(number), "page"))
    journal.append("boss", AssignmentChanged("2", "T1", "T2", "調整"))
    items = ({"debtor_id": "2", "decision": 5}, {"debtor_id": "30", "decision": 6})
    shared = journal.append("boss", BatchMade(items=items)).seq
    assert trail.actors() == ["boss", "hanako", "taro"]
    assert (trail.shared_batches("2"), trail.shared_batches("3"), trail.shared_batches("%")) == (
        [shared],
        [],
        [],
    )
    pages = [
        trail.page(Search(**asked), 2)
        for asked in ({}, {"actor": "taro"}, {"case": "2"}, {"only": "overrides"})
    ]
    assert [(page.total, len(page.entries)) for page in pages] == [(6, 2), (2, 2), (3, 2), (1, 1)]
    with journal.steady():
        assert [each.actor for each in journal.entries(("AssignmentChanged",), "2")] == ["boss"]
        assert [each.seq for each in journal.entries(latest=2)] == [5, 6]
