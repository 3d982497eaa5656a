from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Barrier, Thread
from types import ModuleType
from typing import Any, Protocol

import pytest
from scipy.stats import binomtest
from sqlalchemy import Engine

from serving.desk.blind_choice import BlindChoice
from serving.desk.choice import Choice
from serving.desk.desk import Desk
from serving.desk.trial_setting import TrialSetting, drawn, in_force, newly_set, start
from serving.desk.worklist import Worklist
from serving.problems import Problem
from serving.records.identity import Role, User
from serving.records.journal import Journal
from serving.settings import Settings


class Clock(Protocol):
    def pass_minutes(self, minutes: float) -> None: ...


OFFICER = User(1, "hanako", Role.OFFICER, "T002")
SUPERVISOR = User(2, "jiro", Role.SUPERVISOR, "T003")
BANK = ("bank", "0005")


@dataclass
class Room:
    """A desk with its journal, and a case of either arm."""

    desk: Desk
    journal: Journal

    def case(self, blind: bool, hidden: bool = False, of: tuple[str, ...] = ()) -> str:
        setting = in_force(self.journal)
        return next(
            case
            for case in of
            if (setting.draws_blind(case, OFFICER.name), setting.draws_hidden(case, OFFICER.name))
            == (blind, hidden)
        )


@pytest.fixture
def room(engine: Engine, clock: Any, settings: Settings, town: ModuleType) -> Iterator[Room]:  # noqa: ANN401
    journal = Journal(engine, clock)
    office = town.fake_office()
    yield Room(Desk(office, Worklist(engine, office), journal, clock, settings), journal)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.3])
def test_the_share_is_kept(share: float) -> None:
    for seed in ("a" * 64, "b" * 64, "c" * 64):
        setting = TrialSetting(share, seed=seed)
        hits = sum(setting.draws_blind(f"{n:015d}", f"user{n % 40}") for n in range(8000))
        assert binomtest(hits, 8000, share).pvalue > 0.001


def test_every_officer_has_the_share_and_both_draws_are_independent() -> None:
    setting = TrialSetting(0.2, 0.25, seed="d" * 64)
    for user in ("hanako", "jiro"):
        assert (
            binomtest(sum(setting.draws_blind(str(n), user) for n in range(3000)), 3000, 0.2).pvalue > 0.001
        )
    both = [(setting.draws_blind(str(n), "x"), setting.draws_hidden(str(n), "x")) for n in range(8000)]
    assert binomtest(both.count((True, True)), 8000, 0.2 * 0.25).pvalue > 0.001


def test_the_draw_cannot_be_foretold_without_the_journal(journal: Journal) -> None:
    """The seed is a digest over the moment of the setting: case, user and share do not tell it."""
    journal.append("jiro", newly_set(0.5, 0.0, "試行"))
    first = in_force(journal)
    journal.append("jiro", newly_set(0.5, 0.0, "試行"))
    second = in_force(journal)
    cases = [f"{n:015d}" for n in range(4000)]
    same = sum(first.draws_blind(c, "hanako") == second.draws_blind(c, "hanako") for c in cases)
    assert binomtest(same, len(cases), 0.5).pvalue > 0.001
    assert len(first.seed) == 64


def test_nothing_is_drawn_before_a_service_started_and_then_one_of_ten(journal: Journal) -> None:
    assert (in_force(journal).blind, in_force(journal).hidden) == (0.0, 0.0)
    start(journal)
    start(journal)
    assert (in_force(journal).blind, in_force(journal).hidden) == (0.1, 0.0)
    assert len(journal.entries(kinds=("TrialSet",))) == 1


@pytest.mark.parametrize(
    ("blind", "hidden", "ground"), [(0.6, 0, "x"), (-0.1, 0, "x"), (0.1, 0.9, "x"), (0.1, 0, " ")]
)
def test_shares_that_cannot_be_are_refused(blind: float, hidden: float, ground: str) -> None:
    with pytest.raises(Problem, match="割合または理由が正しくありません"):
        newly_set(blind, hidden, ground)


