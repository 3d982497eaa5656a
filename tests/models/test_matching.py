from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.ledger.snapshot import Municipality, ledger_of
from models.difficulty import INPUTS, fit_difficulty
from models.growth import Growth
from models.matching import COLUMNS, Matching, match
from models.moves import Moves
from models.proficiency import KINDS, Speeds
from models.proposal import propose
from models.run import present_officers
from models.terms import Terms

LEVEL = Growth((0.0,) * 7, 0.0, 0.0)
CUTS = (-0.3, -0.1, 0.1, 0.3)


def own(everything: float, company: float = 0.0, hard: float = 0.0) -> tuple[float, ...]:
    return (everything, *(company if kind == "company" else 0.0 for kind in KINDS), hard)


SPEEDS = Speeds(LEVEL, {"T1": own(-0.2), "T2": own(0.0), "T3": own(0.3, company=-0.6)}, {}, CUTS)
PLAIN = Terms(relief=False)


def staff(fte: tuple[float, ...] = (1.0, 1.0, 1.0), present: tuple[int, ...] = (1, 1, 1)) -> pd.DataFrame:
    names = pd.Series([f"T{number + 1}" for number in range(len(fte))], dtype="str")
    return pd.DataFrame({"staff_id": names, "fte": fte, "present": present, "months_in_post": 36.0})


def some(minutes: list[float], kinds: list[str] | None = None) -> pd.DataFrame:
    names = pd.Series([f"d{number:03d}" for number in range(len(minutes))], dtype="str")
    kind = pd.Series(kinds or ["salaried"] * len(minutes), dtype="str")
    return pd.DataFrame({"debtor_id": names, "minutes": minutes, "level": 3, "kind": kind, "hardness": 0.0})


def graded(count: int = 200) -> pd.DataFrame:
    """Return cases of every level; the higher the level the longer."""
    rng = np.random.default_rng(3)
    level = pd.Series(1 + np.arange(count) % 5)
    hardness = (level - 3) * 0.7
    return some(list(60 * np.exp(0.4 * hardness) * rng.uniform(0.9, 1.1, count))).assign(
        level=level, hardness=hardness
    )


def pairs(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["debtor_id", "staff_id"]).astype("str")


def names(**chosen: str) -> pd.Series:
    return pd.Series(chosen, dtype="str")


def taken(found: Matching) -> list[str]:
    return found.pairs["staff_id"].tolist()


def test_each_takes_what_it_is_fastest_at() -> None:
    found = match(some([100, 300, 200], ["salaried", "salaried", "company"]), staff(), SPEEDS, PLAIN)
    assert list(found.table.columns) == list(COLUMNS)
    assert taken(found) == ["T2", "T1", "T3"]
    assert found.pairs["own_minutes"][1] == pytest.approx(300 * np.exp(-0.2), abs=0.1)
    assert found.minutes == pytest.approx(found.pairs["own_minutes"].sum())
    assert "難易度は5段階の3" in found.pairs["reasons"][0]


def test_what_the_next_best_would_cost_is_what_the_whole_office_would_pay() -> None:
    cases = some([100, 300, 200], ["salaried", "salaried", "company"])
    found = match(cases, staff(), SPEEDS, PLAIN)
    for place, debtor in enumerate(cases["debtor_id"]):
        barred = Terms(relief=False, exclusions=pairs((debtor, found.pairs["staff_id"][place])))
        dearer = match(cases, staff(), SPEEDS, barred).minutes - found.minutes
        assert found.pairs["next_best"][place] == pytest.approx(dearer, abs=1e-6)
    assert "次点の職員に替えると、全体の所要時間は約36分増えます。" in found.pairs["reasons"][1]


