from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from serving.app import now
from serving.desk.case_state import AnsweredOn, CaseState, Hands, state_of
from serving.desk.listed_case import ListedCase
from serving.desk.worklist import Worklist
from serving.desk.worklist_filters import Filters, Reach
from serving.desk.worklist_states import Turn
from serving.office.office import Office, Versions
from serving.records.events import AssignmentChanged, DecisionMade, Event, ReplyReceived
from serving.records.journal import Journal
from serving.records.store import open_store

VERSIONS = Versions("tegakari/3", "made-up")
PROPOSED = Hands("T002")
After = Callable[..., CaseState]
DECIDED = "2026-04-02T00:00:00.000+00:00"


def _decided(debtor_id: str, *codes: str, at: str = DECIDED) -> DecisionMade:
    accepted = tuple({"target_kind": "bank", "target_code": code, "rank": 1} for code in codes)
    return DecisionMade(debtor_id, accepted=accepted, decided_at=at)


def _replied(debtor_id: str, code: str, corrects: int = 0, withdrawn: bool = False) -> ReplyReceived:
    return ReplyReceived(
        debtor_id, "bank", code, "2026-04-02", "2026-04-09", "none", corrects=corrects, withdrawn=withdrawn
    )


def _nothing(_target: tuple[str, str], _since: date) -> date | None:
    return None


@pytest.fixture
def states(journal: Journal) -> After:
    """Return a function that journals events about case 1 and gives the state after them."""

    def after(*events: Event, answered: AnsweredOn = _nothing, hands: Hands = PROPOSED) -> CaseState:
        for event in events:
            journal.append("officer", event)
        return state_of(journal.entries(debtor_id="1"), hands, VERSIONS, answered)

    return after


def test_a_case_is_open_until_something_is_chosen_then_waits_for_the_replies(states: After) -> None:
    assert states() == CaseState(holder="T002")
    chosen = states(_decided("1", "0005", "0009"))
    assert (chosen.state, chosen.asked, chosen.waiting) == ("waiting", 2, 2)
    assert chosen.decided_on == date(2026, 4, 2)
    assert chosen.band(routed=False) > CaseState().band(routed=False)


def test_a_reply_brings_the_case_up_until_the_next_choice(states: After) -> None:
    replied = states(_decided("1", "0005", "0009"), _replied("1", "0005"))
    assert (replied.state, replied.waiting, replied.replies) == ("replied", 1, 1)
    assert replied.band(routed=False) < CaseState().band(routed=False)
    again = states(_decided("1", "0033"))
    assert (again.state, again.asked, again.waiting, again.replies) == ("waiting", 3, 2, 0)


def test_a_reply_taken_back_is_none(states: After, journal: Journal) -> None:
    assert states(_replied("1", "0005")).state == "replied"
    number = journal.entries(debtor_id="1")[-1].seq
    assert states(_replied("1", "0005", corrects=number, withdrawn=True)).state == "open"


def test_a_choice_of_nothing_waits_for_nothing(states: After) -> None:
    assert states(_decided("1")).state == "settled"


def test_an_answer_on_record_counts_like_a_reply(states: After) -> None:
    seen = states(_decided("1", "0005"), answered=lambda target, since: date(2026, 4, 20))
    assert (seen.state, seen.waiting, seen.replies) == ("replied", 0, 1)
    later = "2026-05-01T00:00:00.000+00:00"
    after = states(_decided("1", "0009", at=later), answered=lambda target, since: (
        date(2026, 4, 20) if target == ("bank", "0005") else None))  # fmt: skip
    assert (after.state, after.waiting, after.replies) == ("waiting", 1, 0)


def test_a_supervisors_last_change_says_whose_the_case_is(states: After) -> None:
    held = Hands("T002", "T009")
    assert (states(hands=held).holder, states(hands=held).beside) == ("T002", "T009")
    foreign = AssignmentChanged("1", "T002", "T007", "交代", "tegakari/2", "made-up")
    assert states(foreign, hands=held).holder == "T002"
    changed = states(AssignmentChanged("1", "T002", "T003", "交代", *_both()), hands=held)
    assert (changed.holder, changed.beside) == ("T003", "")
    assert states(hands=Hands("", "T009")).holder == "T009"


