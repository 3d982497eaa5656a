from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select

from serving.records.events import (
    AssignmentChanged,
    CaseViewed,
    DecisionMade,
    LoggedIn,
    PageViewed,
    RecommendationShown,
    ReplyReceived,
)
from serving.records.exchange_events import BatchMade, BatchTaken
from serving.records.journal import Journal
from serving.records.store import journal_traits
from serving.records.trail import Search, Trail

Clock = Any


def target(code: str, in_plan: bool = True, kind: str = "bank") -> dict[str, Any]:
    return {"target_kind": kind, "target_code": code, "in_plan": in_plan}


def advice(*targets: dict[str, Any], routes: bool = False, restricted: bool = False) -> dict[str, Any]:
    gates = [{"gate": "welfare", "routes": True}] if routes else []
    return {"targets": list(targets), "gates": gates, "restricted": restricted}


@pytest.fixture
def trail(engine: Engine, journal: Journal) -> Trail:
    return Trail(engine, journal)


@pytest.fixture
def story(journal: Journal, clock: Clock) -> dict[str, int]:
    """Two cases of two officers on two days; returns the number of each entry."""
    found = {}
    shown = RecommendationShown("1", 0, "3", "d", advice(target("0005"), target("0009", False)))
    found["shown"] = journal.append("hanako", shown).seq
    chosen = ({"target_kind": "bank", "target_code": "0005", "rank": 1},)
    left = ({"target_kind": "bank", "target_code": "0009", "rank": 2},)
    found["kept"] = journal.append("hanako", DecisionMade("1", found["shown"], chosen, left=left)).seq
    clock.pass_minutes(24 * 60)
    found["waiting"] = journal.append(
        "taro", RecommendationShown("2", 0, "3", "d", advice(target("L01", kind="life_insurance")))
    ).seq
    found["routed"] = journal.append("taro", RecommendationShown("3", 0, "3", "d", advice(routes=True))).seq
    found["looked"] = journal.append("taro", CaseViewed("3", "page", routed=True)).seq
    found["protected"] = journal.append("taro", CaseViewed("4", "page", restricted=True)).seq
    found["plain"] = journal.append("taro", CaseViewed("2", "page")).seq
    found["change"] = journal.append("boss", AssignmentChanged("2", "T1", "T2", "調整")).seq
    found["reply"] = journal.append("taro", ReplyReceived("1", "bank", "0005")).seq
    return found


@pytest.mark.parametrize(
    ("search", "names"),
    [
        (Search(case="1"), ["shown", "kept", "reply"]),
        (Search(actor="hanako"), ["shown", "kept"]),
        (Search(kind="AssignmentChanged"), ["change"]),
        (Search(target_kind="bank", target_code="0005"), ["shown", "kept", "reply"]),
        (Search(target_kind="bank", target_code="0009"), ["shown", "kept"]),
        (Search(target_kind="life_insurance"), ["waiting"]),
        (Search(only="overrides"), ["change"]),
        (Search(only="holds"), ["waiting"]),
        (Search(only="skips"), ["routed", "looked", "protected"]),
        (Search(only="skips", case="4"), ["protected"]),
        (Search(until=date(2026, 4, 2), actor="taro"), []),
        (Search(since=date(2026, 4, 3), actor="taro", case="1"), ["reply"]),
        (Search(case="%"), []),
    ],
)
def test_filters(trail: Trail, story: dict[str, int], search: Search, names: list[str]) -> None:
    page = trail.page(search, 50)
    assert [entry.seq for entry in page.entries] == [story[name] for name in reversed(names)]
    assert page.total == len(names)
    assert [entry.seq for entry in trail.found(search, 10**6)] == [story[name] for name in names]


def test_a_batch_of_several_cases_is_found_by_each(trail: Trail, journal: Journal) -> None:
    items = tuple({"debtor_id": debtor, "target_kind": "bank"} for debtor in ("1", "12", "5%"))
    made = journal.append("hanako", BatchMade("", "2026-04-02", "T1", items)).seq
    opened = journal.append("boss", BatchTaken("", made, "csv", "bank")).seq
    journal.append("boss", BatchTaken("", made * 10, "csv", "bank"))
    own = journal.append("hanako", BatchMade("7", "2026-04-02", "T1", ({"debtor_id": "7"},))).seq
    for case in ("1", "12", "5%"):
        assert [entry.seq for entry in trail.page(Search(case=case), 9).entries] == [opened, made]
        assert [entry.seq for entry in trail.found(Search(case=case), 10**6)] == [made, opened]
    assert [entry.seq for entry in trail.page(Search(case="7"), 9).entries] == [own]
    assert trail.page(Search(case="5_"), 9).total == 0
    assert trail.page(Search(case="1", kind="BatchMade"), 9).total == 1


