from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Engine

from serving.desk.choice import Choice
from serving.desk.desk import Desk
from serving.desk.replies import ReplySent
from serving.desk.worklist import Worklist
from serving.desk.worklist_filters import Filters
from serving.problems import Problem
from serving.records.entry import Clock
from serving.records.events import AssignmentChanged
from serving.records.identity import Role, User
from serving.records.journal import Journal
from serving.settings import Settings, read_settings

FOREIGN, PROTECTED = "担当外の事案", "支援措置の事案は"
SUPERVISOR, AUDITOR = User(2, "keiko", Role.SUPERVISOR), User(3, "kansa", Role.AUDITOR)


def officer(staff_id: str) -> User:
    return User(1, "hanako", Role.OFFICER, staff_id)


def desk(engine: Engine, journal: Journal, clock: Clock, town: ModuleType, scope: str) -> Desk:
    office = town.fake_office()
    settings = Settings(home=Path("nowhere"), officer_scope=scope)
    return Desk(office, Worklist(engine, office), journal, clock, settings)


@pytest.fixture
def office(engine: Engine, journal: Journal, clock: Clock, town: ModuleType) -> Desk:
    return desk(engine, journal, clock, town, "office")


@pytest.fixture
def own(engine: Engine, journal: Journal, clock: Clock, town: ModuleType) -> Desk:
    return desk(engine, journal, clock, town, "own")


def test_the_whole_office_is_the_team_unless_it_is_set_otherwise(
    office: Desk, own: Desk, town: ModuleType
) -> None:
    assert office.case(officer("T003"), town.RANKED).profile.debtor_id == town.RANKED
    with pytest.raises(Problem, match=FOREIGN):
        own.case(officer("T003"), town.RANKED)
    assert own.case(officer("T002"), town.RANKED).profile.debtor_id == town.RANKED
    for user in (SUPERVISOR, AUDITOR):
        assert own.case(user, town.RANKED).profile.debtor_id == town.RANKED


def test_every_way_into_a_case_keeps_to_the_rule(own: Desk, journal: Journal, town: ModuleType) -> None:
    reply = ReplySent("bank", "0005", None, None, "none")
    ways = [
        lambda user: own.case(user, town.RANKED),
        lambda user: own.recommend(user, town.RANKED),
        lambda user: own.decide(user, town.RANKED, Choice((("bank", "0005"),))),
        lambda user: own.reply(user, town.RANKED, reply),
        lambda user: own.decisions(user, town.RANKED),
        lambda user: own.ranks_before(user, town.RANKED),
    ]
    for way in ways:
        with pytest.raises(Problem, match=FOREIGN):
            way(officer("T003"))
    refused = journal.entries(kinds=("CaseRefused",), debtor_id=town.RANKED)
    assert [(entry.actor, entry.facts["ground"]) for entry in refused] == [("hanako", "foreign")] * len(ways)
    assert journal.entries(kinds=("CaseViewed", "CaseOpened"), debtor_id=town.RANKED) == []


def test_a_supervisors_change_moves_a_case_from_one_officer_to_another(
    own: Desk, journal: Journal, town: ModuleType
) -> None:
    versions = own.office.versions
    journal.append(
        "keiko", AssignmentChanged(town.RANKED, "T002", "T003", "交代", versions.model, versions.data)
    )
    assert own.case(officer("T003"), town.RANKED)
    with pytest.raises(Problem, match=FOREIGN):
        own.case(officer("T002"), town.RANKED)
    listed = [line.debtor_id for line in own.lists.page(officer("T003"), Filters(), 1, 50).lines]
    assert town.RANKED in listed
    assert len(listed) == 6


@pytest.mark.parametrize("scope", ["office", "own"])
def test_a_case_with_support_measures_is_open_to_its_officer_supervisors_and_auditors(
    engine: Engine, journal: Journal, clock: Clock, town: ModuleType, scope: str
) -> None:
    place = desk(engine, journal, clock, town, scope)
    for user in (officer(town.OFFICER), SUPERVISOR, AUDITOR):
        assert place.case(user, town.PROTECTED).advice.restricted
    for staff_id in ("T003", ""):
        with pytest.raises(Problem, match=PROTECTED):
            place.case(officer(staff_id), town.PROTECTED)
    last = journal.entries(kinds=("CaseRefused",), debtor_id=town.PROTECTED)[-1]
    assert (last.facts["ground"], last.facts["restricted"]) == ("protected", True)


def test_an_account_tied_to_nobody_has_no_cases_of_its_own(office: Desk, own: Desk) -> None:
    assert own.lists.page(officer(""), Filters(), 1, 50).total == 0
    assert office.lists.page(officer(""), Filters(), 1, 50).total == 11
    assert [office.lists.tie(officer(each)) for each in ("T002", "", "T999")] == ["tied", "none", "unknown"]


def test_an_unknown_case_is_refused_whatever_the_setting_and_what_was_typed_is_not_kept(
    office: Desk, own: Desk, journal: Journal
) -> None:
    with pytest.raises(Problem, match="見つかりません"):
        office.case(officer("T002"), "999")
    with pytest.raises(Problem, match=FOREIGN):  # tells nobody which numbers exist
        own.case(officer("T002"), "999")
    assert journal.entries(kinds=("CaseRefused",)) == []


def test_the_view_of_a_list_is_one_entry_with_what_was_asked(office: Desk, journal: Journal) -> None:
    office.lists.page(officer("T002"), Filters(mark="broken", find="0000"), 1, 50, "arrears")
    (entry,) = journal.entries(kinds=("WorklistViewed",))
    assert entry.facts["filters"] == {"mark": "broken", "find": "0000"}
    assert (entry.facts["sort"], entry.facts["page"], entry.facts["lines"]) == ("arrears", 1, 1)


def test_a_scope_that_is_none_is_refused(tmp_path: Path) -> None:
    assert read_settings({"TEGAKARI_OFFICER_SCOPE": "own"}, tmp_path).officer_scope == "own"
    with pytest.raises(Problem, match="TEGAKARI_OFFICER_SCOPE の値が正しくありません。次のどれか"):
        read_settings({"TEGAKARI_OFFICER_SCOPE": "everybody"}, tmp_path)