def _both() -> tuple[str, str]:
    return VERSIONS.model, VERSIONS.data


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["decide", "reply", "withdraw", "change", "look"]),
        st.integers(0, 3),
        st.sampled_from(["0005", "0009", "0033"]),
        st.booleans(),
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS)
def test_following_the_journal_gives_what_computing_anew_gives(
    town: ModuleType, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str, bool]]
) -> None:
    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('states') / 'tegakari.db'}")
    office = town.fake_office()
    journal, lists = Journal(engine, now), [Worklist(engine, office), Worklist(engine, office)]
    lists[0].prepare()
    for kind, case, code, second in steps:
        debtor_id = town.IDS[case]
        if kind == "look":
            lists[second].page(Filters(), 1, 50)
        else:
            _happen(journal, office, kind, debtor_id, code)
    for each in lists:
        for line in each.page(Filters(), 1, 50).lines:
            assert _state(line) == _anew(journal, office, line)
    engine.dispose()


def _happen(journal: Journal, office: Office, kind: str, debtor_id: str, code: str) -> None:
    versions = office.versions
    if kind == "decide":
        journal.append("officer", _decided(debtor_id, code))
    elif kind == "reply":
        journal.append("officer", _replied(debtor_id, code))
    elif kind == "change":
        staff = "T003" if code == "0005" else "T004"
        event = AssignmentChanged(debtor_id, "T002", staff, "交代", versions.model, versions.data)
        journal.append("supervisor", event)
    else:
        entries = journal.entries(kinds=("ReplyReceived",), debtor_id=debtor_id)
        if entries:
            journal.append("officer", _replied(debtor_id, code, entries[-1].seq, withdrawn=True))


def _state(line: ListedCase) -> tuple[object, ...]:
    return line.state, line.staff_id, line.beside, line.asked, line.waiting, line.replies, line.decided_on


def _anew(journal: Journal, office: Office, line: ListedCase) -> tuple[object, ...]:
    state = state_of(
        journal.entries(debtor_id=line.debtor_id),
        Hands(line.proposed, line.held_by),
        office.versions,
        _nothing,
    )
    return (state.state, state.holder, state.beside, state.asked, state.waiting, state.replies,
            state.decided_on)  # fmt: skip


def test_states_are_there_after_a_restart_and_for_lines_prepared_later(
    engine: Engine, journal: Journal, town: ModuleType
) -> None:
    journal.append("officer", _decided(town.IDS[1], "0005"))
    again = Worklist(engine, town.fake_office())
    assert _line(again, town.IDS[1]).state == "waiting"
    other = Worklist(engine, town.fake_office(versions=Versions("tegakari/4", "made-up")))
    other.prepare()
    assert _line(other, town.IDS[1]).state == "waiting"


def test_the_list_follows_what_happens_and_reorders(
    engine: Engine, journal: Journal, town: ModuleType
) -> None:
    worklist = Worklist(engine, town.fake_office())
    before = [line.debtor_id for line in worklist.page(Filters(show="ranked"), 1, 50).lines]
    journal.append("officer", _decided(before[0], "0005"))
    journal.append("officer", _replied(before[-1], "0005"))
    after = [line.debtor_id for line in worklist.page(Filters(show="ranked"), 1, 50).lines]
    assert after == [before[-1], *before[1:-1], before[0]]