def test_only_a_supervisor_sets_it(room: Room) -> None:
    with pytest.raises(Problem, match="権限がありません"):
        room.desk.trial.set(OFFICER, 0.2, 0.0, "試行")
    with pytest.raises(Problem, match="権限がありません"):
        room.desk.trial.setting(OFFICER)


def test_a_blind_case_is_timed_in_two_parts_and_keeps_both_choices(
    room: Room, clock: Clock, town: ModuleType
) -> None:
    room.desk.trial.set(SUPERVISOR, 0.5, 0.0, "試行")
    case = room.case(True, of=town.IDS[:10])
    file = room.desk.blind_case(OFFICER, case)
    assert file is not None
    assert (file.advice.targets, file.advice.forecasts, file.advice.finding) == ((), (), None)
    for _ in range(2):
        clock.pass_minutes(2)
        assert room.desk.blind_case(OFFICER, case) is not None  # a reload draws nothing anew
    assert len(room.journal.entries(kinds=("CaseOpened",))) == 1
    clock.pass_minutes(2)
    kept = room.desk.trial.choose_blind(OFFICER, case, BlindChoice((BANK, ("employer", "E00001"))))
    assert (kept.facts["minutes"], kept.facts["active_minutes"]) == (6.0, 6.0)
    assert room.desk.blind_case(OFFICER, case) is None
    shown = room.desk.recommend(OFFICER, case)
    clock.pass_minutes(1.5)
    made = room.desk.decide(OFFICER, case, Choice((BANK,), grounds="記録", recommendation=shown.number))
    assert made.facts["active_minutes"] == 1.5
    assert made.facts["minutes"] == 7.5  # by the clock since the case was opened, as ever
    assert made.facts["opened"] == kept.facts["opened"]
    opened = room.journal.entry(kept.facts["opened"])
    assert opened is not None
    assert (opened.facts["arm"], opened.facts["share"], opened.facts["months"]) == ("blind", 0.5, 48.0)


def test_nothing_of_the_ranking_is_shown_before_the_blind_choice(room: Room, town: ModuleType) -> None:
    room.desk.trial.set(SUPERVISOR, 0.5, 0.0, "試行")
    case = room.case(True, of=town.IDS[:10])
    room.desk.blind_case(OFFICER, case)
    for show in (
        lambda: room.desk.case(OFFICER, case, "hardship"),
        lambda: room.desk.case(OFFICER, case),
        lambda: room.desk.recommend(OFFICER, case),
        lambda: room.desk.recommend(OFFICER, case, program=True),
    ):
        with pytest.raises(Problem, match="推薦を見る前に調査先を選ぶ事案"):
            show()
    room.desk.trial.set(SUPERVISOR, 0.0, 0.0, "終わり")
    assert room.desk.blind_case(OFFICER, case) is not None  # an opened case keeps its arm
    assert room.desk.blind_case(SUPERVISOR, case) is None  # somebody else draws for themselves


def test_looking_first_leaves_the_trial_and_does_not_pass_for_the_other_arm(
    room: Room, town: ModuleType
) -> None:
    room.desk.trial.set(SUPERVISOR, 0.5, 0.0, "試行")
    case = room.case(True, of=town.IDS[:10])
    room.desk.case(OFFICER, case, "record")
    assert room.desk.blind_case(OFFICER, case) is None
    room.desk.recommend(OFFICER, case)
    (opened,) = room.journal.entries(kinds=("CaseOpened",))
    assert (opened.facts["arm"], opened.facts["outside"]) == ("", "seen")


