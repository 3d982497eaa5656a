from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.proficiency import KINDS, Speeds, case_kinds, fit_speeds, shrunk


def office(rows: int = 6000, staff: int = 20) -> tuple[pd.Series, pd.DataFrame, pd.Series]:
    """Return residuals, officers and the true speeds: those in post for longer grow faster."""
    rng = np.random.default_rng(5)
    who = rng.integers(0, staff, rows)
    months = rng.uniform(0, 48, rows)
    truth = rng.normal(0, 0.2, staff)
    rest = truth[who] - 0.15 * np.log1p(months) + rng.normal(0, 0.3, rows)
    names = pd.Series([f"T{number:02d}" for number in range(staff)], dtype="str")
    officers = pd.DataFrame(
        {
            "staff_id": names.to_numpy()[who],
            "months_in_post": months,
            "kind": np.asarray(KINDS)[rng.integers(0, 5, rows)],
        }
    )
    return pd.Series(rest), officers.astype({"staff_id": "str", "kind": "str"}), pd.Series(truth, index=names)


def test_speed_and_growth_are_found_again() -> None:
    residuals, officers, truth = office()
    speeds = fit_speeds(residuals, officers)
    found = pd.Series(dict(speeds.officers))
    assert found.corr(truth, method="spearman") > 0.9
    assert speeds.growth == pytest.approx(-0.15, abs=0.03)
    assert max(abs(effect) for effect in speeds.kinds.values()) < 0.1


def test_months_in_post_do_not_fake_the_person() -> None:
    speeds = fit_speeds(*office()[:2])
    one, months = pd.Series(["T00", "T00"], dtype="str"), pd.Series([0.0, 36.0])
    fresh, later = speeds.log_ratio(one, months)
    assert later < fresh
    assert speeds.levels(one, months)[1] >= speeds.levels(one, months)[0]


def test_somebody_unknown_stands_at_the_mean_of_like_months() -> None:
    speeds = Speeds(-0.1, 2.0, {"T1": -0.3}, {"T1|salaried": -0.1}, {"T1": 5}, (-0.2, -0.1, 0.1, 0.2))
    who = pd.Series(["T1", "X"], dtype="str")
    usual = pd.Series([np.expm1(2.0)] * 2)
    assert speeds.log_ratio(who, usual).tolist() == pytest.approx([-0.3, 0.0])
    kinds = pd.Series(["salaried", "salaried"], dtype="str")
    assert speeds.log_ratio(who, usual, kinds).tolist() == pytest.approx([-0.4, 0.0])
    assert speeds.levels(who, usual).tolist() == [5, 3]
    assert Speeds.from_text(speeds.to_text()) == speeds


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(-2, 2)), min_size=2, max_size=30))
def test_shrinking_never_leaves_the_mean_s_side(rows: list[tuple[str, float]]) -> None:
    groups, values = pd.Series([g for g, _ in rows], dtype="str"), pd.Series([v for _, v in rows])
    means = values.groupby(groups.to_numpy()).mean()
    found = shrunk(values, groups)
    assert (found.abs() <= means.abs() + 1e-12).all()
    assert (found * means >= -1e-12).all()


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