def test_harder_cases_go_to_whom_hardness_slows_least() -> None:
    cases = some([100, 100]).assign(hardness=[2.0, -2.0])
    speeds = Speeds(LEVEL, {"T1": own(0, hard=-0.1), "T2": own(0, hard=0.1)}, {}, CUTS)
    assert taken(match(cases, staff((1.0, 1.0), (1, 1)), speeds, PLAIN)) == ["T1", "T2"]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(20, 400), st.sampled_from(["salaried", "company"])), min_size=1, max_size=5
    ),
    st.lists(st.sampled_from([0.5, 0.8, 1.0]), min_size=3, max_size=3),
    st.permutations(["T1", "T2", "T3"]),
    st.integers(0, 99),
)
def test_laws(rows: list[tuple[int, str]], fte: list[float], people: list[str], seed: int) -> None:
    cases = some([float(minutes) for minutes, _ in rows], [kind for _, kind in rows])
    officers = staff(tuple(fte))
    found = match(cases, officers, SPEEDS, PLAIN)
    places = dict(zip(found.load["staff_id"], found.load["places"], strict=True))
    assert (found.load["cases"] <= found.load["places"]).all()
    assert found.pairs["debtor_id"].tolist() == cases["debtor_id"].tolist()
    assert found.minutes == pytest.approx(_least(cases, places), abs=0.5)
    mixed = cases.sample(frac=1.0, random_state=seed)
    again = match(mixed, officers.sample(frac=1.0, random_state=seed), SPEEDS, PLAIN)
    pd.testing.assert_frame_equal(again.pairs.sort_values("debtor_id", ignore_index=True), found.pairs)
    renamed = dict(zip(["T1", "T2", "T3"], people, strict=True))
    speeds = Speeds(LEVEL, {renamed[name]: effects for name, effects in SPEEDS.own.items()}, {}, CUTS)
    called = officers.assign(staff_id=officers["staff_id"].map(renamed).astype("str"))
    assert match(cases, called, speeds, PLAIN).minutes == pytest.approx(found.minutes, abs=0.5)


def _least(cases: pd.DataFrame, places: dict[str, int]) -> float:
    """Return the least total minutes by trying every way."""
    ratio = {
        (name, kind): float(np.exp(SPEEDS.own[name][0] + SPEEDS.own[name][1] * (kind == "company")))
        for name in places
        for kind in ("salaried", "company")
    }
    ways = itertools.product(places, repeat=len(cases))
    lawful = [way for way in ways if all(way.count(name) <= places[name] for name in places)]
    rows = list(zip(cases["minutes"], cases["kind"], strict=True))
    return min(sum(m * ratio[n, k] for n, (m, k) in zip(way, rows, strict=True)) for way in lawful)


def test_nobody_takes_more_than_twice_the_share_of_the_hardest_fifth() -> None:
    speeds = Speeds(LEVEL, {"T1": own(0, hard=-0.2)}, {}, CUTS)
    officers = staff((1.0,) * 5, (1,) * 5)
    free, relieved = (match(graded(), officers, speeds, Terms(relief=relief)) for relief in (False, True))
    assert free.load["hard"].max() == 40  # one veteran would take all of them
    assert relieved.load["hard"].max() == 16
    assert relieved.minutes > free.minutes


def test_newcomers_step_up_with_somebody_to_ask_at_a_stated_price() -> None:
    officers = staff((1.0,) * 4, (1,) * 4).assign(months_in_post=[12.0, 40.0, 40.0, 40.0])
    speeds = Speeds(LEVEL, {"T1": own(0.2, hard=0.1), "T2": own(-0.1)}, {}, CUTS)
    plain, grown = (match(graded(), officers, speeds, Terms(growth=growth)) for growth in (False, True))
    step = grown.pairs[grown.pairs["step"]]
    assert set(step["staff_id"]) == {"T1"}
    assert set(step["difficulty_level"]) == {3}  # T1's band is 2
    assert len(step) >= 8  # 0.175 of 50 cases
    assert not plain.pairs["step"].any()
    assert set(step["senior"]) <= {"T2", "T3", "T4"}
    assert step["reasons"].str.contains("経験を広げるための割当て.*相談先は職員T", regex=True).all()
    assert grown.growth_minutes == pytest.approx(grown.minutes - plain.minutes, abs=1.0)
    assert 0 <= grown.growth_minutes <= 0.01 * plain.minutes


def test_exclusions_are_kept() -> None:
    exclusions = pairs(("d000", "T1"), ("d000", "T9"))
    found = match(some([300, 100]), staff(), SPEEDS, Terms(relief=False, exclusions=exclusions))
    assert taken(found) == ["T2", "T1"]


def test_whoever_holds_the_debtor_goes_on() -> None:
    held = names(d001="T2", d002="gone")
    found = match(some([100, 101, 90]), staff(), SPEEDS, Terms(relief=False, held=held))
    assert taken(found)[1] == "T2"
    assert "すでに担当している職員" in found.pairs["reasons"][1]
    assert "すでに担当している職員" not in found.pairs["reasons"][2]