@pytest.mark.parametrize(
    ("part", "departs"),
    [("dropped", True), ("added", True), ("left", True), ("accepted", False)],
)
def test_a_departure_from_the_plan_is_an_override(
    journal: Journal, trail: Trail, part: str, departs: bool
) -> None:
    shown = journal.append("hanako", RecommendationShown("1", 0, "3", "d", advice(target("0005"))))
    chosen = {part: ({"target_kind": "bank", "target_code": "0005", "reason": "解約済み"},)}
    made = journal.append("hanako", DecisionMade("1", shown.seq, **chosen))
    found = [entry.seq for entry in trail.page(Search(only="overrides"), 5).entries]
    assert found == ([made.seq] if departs else [])


def test_what_comes_later_is_found_and_read_once(journal: Journal, trail: Trail, engine: Engine) -> None:
    search = Search(only="overrides")
    assert trail.page(search, 5).total == 0
    journal.append("boss", AssignmentChanged("2", "T1", "T2", "調整"))
    assert trail.page(search, 5).total == 1
    rows = select(func.count()).select_from(journal_traits)
    with engine.connect() as connection:
        before = connection.execute(rows).scalar()
        trail.catch_up()
        assert connection.execute(rows).scalar() == before


def test_two_processes_may_read_the_traits_at_once(journal: Journal, engine: Engine) -> None:
    journal.append("boss", AssignmentChanged("2", "T1", "T2", "調整"))
    first, second = Trail(engine, journal), Trail(engine, journal)
    first.catch_up()
    second.catch_up()
    assert second.page(Search(only="overrides"), 5).total == 1


def test_what_another_process_read_meanwhile_loses_nothing(journal: Journal, engine: Engine) -> None:
    first, second = Trail(engine, journal), Trail(engine, journal)
    first.catch_up()
    journal.append("boss", AssignmentChanged("2", "T1", "T2", "調整"))
    second.catch_up()
    journal.append("boss", AssignmentChanged("3", "T1", "T2", "調整"))
    assert first.page(Search(only="overrides"), 5).total == 2
    assert second.page(Search(only="overrides"), 5).total == 2


def test_views_are_read_without_a_word_written(journal: Journal, engine: Engine) -> None:
    trail, written = Trail(engine, journal), list[str]()
    trail.catch_up()
    event.listen(
        engine,
        "before_cursor_execute",
        lambda *about: written.append(about[2]) if "INSERT" in about[2] else None,
    )
    journal.append("hanako", PageViewed("", "/cases"))
    written.clear()
    trail.catch_up()
    assert written == []
    journal.append("boss", AssignmentChanged("2", "T1", "T2", "調整"))
    assert trail.page(Search(only="overrides"), 5).total == 1
    assert Trail(engine, journal).page(Search(only="overrides"), 5).total == 1


def test_pages_cover_everything_once_both_ways(journal: Journal, trail: Trail) -> None:
    for _ in range(11):
        journal.append("hanako", LoggedIn())
    search, seen, before = Search(actor="hanako"), [], 0
    while True:
        page = trail.page(search, 4, before=before)
        assert page.total == 11
        seen.append([entry.seq for entry in page.entries])
        if not page.older:
            break
        before = page.entries[-1].seq
    assert [len(each) for each in seen] == [4, 4, 3]
    back = trail.page(search, 4, after=seen[2][0])
    assert [entry.seq for entry in back.entries] == seen[1]
    assert (back.newer, back.older) == (True, True)
    assert not trail.page(search, 4, after=seen[1][0]).newer


def test_everybody_who_stands_in_the_journal(journal: Journal, trail: Trail) -> None:
    for name in ("taro", "hanako", "taro", ""):
        journal.append(name, LoggedIn())
    assert trail.actors() == ["command", "hanako", "taro"]


@pytest.mark.parametrize(
    "search", [Search(), Search(actor="a"), Search(since=date(2026, 1, 1)), Search(kind="LoggedIn")]
)
def test_counting_reads_an_index_alone(engine: Engine, trail: Trail, search: Search) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:  # noqa: ANN401
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    trail.page(search, 5)
    event.remove(engine, "before_cursor_execute", note)
    (statement, parameters) = next(each for each in asked if "count(*)" in each[0])
    with engine.connect() as connection:
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert all("COVERING INDEX" in step[-1] for step in steps), steps
