from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from features.ledger.snapshot import Ledger, Municipality, ledger_of
from models.plan import Offer, PlanTerms, planned, terms_of

SHARES = st.lists(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6), min_size=1, max_size=4)


def plan(cases: list[list[float]], arrears: float, minutes: float = 2.0) -> list[list[bool]]:
    case = np.repeat(np.arange(len(cases)), [len(each) for each in cases])
    share = np.concatenate([np.array(each) for each in cases])
    size = len(share)
    offer = Offer(case, share, np.full(size, arrears), np.full(size, minutes), np.full(size, 4.0))
    flags = planned(offer, PlanTerms())
    return [flags[case == number].tolist() for number in range(len(cases))]


@given(SHARES, st.floats(0.0, 1e6))
def test_where_all_cost_alike_a_plan_is_a_beginning_of_the_ranking(
    cases: list[list[float]], arrears: float
) -> None:
    for flags in plan([sorted(each, reverse=True) for each in cases], arrears):
        assert flags == sorted(flags, reverse=True)


def test_a_letter_that_takes_weeks_gives_way_to_an_answer_within_days() -> None:
    share, arrears = np.array([0.97, 0.96]), np.full(2, 1e5)
    offer = Offer(np.zeros(2, int), share, arrears, np.array([6.0, 2.0]), np.array([30.0, 4.0]))
    assert planned(offer, PlanTerms()).tolist() == [False, True]


def test_a_dear_target_may_be_left_out_though_a_cheap_one_behind_it_is_asked() -> None:
    offer = Offer(
        np.zeros(2, int), np.array([0.02, 0.015]), np.full(2, 1e4), np.array([6.0, 2.0]), np.full(2, 4.0)
    )
    assert planned(offer, PlanTerms()).tolist() == [False, True]


@given(SHARES, st.floats(0.0, 1e6))
def test_a_plan_does_not_depend_on_other_cases(cases: list[list[float]], arrears: float) -> None:
    assert plan(cases, arrears) == [plan([each], arrears)[0] for each in cases]


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=6), st.floats(1e4, 1e6))
def test_a_plan_stops_when_the_arrears_are_covered(shares: list[float], arrears: float) -> None:
    shares = sorted(shares, reverse=True)  # what adds most is asked first
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