def test_a_case_that_somebody_decided_is_outside(room: Room, town: ModuleType) -> None:
    case = town.IDS[0]
    shown = room.desk.recommend(SUPERVISOR, case)
    room.desk.decide(SUPERVISOR, case, Choice((BANK,), grounds="記録", recommendation=shown.number))
    room.desk.trial.set(SUPERVISOR, 0.5, 0.0, "試行")
    assert room.desk.blind_case(OFFICER, case) is None
    room.desk.recommend(OFFICER, case)
    assert room.journal.entries(kinds=("CaseOpened",))[-1].facts["outside"] == "decided"


def test_a_routed_case_is_never_chosen_blind(room: Room, town: ModuleType) -> None:
    room.desk.trial.set(SUPERVISOR, 0.5, 0.0, "試行")
    for user in (OFFICER, SUPERVISOR):
        assert room.desk.blind_case(user, town.ROUTED) is None


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (BlindChoice(()), "調査先が一つも入力されていません"),
        (BlindChoice((BANK,), nothing=True), "「照会する調査先はない」に印があります"),
        (BlindChoice((BANK, BANK)), "同じ調査先が2回"),
        (BlindChoice((("bank", "7777"),)), "照会先の一覧に見つかりません"),
    ],
)
def test_a_blind_choice_that_does_not_fit_is_refused_whole(
    room: Room, town: ModuleType, choice: BlindChoice, said: str
) -> None:
    room.desk.trial.set(SUPERVISOR, 0.5, 0.0, "試行")
    case = room.case(True, of=town.IDS[:10])
    room.desk.blind_case(OFFICER, case)
    with pytest.raises(Problem, match=said):
        room.desk.trial.choose_blind(OFFICER, case, choice)
    assert room.journal.entries(kinds=("BlindChoiceMade",)) == []


def test_a_blind_choice_is_made_once(room: Room, town: ModuleType) -> None:
    room.desk.trial.set(SUPERVISOR, 0.5, 0.0, "試行")
    case = room.case(True, of=town.IDS[:10])
    room.desk.blind_case(OFFICER, case)
    room.desk.trial.choose_blind(OFFICER, case, BlindChoice((), nothing=True))
    with pytest.raises(Problem, match="既に確定済み"):
        room.desk.trial.choose_blind(OFFICER, case, BlindChoice((BANK,)))


def test_folded_reasons_open_once_and_are_counted(room: Room, town: ModuleType) -> None:
    room.desk.trial.set(SUPERVISOR, 0.0, 0.5, "試行")
    case = room.case(False, hidden=True, of=town.IDS[:10])
    shown = room.desk.recommend(OFFICER, case)
    assert room.desk.trial.shown_as(OFFICER, case, shown.number).folded
    for _ in range(2):
        room.desk.trial.open_reasons(OFFICER, case, shown.number)
    assert not room.desk.trial.shown_as(OFFICER, case, shown.number).folded
    assert len(room.journal.entries(kinds=("ReasonsOpened",))) == 1
    with pytest.raises(Problem, match="既に確定済み"):
        room.desk.trial.open_reasons(OFFICER, case, shown.number + 1)


def test_a_draw_is_a_number_below_one() -> None:
    assert all(0 <= drawn("s", "blind", str(n), "u") < 1 for n in range(1000))


def test_many_clicks_at_once_open_a_case_once(room: Room, town: ModuleType) -> None:
    start(room.journal)
    gate, shown, failed = Barrier(8), list[int](), list[Exception]()

    def click() -> None:
        gate.wait()
        try:
            with room.journal.steady():
                if room.desk.blind_case(OFFICER, town.RANKED) is None:
                    shown.append(room.desk.recommend(OFFICER, town.RANKED).number)
        except Exception as why:
            failed.append(why)

    clicks = [Thread(target=click) for _ in range(8)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert failed == []
    assert len(room.journal.entries(("CaseOpened",), town.RANKED)) == 1
    assert len(set(shown)) <= 1
    assert len(room.journal.entries(("RecommendationShown",), town.RANKED)) == len(set(shown))
