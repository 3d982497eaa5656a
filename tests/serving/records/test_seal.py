from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, text

from serving.records.events import LoggedIn
from serving.records.journal import Journal
from serving.records.seal import Seal

Clock = Any


@pytest.fixture
def seal(journal: Journal, clock: Clock) -> Seal:
    for _ in range(5):
        journal.append("hanako", LoggedIn())
    return Seal(journal, clock)


def tamper(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER IF EXISTS journal_no_update"))
        connection.execute(text("DROP TRIGGER IF EXISTS journal_no_delete"))
        connection.execute(text(statement))


def test_it_checks_everything_first_and_then_what_came_since(
    journal: Journal, seal: Seal, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = seal.check()
    assert (began.whole, began.seq) == (True, journal.head()[0])
    asked: list[int] = []
    stream = journal.stream
    monkeypatch.setattr(journal, "stream", lambda after=0: asked.append(after) or stream(after))
    clock.pass_minutes(60)
    journal.append("hanako", LoggedIn())
    later = seal.check()
    assert asked == [began.seq]
    assert (later.seq, later.full_at) == (began.seq + 1, began.full_at)
    again = seal.check(full=True)
    assert asked == [began.seq, 0]
    assert again.full_at > began.full_at


def test_a_changed_newcomer_is_found_at_once(engine: Engine, journal: Journal, seal: Seal) -> None:
    seal.check()
    seq = journal.append("hanako", LoggedIn()).seq
    tamper(engine, f"UPDATE journal SET actor = 'taro' WHERE seq = {seq}")
    assert seal.check().broken_at == seq
    assert seal.check().broken_at == seq


def test_a_change_to_the_last_entry_checked_is_found_at_once(
    engine: Engine, journal: Journal, seal: Seal
) -> None:
    seq = seal.check().seq
    tamper(engine, f"UPDATE journal SET digest = 'x' WHERE seq = {seq}")
    assert seal.check().broken_at == seq


def test_an_older_change_is_found_by_a_full_check(engine: Engine, seal: Seal) -> None:
    seal.check()
    tamper(engine, "UPDATE journal SET actor = 'taro' WHERE seq = 2")
    assert seal.check().whole
    assert seal.check(full=True).broken_at == 2


def test_a_tail_cut_off_while_it_watches_is_found(engine: Engine, seal: Seal) -> None:
    last = seal.check().seq
    tamper(engine, f"DELETE FROM journal WHERE seq > {last - 2}")
    assert seal.check().broken_at == last - 1
    assert not seal.check().whole


def test_the_background_check_is_the_first(journal: Journal, seal: Seal) -> None:
    seal.start()
    seal.stop()
    assert seal.state.seq in range(journal.head()[0] + 1)
    assert seal.check().seq >= seal.state.seq or not seal.state.full_at