def test_an_older_writer_never_overwrites_a_newer_state(
    engine: Engine, journal: Journal, town: ModuleType
) -> None:
    slow, quick = (Worklist(engine, town.fake_office()) for _ in range(2))
    journal.append("officer", _decided(town.IDS[1], "0005"))
    read = slow._states._where
    seen = []

    def late() -> tuple[Turn, int]:
        at = read()
        if not seen:  # while the slow one computes, a reply comes in and the quick one writes it
            seen.append(at)
            journal.append("officer", _replied(town.IDS[1], "0005"))
            quick.page(Filters(), 1, 50)
        return at

    slow._states._where = late  # type: ignore[method-assign]
    assert _line(slow, town.IDS[1]).state == "replied"


def _line(worklist: Worklist, debtor_id: str) -> ListedCase:
    (line,) = worklist.page(Filters(find=debtor_id), 1, 5).lines
    return line


@pytest.mark.parametrize(
    ("filters", "count"),
    [(Filters(mark="prescription"), 12), (Filters(mark="restricted"), 1), (Filters(mark="routed"), 1),
     (Filters(mark="broken"), 1), (Filters(mark="hardship"), 11), (Filters(mark="unsent"), 0),
     (Filters(show="open"), 11), (Filters(show="waiting"), 0), (Filters(staff_id="T002"), 6),
     (Filters(arrears_from=241_000, arrears_to=242_000), 2), (Filters(find="00000000000001"), 3),
     (Filters(find="%"), 0)],
)  # fmt: skip
def test_filters_narrow_and_their_counts_agree(
    engine: Engine, town: ModuleType, filters: Filters, count: int
) -> None:
    worklist = Worklist(engine, town.fake_office())
    found = worklist.page(filters, 1, 50)
    assert (found.total, len(found.lines)) == (count, count)
    if filters.mark:
        assert worklist.counts()[filters.mark] == count


@pytest.mark.parametrize("sort", ["prescription", "arrears", "hardship"])
def test_sorting_is_by_what_it_says(engine: Engine, town: ModuleType, sort: str) -> None:
    lines = Worklist(engine, town.fake_office()).page(Filters(), 1, 50, sort).lines
    keys = {
        "prescription": lambda line: line.next_prescription,
        "arrears": lambda line: -line.arrears,
        "hardship": lambda line: -(line.hardship if line.hardship is not None else -1),
    }
    assert list(lines) == sorted(lines, key=lambda line: (keys[sort](line), line.debtor_id))


def test_a_page_too_far_is_the_last_one_where_that_is_asked_for(engine: Engine, town: ModuleType) -> None:
    worklist = Worklist(engine, town.fake_office())
    assert worklist.page(Filters(), 999, 5).lines == ()
    nearest = worklist.page(Filters(), 999, 5, nearest=True)
    assert (nearest.page, len(nearest.lines)) == (3, 2)


def test_a_choice_unanswered_for_long_is_marked(engine: Engine, journal: Journal, town: ModuleType) -> None:
    journal.append("officer", _decided(town.IDS[1], "0005"))
    worklist = Worklist(engine, town.fake_office())
    assert worklist.counts(today=date(2026, 5, 31))["silent"] == 0
    assert worklist.counts(today=date(2026, 6, 1))["silent"] == 1


def test_what_is_out_of_reach_is_not_listed_nor_counted(engine: Engine, town: ModuleType) -> None:
    worklist = Worklist(engine, town.fake_office())
    own = Reach("T003", every=False, protected=False)
    assert worklist.page(Filters(), 1, 50, reach=own).total == 5
    office = Reach("T003", protected=False)
    assert worklist.page(Filters(), 1, 50, reach=office).total == 11
    assert worklist.counts(reach=office)["restricted"] == 0
    assert worklist.page(Filters(), 1, 50, reach=Reach("", every=False, protected=False)).total == 0


def test_a_worklist_made_anew_is_read_anew(engine: Engine, town: ModuleType) -> None:
    worklist = Worklist(engine, town.fake_office())
    assert worklist.page(Filters(), 1, 50).total == 12
    other = Worklist(engine, town.fake_office(versions=Versions("tegakari/4", "made-up")))
    other.prepare()
    assert worklist.page(Filters(), 1, 50).total == 0
