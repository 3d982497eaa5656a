"""From the journal to the report: who chose what in which arm, and what the inquiries brought."""

from __future__ import annotations

from datetime import date
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Engine

from serving.desk.blind_choice import BlindChoice
from serving.desk.choice import Choice, Reasoned
from serving.desk.choice_record import KINDS, choice_records
from serving.desk.desk import Desk
from serving.desk.trial_setting import in_force
from serving.desk.worklist import Worklist
from serving.records.events import CaseOpened, DecisionMade, ReplyReceived
from serving.records.identity import Role, User
from serving.records.journal import Journal
from serving.settings import Settings

SUPERVISOR = User(2, "jiro", Role.SUPERVISOR, "T003")
BANK, PAY = ("bank", "0005"), ("employer", "E00001")


@pytest.fixture
def desk(engine: Engine, clock: Any, settings: Settings, town: ModuleType) -> Desk:  # noqa: ANN401
    office = town.fake_office()
    return Desk(office, Worklist(engine, office), Journal(engine, clock), clock, settings)


def test_both_arms_reach_the_records_with_their_minutes_and_what_was_found(
    desk: Desk,
    journal: Journal,
    clock: Any,  # noqa: ANN401
    town: ModuleType,
) -> None:
    desk.trial.set(SUPERVISOR, 0.5, 0.0, "試行")
    setting = in_force(journal)
    for case in town.IDS[:10]:
        if desk.blind_case(SUPERVISOR, case) is not None:
            clock.pass_minutes(4)
            desk.trial.choose_blind(SUPERVISOR, case, BlindChoice((PAY, ("vehicle", ""))))
        shown = desk.recommend(SUPERVISOR, case)
        clock.pass_minutes(2)
        desk.decide(SUPERVISOR, case, Choice((BANK, PAY), grounds="記録", recommendation=shown.number))
        reply = ReplyReceived(case, *BANK, "2026-04-03", "2026-04-09", "found", 900_000)
        journal.append("jiro", reply)
    answers = {(c, *BANK): [(desk.office.day.replace(day=3), 900_000)] for c in town.IDS}
    records = choice_records(journal.entries(kinds=KINDS), answers)
    assert [each.arm for each in records] == [
        "blind" if setting.draws_blind(case, "jiro") else "open" for case in town.IDS[:10]
    ]
    for each in records:
        assert each.minutes == (4.0 if each.arm == "blind" else 2.0)
        assert (each.accepted, each.decided, each.officer, each.months) == (2, True, 0, 48.0)
        assert each.weight == 2.0
        if each.arm == "blind":
            assert [asked.yen for asked in each.chosen] == [None, None]
            assert each.kept == 1
    report = desk.time_saved(SUPERVISOR)
    assert report.results.with_ranking.answered + report.results.revised.answered == 10
    assert desk.time_saved(SUPERVISOR) is report  # counted once
    journal.append("jiro", ReplyReceived(town.IDS[0], *PAY, "2026-04-03", "2026-04-10", "none"))
    again = desk.time_saved(SUPERVISOR).results
    assert again.with_ranking.answered + again.revised.answered == 11


def test_yen_are_within_the_arrears_and_of_the_first_inquiry_since_the_opening(journal: Journal) -> None:
    opened = journal.append("jiro", CaseOpened("1", 100_000, "open", "", 0.1))
    target = {"target_kind": "bank", "target_code": "0005", "rank": 1}
    journal.append("jiro", DecisionMade("1", 0, (target,), active_minutes=3.0, opened=opened.seq))
    answers = {("1", *BANK): [(date(2026, 3, 1), 5), (date(2026, 5, 1), 0), (date(2026, 4, 3), 900_000)]}
    (record,) = choice_records(journal.entries(kinds=KINDS), answers)
    assert [asked.yen for asked in record.final] == [100_000]
    assert record.final[0].hit


def test_decisions_of_before_the_trial_are_read_and_left_outside(journal: Journal) -> None:
    """Entries of an earlier version: no arm, no active minutes, the opening named by its moment."""
    opened = journal.append("jiro", CaseOpened("1", 100_000))
    journal.append("jiro", DecisionMade("1", 0, opened_at=opened.at, minutes=7.0))
    (record,) = choice_records(journal.entries(kinds=KINDS), {})
    assert (record.arm, record.decided, record.minutes, record.clock_minutes) == ("", True, None, 7.0)


def test_a_target_kept_beyond_the_ranking_is_added_with_its_reason(
    desk: Desk, journal: Journal, town: ModuleType
) -> None:
    case = town.IDS[0]
    shown = desk.recommend(SUPERVISOR, case)
    kept = Reasoned("real_estate", "R1", "順位を見る前に選定")
    made = desk.decide(
        SUPERVISOR, case, Choice((BANK,), (kept,), grounds="記録", recommendation=shown.number)
    )
    assert made.facts["added"][0]["reason"] == "順位を見る前に選定"


def test_the_answers_of_the_records_are_read_from_the_ledger(desk: Desk, town: ModuleType) -> None:
    found = desk.office.results.about({town.RANKED})
    assert [answer.yen for answer in found[town.RANKED, *BANK]] == [48_200]
    assert [answer.yen for answer in found[town.RANKED, *PAY]] == [0]
    assert (town.RANKED, "bank", "0009") not in found  # no reply is no "none"
    assert desk.office.results.about(set()) == {}