def test_matching_again_moves_as_few_as_needed() -> None:
    cases = graded(60)
    first = match(cases, staff(), SPEEDS).pairs.set_index("debtor_id")["staff_id"]
    shuffled = first.sample(frac=1.0, random_state=1).set_axis(first.index)
    again = match(cases, staff(), SPEEDS, Terms(relief=False, keep=shuffled)).pairs.set_index("debtor_id")
    assert (again["staff_id"] == shuffled).all()  # not the least minutes, but nothing has to move
    gone = match(cases, staff(present=(1, 1, 0)), SPEEDS, Terms(relief=False, keep=first)).pairs
    moved = gone.set_index("debtor_id")["staff_id"] != first
    assert moved.sum() == (first == "T3").sum()


def test_who_holds_much_already_gets_less_and_an_area_draws() -> None:
    load = pd.Series({"T1": 3})
    found = match(some([100.0] * 100), staff((1.0, 1.0), (1, 1)), SPEEDS, Terms(load=load))
    assert found.load["cases"].tolist() == [49, 51]
    assert found.load["before"].tolist() == [3, 0]
    areas = pd.DataFrame({"staff_id": ["T1"], "postcode3": ["100"]})
    placed = some([100, 100, 100]).assign(postcode3=["200", "100", None])
    assert taken(match(placed, staff(), SPEEDS, Terms(relief=False, areas=areas)))[1] == "T1"


def test_a_ledger_is_proposed_for_as_of_its_day() -> None:
    frames = {
        "debtors": [{"debtor_id": name, "entity": "1"} for name in "abc"],
        "staff": [{"staff_id": name, "joined_on": date(2024, 4, 1), "fte": 1.0} for name in ("T1", "T2")],
        "assignments": [
            {"assignment_id": "1", "debtor_id": "b", "staff_id": "T2", "started_on": date(2026, 1, 5)}
        ],
    }
    ledger = ledger_of(
        Municipality("132080", "試験市", date(2026, 4, 1)),
        {name: pd.DataFrame(rows) for name, rows in frames.items()},
    )
    rng = np.random.default_rng(0)
    profiles = pd.DataFrame(rng.random((80, len(INPUTS))), columns=list(INPUTS))
    minutes = pd.DataFrame({"handling_minutes": rng.uniform(50, 200, 80), "selecting_minutes": 20.0})
    officers = pd.DataFrame({"staff_id": ["T1", "T2"] * 40, "months_in_post": 12.0}).astype(
        {"staff_id": "str"}
    )
    difficulty = fit_difficulty(profiles, minutes, officers, rounds=3)
    found = propose(ledger, ["b", "a"], difficulty)
    assert found.pairs["debtor_id"].tolist() == ["b", "a"]
    assert taken(found) == ["T2", "T1"]
    assert found.pairs["reasons"].str.contains("8割の事案で").all()
    assert propose(ledger, [], difficulty).table.empty


