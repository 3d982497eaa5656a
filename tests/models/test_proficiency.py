from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.growth import Growth
from models.proficiency import KINDS, TRAITS, Speeds, case_kinds, fit_speeds


def office(rows: int = 6000, staff: int = 20) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Return the rest of the minutes, officers and true speeds; a third of the work is still open."""
    rng = np.random.default_rng(5)
    who = rng.integers(0, staff, rows)
    months = rng.uniform(0, 48, rows)
    truth = rng.normal(0, 0.2, staff)
    pace = truth[who] - 0.15 * np.log1p(months)
    is_open = np.arange(rows) % 3 == 0
    rest = pd.DataFrame(
        {
            "handling": np.where(is_open, np.nan, pace + rng.normal(0, 0.3, rows)),
            "choosing": pace + 0.4 * is_open + rng.normal(0, 0.3, rows),  # what is open is harder
        }
    )
    names = pd.Series([f"T{number:02d}" for number in range(staff)], dtype="str")
    officers = pd.DataFrame(
        {
            "staff_id": names.to_numpy()[who],
            "months_in_post": months,
            "kind": np.asarray(KINDS)[rng.integers(0, 5, rows)],
            "hardness": rng.normal(0, 1, rows),
        }
    )
    return rest, officers.astype({"staff_id": "str", "kind": "str"}), pd.Series(truth, index=names)


def test_speed_and_growth_are_found_again() -> None:
    rest, officers, truth = office()
    speeds = fit_speeds(rest, officers).speeds
    found = pd.Series({name: effects[0] for name, effects in speeds.own.items()})
    assert found.corr(truth, method="spearman") > 0.95
    fall = speeds.growth.log_ratio(np.array([0.0, 6.0, 24.0]))
    assert np.diff(fall) == pytest.approx([-0.15 * np.log(7), -0.15 * np.log(25 / 7)], abs=0.05)
    assert max(abs(effect) for effects in speeds.own.values() for effect in effects[1:]) < 0.05
    assert speeds.cases["T00"] == (rest["handling"].notna() & (officers["staff_id"] == "T00")).sum()


def test_an_officer_of_open_work_alone_is_known_by_the_choosing() -> None:
    rest, officers, truth = office()
    fresh = officers["staff_id"].isin(["T00", "T01"])
    rest.loc[fresh, "handling"] = np.nan
    rest.loc[fresh, "choosing"] += 0.4 * (np.arange(len(rest)) % 3 != 0)[fresh]
    speeds = fit_speeds(rest, officers).speeds
    assert speeds.cases["T00"] == 0
    for name in ("T00", "T01"):
        assert speeds.own[name][0] == pytest.approx(truth[name] - truth.mean(), abs=0.1)


def test_few_cases_leave_an_officer_near_the_mean() -> None:
    rest, officers, truth = office()
    name = str(truth.abs().idxmax())
    keep = (officers["staff_id"] != name) | (np.arange(len(officers)) % 97 == 1)
    some = fit_speeds(rest[keep], officers[keep]).speeds
    every = fit_speeds(rest, officers).speeds
    assert some.cases[name] <= 3
    assert abs(some.own[name][0]) < abs(every.own[name][0])


def test_months_in_post_do_not_fake_the_person() -> None:
    speeds = fit_speeds(*office()[:2]).speeds
    one, months = pd.Series(["T00", "T00"], dtype="str"), pd.Series([0.0, 36.0])
    fresh, later = speeds.log_ratio(one, months)
    assert later < fresh
    assert speeds.levels(one, months)[1] >= speeds.levels(one, months)[0]


def test_somebody_unknown_stands_at_the_mean_of_like_months() -> None:
    effects = (-0.3, *(-0.1 if kind == "salaried" else 0.0 for kind in KINDS), 0.05)
    speeds = Speeds(Growth((0.2,) + (0.0,) * 6, 0.0, 0.1), {"T1": effects}, {"T1": 5}, (-0.2, -0.1, 0.1, 0.2))
    who = pd.Series(["T1", "X"], dtype="str")
    months = pd.Series([1.5, np.nan])  # unknown months count as usual
    assert speeds.log_ratio(who, months).tolist() == pytest.approx([-0.3, 0.0])
    kinds = pd.Series(["salaried", "salaried"], dtype="str")
    assert speeds.log_ratio(who, months, kinds).tolist() == pytest.approx([-0.4, 0.0])
    assert speeds.log_ratio(who, months, kinds, np.array([2.0, 2.0])).tolist() == pytest.approx([-0.3, 0.0])
    table = speeds.between(
        kinds, np.array([2.0, 0.0]), pd.DataFrame({"staff_id": who, "months_in_post": months})
    )
    assert table.ravel().tolist() == pytest.approx([-0.3, 0.0, -0.4, 0.0])
    assert speeds.levels(who, months).tolist() == [5, 3]
    assert Speeds.from_text(speeds.to_text()) == speeds
    assert len(effects) == len(TRAITS)


def test_the_kind_of_a_case_is_its_largest_income() -> None:
    profiles = pd.DataFrame(
        {
            "salary": [5.0, 1.0, np.nan, 0.0, 9.0],
            "business": [1.0, 5.0, np.nan, 0.0, 0.0],
            "real_estate": [0.0, 0.0, np.nan, 0.0, 0.0],
            "pension": [0.0, 2.0, np.nan, 3.0, 0.0],
            "company": [0.0, 0.0, 0.0, 0.0, 1.0],
        }
    )
    found = case_kinds(profiles).tolist()
    assert found == ["salaried", "self_employed", "no_income", "pensioner", "company"]
