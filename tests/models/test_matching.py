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
from models.matching import COLUMNS, capacities, match, propose
from models.proficiency import Speeds

SPEEDS = Speeds(0.0, 0.0, {"T1": -0.2, "T2": 0.0, "T3": 0.3}, {"T3|company": -0.6}, {}, (-1, -0.1, 0.1, 1))


def staff(fte: tuple[float, ...] = (1.0, 1.0, 1.0), present: tuple[int, ...] = (1, 1, 1)) -> pd.DataFrame:
    names = pd.Series([f"T{number + 1}" for number in range(len(fte))], dtype="str")
    return pd.DataFrame({"staff_id": names, "fte": fte, "present": present, "months_in_post": 24.0})


def some(minutes: list[float], kinds: list[str] | None = None) -> pd.DataFrame:
    names = pd.Series([f"d{number:03d}" for number in range(len(minutes))], dtype="str")
    kind = pd.Series(kinds or ["salaried"] * len(minutes), dtype="str")
    return pd.DataFrame({"debtor_id": names, "minutes": minutes, "level": 3, "kind": kind})


def pairs(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["debtor_id", "staff_id"]).astype("str")


def test_each_takes_what_it_is_fastest_at() -> None:
    found = match(some([100, 300, 200], ["salaried", "salaried", "company"]), staff(), SPEEDS)
    assert list(found.columns) == list(COLUMNS)
    assert found["staff_id"].tolist() == ["T2", "T1", "T3"]
    assert found["expected_minutes"][1] == pytest.approx(300 * np.exp(-0.2), abs=0.1)
    assert "次に早い見込みの職員より約54分短くなります。" in found["reasons"][1]
    assert "難易度は5段階の3" in found["reasons"][0]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(20, 400), st.sampled_from(["salaried", "company"])), min_size=1, max_size=5
    ),
    st.lists(st.sampled_from([0.5, 0.8, 1.0]), min_size=3, max_size=3),
    st.permutations(["T1", "T2", "T3"]),
    st.integers(0, 99),
)
def test_laws(rows: list[tuple[int, str]], fte: list[float], names: list[str], seed: int) -> None:
    cases = some([float(minutes) for minutes, _ in rows], [kind for _, kind in rows])
    officers = staff(tuple(fte))
    found = match(cases, officers, SPEEDS)
    places = dict(zip(officers["staff_id"], capacities(officers["fte"], len(cases)), strict=True))
    taken = found["staff_id"].value_counts()
    assert all(taken[name] <= places[name] for name in taken.index)
    assert found["debtor_id"].tolist() == cases["debtor_id"].tolist()
    assert found["expected_minutes"].sum() == pytest.approx(_least(cases, places), abs=0.5)
    mixed = cases.sample(frac=1.0, random_state=seed)
    again = match(mixed, officers.sample(frac=1.0, random_state=seed), SPEEDS)
    pd.testing.assert_frame_equal(again.sort_values("debtor_id", ignore_index=True), found)
    total = match(cases, *_renamed(officers, dict(zip(["T1", "T2", "T3"], names, strict=True))))
    assert total["expected_minutes"].sum() == pytest.approx(found["expected_minutes"].sum(), abs=0.5)


def _least(cases: pd.DataFrame, places: dict[str, int]) -> float:
    """Return the least total minutes by trying every way."""
    ratio = {
        (name, kind): float(np.exp(SPEEDS.officers[name] + SPEEDS.kinds.get(f"{name}|{kind}", 0.0)))
        for name in places
        for kind in ("salaried", "company")
    }
    ways = itertools.product(places, repeat=len(cases))
    lawful = [way for way in ways if all(way.count(name) <= places[name] for name in places)]
    rows = list(zip(cases["minutes"], cases["kind"], strict=True))
    return min(sum(m * ratio[n, k] for n, (m, k) in zip(way, rows, strict=True)) for way in lawful)


def _renamed(officers: pd.DataFrame, names: dict[str, str]) -> tuple[pd.DataFrame, Speeds]:
    effects = {names[name]: effect for name, effect in SPEEDS.officers.items()}
    speeds = Speeds(0.0, 0.0, effects, {f"{names['T3']}|company": -0.6}, {}, SPEEDS.cuts)
    return officers.assign(staff_id=officers["staff_id"].map(names).astype("str")), speeds


def test_exclusions_are_kept() -> None:
    found = match(some([300, 100]), staff(), SPEEDS, exclusions=pairs(("d000", "T1"), ("d000", "T9")))
    assert found["staff_id"].tolist() == ["T2", "T1"]


def test_whoever_holds_the_debtor_goes_on() -> None:
    held = pd.Series({"d001": "T2", "d002": "gone"}, dtype="str")
    found = match(some([100, 101, 90]), staff(), SPEEDS, held=held)
    assert found["staff_id"][1] == "T2"
    assert "すでに担当している職員" in found["reasons"][1]
    assert "すでに担当している職員" not in found["reasons"][2]


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
    assert found["debtor_id"].tolist() == ["b", "a"]
    assert found["staff_id"].tolist() == ["T2", "T1"]
    assert propose(ledger, [], difficulty).empty


def test_no_cases_give_no_rows() -> None:
    assert match(some([]), staff(), SPEEDS).columns.tolist() == list(COLUMNS)


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


def test_what_cannot_be_placed_is_counted() -> None:
    barred = pairs(*((f"d00{number}", name) for number in range(3) for name in ("T1", "T2")))
    with pytest.raises(ValueError, match="2件を割り当てられません"):
        match(some([100, 100, 100]), staff(), SPEEDS, exclusions=barred)


def test_exact_ties_in_a_large_run_stay_within_the_shares() -> None:
    found = match(some([150.0] * 2000), staff((1.0, 0.5, 0.5)), SPEEDS)
    assert found["staff_id"].value_counts().to_dict() == {"T1": 1000, "T2": 500, "T3": 500}