def test_no_cases_give_no_rows() -> None:
    found = match(some([]), staff(), SPEEDS)
    assert found.table.columns.tolist() == list(COLUMNS)
    assert found.load["cases"].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("officers", "message"),
    [
        (staff((), ()), "職員が登録されていません"),
        (staff(present=(0, 0, 0)), "在席している職員がいません"),
        (staff((0.0, 0.0, 0.0)), "稼働率がすべて0"),
    ],
)
def test_nobody_to_take_them(officers: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        match(some([100]), officers, SPEEDS)


def test_somebody_without_hours_takes_nothing() -> None:
    assert present_officers(staff((1.0, 0.0, 0.5)))["staff_id"].tolist() == ["T1", "T3"]


def test_what_is_in_the_way_is_named_with_how_much() -> None:
    three = some([100, 100, 100])
    full = pairs(*((f"d00{number}", name) for number in range(3) for name in ("T1", "T2")))
    with pytest.raises(ValueError, match="担当除外と定員のため2件を割り当てられません"):
        match(three, staff(), SPEEDS, Terms(exclusions=full))
    alone = pairs(*(("d001", name) for name in ("T1", "T2", "T3")))
    with pytest.raises(ValueError, match="1件は担当できる職員がいません"):
        match(three, staff(), SPEEDS, Terms(exclusions=alone))
    with pytest.raises(ValueError, match="受け持てる件数の合計2件に対し事案は3件で、1件足りません"):
        match(three, staff((1.0,), (1,)), SPEEDS, Terms(most=2))
    hard = some([100.0] * 8 + [300.0] * 2)
    barred = pairs(*((f"d00{number}", "T1") for number in (8, 9)))
    officers = staff((1.0, 0.2), (1, 1))
    with pytest.raises(ValueError, match="難しい事案の集中を避ける上限のため1件"):
        match(hard, officers, SPEEDS, Terms(exclusions=barred))


def test_what_was_declined_is_told_apart_from_what_is_excluded() -> None:
    three = some([100, 100, 100])
    all_but_one = pairs(("d001", "T1"), ("d001", "T2"))
    last = pairs(("d001", "T3"))
    with pytest.raises(ValueError, match="辞退（担当除外と合わせて）により、1件は担当できる職員がいません"):
        match(three, staff(), SPEEDS, Terms(exclusions=all_but_one, declined=last))
    full = pairs(*((f"d00{number}", name) for number in range(3) for name in ("T1", "T2")))
    with pytest.raises(ValueError, match="辞退と定員のため2件を割り当てられません"):
        match(three, staff(), SPEEDS, Terms(declined=full))
    assert taken(match(three, staff(), SPEEDS, Terms(relief=False, declined=last)))[1] != "T3"


def test_what_moves_is_counted_by_its_cause() -> None:
    cases = some([100.0] * 6)
    keep = names(d000="T1", d001="T1", d002="T1", d003="T9", d004="T2", d009="T2")
    declined = pairs(("d004", "T2"))
    found = match(cases, staff(), SPEEDS, Terms(relief=False, keep=keep, declined=declined))
    assert found.moves == Moves(stayed=2, away=1, barred=1, full=1)  # two places each
    assert match(cases, staff(), SPEEDS, PLAIN).moves is None
    assert found.pairs["kept"].sum() == 2
    assert found.pairs["next_best"].replace(np.inf, 0).max() < 1000  # moving is weighed, never told
    assert found.pairs["reasons"].str.contains("前回の担当案のまま").sum() == 2


def test_growth_moves_nothing_that_could_stay_and_its_price_is_in_minutes() -> None:
    officers = staff((1.0,) * 4, (1,) * 4).assign(months_in_post=[12.0, 40.0, 40.0, 40.0])
    speeds = Speeds(LEVEL, {"T1": own(0.2, hard=0.1), "T2": own(-0.1)}, {}, CUTS)
    first = match(graded(), officers, speeds, Terms(relief=False)).pairs.set_index("debtor_id")["staff_id"]
    away = officers.assign(present=[1, 1, 1, 0])
    again = match(graded(), away, speeds, Terms(relief=False, growth=True, keep=first))
    assert again.moves is not None
    assert (again.moves.moved, again.moves.full) == ((first == "T4").sum(), 0)
    assert 0 <= again.growth_minutes <= 0.01 * again.minutes


def test_an_area_that_is_not_known_is_outside_nobodys() -> None:
    areas = pd.DataFrame({"staff_id": ["T1", "T2"], "postcode3": ["100", "200"]})
    cases = some([100, 100, 100]).assign(postcode3=[None, "200", "300"])
    unknown = match(cases, staff(), SPEEDS, Terms(relief=False, areas=areas))
    assert taken(unknown) == ["T1", "T2", "T3"]


def test_a_limit_of_cases_in_hand_is_kept_where_there_is_room() -> None:
    load = pd.Series({"T1": 8})
    found = match(some([100.0] * 9), staff(), SPEEDS, Terms(relief=False, most=10, load=load))
    assert (found.load["before"] + found.load["cases"] <= 10).all()
    assert found.load["cases"].sum() == 9


def test_exact_ties_in_a_large_run_stay_within_the_shares() -> None:
    found = match(some([150.0] * 2000), staff((1.0, 0.5, 0.5)), SPEEDS, PLAIN)
    assert found.load["cases"].tolist() == [1000, 500, 500]


def test_the_next_best_costs_something_in_a_relieved_and_growing_office_too() -> None:
    rng = np.random.default_rng(4)
    officers = staff((1.0,) * 6, (1,) * 6).assign(months_in_post=[6.0, 12.0, 40.0, 40.0, 40.0, 40.0])
    speeds = Speeds(
        LEVEL, {f"T{n}": tuple(rng.normal(0, 0.2, len(KINDS) + 2)) for n in range(1, 7)}, {}, CUTS
    )
    cases = graded(300).assign(kind=pd.Series(np.asarray(KINDS)[rng.integers(0, 5, 300)], dtype="str"))
    pairs = match(cases, officers, speeds, Terms(growth=True)).pairs
    assert (pairs["next_best"] >= 0).all()
    assert (pairs["next_best"] > 1).mean() > 0.5
