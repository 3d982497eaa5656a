from __future__ import annotations

import logging
import time
from types import ModuleType

import pytest
from sqlalchemy import Engine, delete

from serving.desk.worklist import Worklist
from serving.desk.worklist_filters import Filters
from serving.office.office import Versions
from serving.records.store import worklist_lines


def test_a_prepared_worklist_is_not_computed_again(engine: Engine, town: ModuleType) -> None:
    adviser = town.FakeAdviser()
    Worklist(engine, town.fake_office(adviser)).prepare()
    assert adviser.calls == 0


def test_an_interrupted_preparation_goes_on(engine: Engine, town: ModuleType) -> None:
    with engine.begin() as connection:
        connection.execute(delete(worklist_lines).where(worklist_lines.c.debtor_id > "000000000000004"))
    adviser = town.FakeAdviser()
    worklist = Worklist(engine, town.fake_office(adviser))
    assert (worklist.progress.done, worklist.progress.total) == (4, 12)
    told: list[tuple[int, int]] = []
    worklist.prepare(lambda done, total: told.append((done, total)))
    assert adviser.calls == 8
    assert told == [(12, 12)]
    assert worklist.progress.finished


def test_another_model_has_its_own_worklist_and_replaces_the_old(engine: Engine, town: ModuleType) -> None:
    other = Worklist(engine, town.fake_office(versions=Versions("tegakari/4", "made-up")))
    assert other.progress.done == 0
    other.prepare()
    assert other.page(Filters(), 1, 50).total == 12
    assert Worklist(engine, town.fake_office()).progress.done == 0


def test_a_preparation_that_ends_late_leaves_what_its_successor_wrote(
    engine: Engine, town: ModuleType
) -> None:
    successor = Worklist(engine, town.fake_office(versions=Versions("tegakari/4", "made-up")))
    with engine.begin() as connection:
        connection.execute(delete(worklist_lines).where(worklist_lines.c.debtor_id > "000000000000004"))
    # While the old model's lines are still being made, the next model's are written.
    Worklist(engine, town.fake_office()).prepare(lambda done, total: successor.prepare())
    assert successor.progress.finished
    assert successor.page(Filters(), 1, 50).total == 12


def test_a_failing_model_is_said_on_the_page_and_logged(
    engine: Engine, town: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    office = town.fake_office(town.FakeAdviser(fails=True), Versions("broken", "made-up"))
    worklist = Worklist(engine, office)
    with caplog.at_level(logging.ERROR):
        worklist.start()
        give_up = time.monotonic() + 10
        while not worklist.progress.failed and time.monotonic() < give_up:
            time.sleep(0.02)
        worklist.stop()
    assert worklist.progress.failed
    assert "preparing the worklist failed" in caplog.text
