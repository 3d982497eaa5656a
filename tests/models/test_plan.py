from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from features.ledger.snapshot import Ledger, Municipality, ledger_of
from models.plan import PlanTerms, planned, terms_of

SHARES = st.lists(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6), min_size=1, max_size=4)


def plan(cases: list[list[float]], arrears: float, minutes: float = 2.0) -> list[list[bool]]:
    case = np.repeat(np.arange(len(cases)), [len(each) for each in cases])
    share = np.concatenate([np.array(each) for each in cases])
    size = len(share)
    flags = planned(case, share, np.full(size, arrears), np.full(size, minutes), PlanTerms())
    return [flags[case == number].tolist() for number in range(len(cases))]


@given(SHARES, st.floats(0.0, 1e6))
def test_a_plan_is_a_beginning_of_the_ranking(cases: list[list[float]], arrears: float) -> None:
    for flags in plan(cases, arrears):
        assert flags == sorted(flags, reverse=True)


@given(SHARES, st.floats(0.0, 1e6))
def test_a_plan_does_not_depend_on_other_cases(cases: list[list[float]], arrears: float) -> None:
    assert plan(cases, arrears) == [plan([each], arrears)[0] for each in cases]


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=6), st.floats(1e4, 1e6))
def test_a_plan_stops_when_the_arrears_are_covered(shares: list[float], arrears: float) -> None:
    chosen = plan([shares], arrears)[0]
    for place in range(1, len(shares)):
        if np.prod(1.0 - np.array(shares[:place])) <= 1.0 - PlanTerms().enough:
            assert not chosen[place]


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6))
def test_nothing_is_planned_that_is_not_worth_its_minutes(shares: list[float]) -> None:
    assert not any(plan([shares], arrears=100.0)[0])


def log(days: int, count: int) -> Ledger:
    asked = pd.DataFrame({"inquiry_id": [str(n) for n in range(count)]})
    asked = asked.assign(
        debtor_id="a", target_kind="bank", target_code="0001", means="1", requested_on=date(2025, 5, 1)
    )
    replied = asked[["inquiry_id"]].assign(
        replied_on=pd.Timestamp(2025, 5, 1) + pd.Timedelta(days=days), result="2"
    )
    place = Municipality("132080", "試験市", date(2026, 4, 1))
    return ledger_of(place, {"inquiries": asked, "replies": replied})


def test_waiting_days_come_from_the_log_where_it_is_long_enough() -> None:
    assert terms_of(log(23, 50)).days_paper == 23.0
    assert terms_of(log(23, 49)) == PlanTerms()
