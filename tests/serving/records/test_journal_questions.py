"""What the journal answers: by kind, case, person and number, afresh or steadily."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import delete, event, text

from serving.app import now
from serving.records.entry import Entry
from serving.records.events import (
    CaseOpened,
    CaseViewed,
    DecisionMade,
    LoggedIn,
    RecommendationShown,
    ReplyReceived,
)
from serving.records.journal import Journal
from serving.records.store import journal as journal_table
from serving.records.store import open_store


def _journal(place: Path) -> Journal:
    return Journal(open_store(f"sqlite:///{place}/records.db"), now)


def _seqs(entries: list[Entry]) -> list[int]:
    return [entry.seq for entry in entries]


def test_every_mixture_of_conditions_finds_what_meets_them_all(tmp_path: Path) -> None:
    journal = _journal(tmp_path)
    for n in range(12):
        journal.append(f"actor{n % 2}", CaseViewed(str(n % 3), "page") if n % 4 else LoggedIn())
    every = journal.entries()
    kinds = ((), ("CaseViewed",), ("CaseViewed", "LoggedIn"), ("Nothing",))
    for asked in product(kinds, ("", "1"), ("", "actor0"), (0, 5), (None, 9), (None, 2)):
        of, case, actor, since, before, latest = asked
        wanted = [
            entry.seq
            for entry in every
            if (not of or entry.kind in of)
            and (not case or entry.debtor_id == case)
            and (not actor or entry.actor == actor)
            and entry.seq >= since
            and (before is None or entry.seq < before)
        ]
        wanted = wanted if latest is None else wanted[-latest:]
        found = journal.entries(of, case, actor, since, before=before, latest=latest)
        assert _seqs(found) == wanted, asked


def test_a_steady_reader_is_told_the_same_until_it_appends_what_belongs_to_the_answer(tmp_path: Path) -> None:
    journal, another = _journal(tmp_path), _journal(tmp_path)
    with journal.steady():
        assert journal.entries(debtor_id="1") == []
        another.append("hanako", CaseViewed("1", "page"))
        assert journal.entries(debtor_id="1") == []
        journal.append("taro", CaseViewed("2", "page"))
        assert journal.entries(debtor_id="1") == []
        journal.append("taro", CaseViewed("1", "page"))
        assert _seqs(journal.entries(debtor_id="1")) == [1, 3]
    another.append("hanako", CaseViewed("1", "page"))
    assert _seqs(journal.entries(debtor_id="1")) == [1, 3, 4]


def test_what_an_event_depends_on_is_never_read_steadily(tmp_path: Path) -> None:
    journal, another = _journal(tmp_path), _journal(tmp_path)
    seen: list[int] = []

    def depending() -> LoggedIn:
        seen.extend(_seqs(journal.entries(debtor_id="1")))
        return LoggedIn()

    with journal.steady():
        assert journal.entries(debtor_id="1") == []
        another.append("hanako", CaseViewed("1", "page"))
        journal.append("taro", depending)
    assert seen == [1]


def test_one_thread_reads_steadily_for_itself_alone(tmp_path: Path) -> None:
    journal, found = _journal(tmp_path), list[int]()
    with journal.steady():
        assert journal.entries() == []
        _journal(tmp_path).append("hanako", LoggedIn())
        other = Thread(target=lambda: found.extend(_seqs(journal.entries())))
        other.start()
        other.join()
        assert (found, journal.entries()) == ([1], [])


def test_what_is_told_may_be_changed_by_whoever_asked(tmp_path: Path) -> None:
    journal = _journal(tmp_path)
    journal.append("hanako", LoggedIn())
    with journal.steady():
        journal.entries().clear()
        assert _seqs(journal.entries()) == [1]


def test_a_steady_reader_is_told_what_a_fresh_one_is(tmp_path: Path) -> None:
    journal = _journal(tmp_path)
    made = (CaseOpened, DecisionMade, CaseViewed, ReplyReceived, LoggedIn, RecommendationShown)
    for n in range(60):
        journal.append(f"actor{n % 2}", made[n % len(made)](debtor_id=str(n % 5)))
    shown = ("CaseOpened", "RecommendationShown")
    kinds = ((), (*shown, "CaseViewed"), shown, ("RecommendationShown",), ("DecisionMade", "ReplyReceived"))
    mixtures = list(product(kinds, ("", "1"), ("", "actor0"), (0, 20), (None, 50), (None, 1)))
    with journal.steady():
        for of, case, actor, since, before, latest in mixtures:
            told = journal.entries(of, case, actor, since, before=before, latest=latest)
            fresh = Journal(journal._engine, now).entries(
                of, case, actor, since, before=before, latest=latest
            )
            assert told == fresh, (of, case, actor, since, before, latest)


def test_what_a_case_was_handled_with_is_read_once(tmp_path: Path) -> None:
    journal, asked = _journal(tmp_path), list[str]()
    opened = journal.append("hanako", CaseOpened("1", 100))
    journal.append("hanako", DecisionMade("1"))
    event.listen(journal._engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    with journal.steady():
        assert _seqs(journal.entries(("DecisionMade",), "1")) == [2]
        assert _seqs(journal.entries(("DecisionMade",), "1", latest=1)) == [2]
        assert _seqs(journal.entries(("CaseOpened", "ReasonsOpened"), "1", "hanako")) == [1]
        assert journal.entry(1) == opened
        assert len(asked) == 1
        assert journal.entries(("DecisionMade",), "2") == []
        assert len(asked) == 2


def test_the_latest_of_some_kinds_is_known_where_it_is_the_latest_of_more(tmp_path: Path) -> None:
    journal, asked = _journal(tmp_path), list[str]()
    journal.append("hanako", CaseViewed("1", "page"))
    journal.append("hanako", RecommendationShown("1"))
    event.listen(journal._engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    with journal.steady():
        wide = journal.entries(("CaseViewed", "RecommendationShown", "DecisionMade"), "1", latest=1)
        narrow = journal.entries(("RecommendationShown", "DecisionMade"), "1", latest=1)
        assert (narrow, narrow[0] is wide[0], len(asked)) == (wide, True, 1)
        assert _seqs(journal.entries(("CaseViewed", "DecisionMade"), "1", latest=1)) == [1]
        assert len(asked) == 2


def test_what_was_told_stands_where_an_append_is_refused(tmp_path: Path) -> None:
    journal = _journal(tmp_path)
    journal.append("hanako", DecisionMade("1"))

    def refuses() -> LoggedIn:
        raise ValueError("refused")

    with journal.steady():
        journal.entries(("DecisionMade",), "1")
        with pytest.raises(ValueError, match="refused"):
            journal.append("taro", refuses)
        _journal(tmp_path).append("taro", DecisionMade("1"))
        assert _seqs(journal.entries(("DecisionMade",), "1")) == [1]


def test_entries_cut_off_while_it_runs_leave_a_gap_that_is_seen(tmp_path: Path) -> None:
    journal = _journal(tmp_path)
    for _ in range(3):
        journal.append("taro", LoggedIn())
    with journal._engine.begin() as connection:
        connection.execute(text("DROP TRIGGER journal_no_delete"))
        connection.execute(delete(journal_table).where(journal_table.c.seq == 3))
    journal.append("taro", LoggedIn())
    assert journal.verify() == 3
