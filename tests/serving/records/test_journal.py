from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from serving.app import now
from serving.records.entry import GENESIS, Entry, digest_of, first_break
from serving.records.events import CaseViewed, LoggedIn
from serving.records.journal import Journal
from serving.records.store import open_store

FIELDS = ("at", "kind", "actor", "debtor_id", "body", "previous", "digest")


def _chain(bodies: list[str]) -> list[Entry]:
    entries: list[Entry] = []
    for seq, body in enumerate(bodies, start=1):
        previous = entries[-1].digest if entries else GENESIS
        content = (seq, "2026-04-01T00:00:00.000+00:00", "CaseViewed", "hanako", "1", body, previous)
        entries.append(Entry(*content, digest_of(content)))
    return entries


def test_an_event_that_depends_on_the_journal_sees_all_before_it(tmp_path: Path) -> None:
    engine = open_store(f"sqlite:///{tmp_path}/records.db")
    journals = [Journal(engine, now), Journal(engine, now)]

    def once() -> LoggedIn:
        if journals[0].head()[0]:
            raise ValueError("there is one already")
        return LoggedIn()

    def enter(number: int) -> bool:
        try:
            journals[number % 2].append("hanako", once)
        except ValueError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(enter, range(16))) == 1
    assert journals[0].head()[0] == 1


@given(st.data(), st.lists(st.text(max_size=20), min_size=1, max_size=8))
def test_one_changed_character_is_found(data: st.DataObject, bodies: list[str]) -> None:
    entries = _chain(bodies)
    assert first_break(entries) is None
    which = data.draw(st.integers(0, len(entries) - 1))
    field = data.draw(st.sampled_from(FIELDS))
    old = getattr(entries[which], field)
    where = data.draw(st.integers(0, len(old)))
    new = old[:where] + data.draw(st.characters(exclude_categories=["Cs"])) + old[where + 1 :]
    if new == old:
        return
    entries[which] = replace(entries[which], **{field: new})
    assert first_break(entries) == which + 1


@given(st.data(), st.lists(st.text(max_size=5), min_size=2, max_size=8))
def test_a_removed_or_moved_entry_is_found(data: st.DataObject, bodies: list[str]) -> None:
    entries = _chain(bodies)
    which = data.draw(st.integers(0, len(entries) - 2))
    assert first_break(entries[:which] + entries[which + 1 :]) == which + 1
    swapped = [*entries[:which], entries[which + 1], entries[which], *entries[which + 2 :]]
    assert first_break(swapped) == which + 1


def test_events_are_appended_in_a_chain_and_read_back(journal: Journal) -> None:
    start = journal.head()[0]
    journal.append("hanako", LoggedIn(manner="page"))
    journal.append("hanako", CaseViewed("0001", "page", restricted=True))
    (view,) = journal.entries(kinds=("CaseViewed",))
    assert (view.seq, view.actor, view.debtor_id, view.facts["restricted"]) == (
        start + 2,
        "hanako",
        "0001",
        True,
    )
    assert journal.verify() is None
    assert journal.entries(latest=1) == [view]


@pytest.mark.parametrize("change", ["UPDATE journal SET actor = 'x'", "DELETE FROM journal"])
def test_the_database_refuses_to_change_the_journal(engine: Engine, journal: Journal, change: str) -> None:
    journal.append("hanako", LoggedIn())
    with pytest.raises(IntegrityError, match="only grows"), engine.begin() as connection:
        connection.execute(text(change))


def test_no_entry_takes_the_place_of_another(engine: Engine, journal: Journal) -> None:
    journal.append("hanako", LoggedIn())
    columns = "seq, at, kind, 'taro', debtor_id, body, previous, digest"
    replaced = text(f"INSERT OR REPLACE INTO journal SELECT {columns} FROM journal")
    with pytest.raises(IntegrityError, match="only grows"), engine.begin() as connection:
        connection.execute(replaced)
    assert journal.verify() is None


def test_a_change_behind_the_triggers_back_is_found(engine: Engine, journal: Journal) -> None:
    journal.append("hanako", CaseViewed("0001", "page"))
    seq = journal.append("hanako", LoggedIn()).seq
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER journal_no_update"))
        connection.execute(text("UPDATE journal SET actor = 'taro' WHERE seq = :seq").bindparams(seq=seq - 1))
    assert journal.verify() == seq - 1


def test_two_journals_over_one_store_share_the_chain(
    engine: Engine, journal: Journal, tmp_path: Path
) -> None:
    other = Journal(engine, journal._clock)
    for turn in range(6):
        (journal if turn % 2 else other).append("hanako", LoggedIn())
    assert journal.verify() is None
