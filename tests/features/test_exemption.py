from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.archive import Archive
from features.candidates import candidates_of
from features.exempt import living_amount
from features.exemption import exemption_of
from features.matrix import build_matrix


@given(st.sampled_from(["salary", "pension"]), st.integers(0, 40_000_000), st.integers(0, 8))
def test_the_steps_add_up_and_leave_at_least_the_living_amount(source: str, yen: int, people: int) -> None:
    month = exemption_of(source, 2025, yen, people)
    assert month.exempt + month.seizable == month.gross
    assert month.rest - month.kept == month.seizable
    assert month.kept <= 2 * month.living + 1
    assert month.seizable == 0 or month.exempt >= month.living
    assert month.living == int(living_amount(people))


def test_nobody_counted_is_said_as_such() -> None:
    assert exemption_of("pension", 2025, 1_800_000, None).dependents is None
    alone, unknown = exemption_of("salary", 2025, 3_000_000, 0), exemption_of("salary", 2025, 3_000_000, None)
    assert alone.seizable == unknown.seizable


def test_three_months_are_what_the_ranking_counts(small_archive: Archive, everybody: pd.DataFrame) -> None:
    incomes = small_archive.ledger["incomes"].sort_values("tax_year")
    latest = incomes[incomes["employer_id"].notna()].drop_duplicates("debtor_id", keep="last")
    latest = latest[latest["salary"].fillna(0) > 2_000_000].head(20)
    cases = everybody[everybody["debtor_id"].isin(latest["debtor_id"])].reset_index(drop=True)
    matrix = build_matrix(small_archive, candidates_of(small_archive, cases))
    targets = small_archive.roll.targets.iloc[matrix.pairs.target].reset_index(drop=True)
    people = small_archive.ledger["debtors"].set_index("debtor_id")["dependents"].fillna(0)
    seen = 0
    for row in latest.itertuples():
        case = int(np.flatnonzero(cases["debtor_id"] == row.debtor_id)[0])
        own = (targets["target_kind"] == "employer") & (targets["target_code"] == row.employer_id)
        (place,) = np.flatnonzero(own.to_numpy() & (matrix.pairs.case == case))
        told = exemption_of("salary", row.tax_year, row.salary, int(people[row.debtor_id]))
        assert matrix.values["seizable_here"].iloc[place] == pytest.approx(told.three_months, rel=1e-6)
        seen += 1
    assert seen > 5
