from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from features.tally import LAST_DAY, NEVER, Tally, days_since_epoch

KEYS = st.integers(-1, 4)
DAYS = st.integers(0, 12)
EVENTS = st.lists(st.tuples(KEYS, DAYS, st.integers(-5, 5)), max_size=30)
QUESTIONS = st.lists(st.tuples(KEYS, DAYS), min_size=1, max_size=8)


def columns(rows: list[tuple[int, ...]], width: int) -> list[np.ndarray]:
    return list(np.array(rows, dtype=np.int64).reshape(-1, width).T)


@given(EVENTS, QUESTIONS)
def test_a_tally_counts_what_a_loop_counts(
    events: list[tuple[int, int, int]], questions: list[tuple[int, int]]
) -> None:
    keys, days, amounts = columns(events, 3)
    tally = Tally(keys, days, {"amount": amounts.astype(float)})
    span = tally.known(*columns(questions, 2))
    seen = [[e for e in events if e[0] == key >= 0 and e[1] <= day] for key, day in questions]
    assert tally.count(span).tolist() == [len(each) for each in seen]
    assert tally.total("amount", span).tolist() == [sum(e[2] for e in each) for each in seen]
    assert tally.last_day(span).tolist() == [max((e[1] for e in each), default=NEVER) for each in seen]


@given(EVENTS, QUESTIONS, st.randoms())
def test_the_order_of_events_does_not_matter(
    events: list[tuple[int, int, int]], questions: list[tuple[int, int]], random: object
) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = []
    for order in (events, shuffled):
        keys, days, amounts = columns(order, 3)
        tally = Tally(keys, days, {"amount": amounts.astype(float)})
        span = tally.known(*columns(questions, 2))
        found.append((tally.count(span).tolist(), tally.total("amount", span).tolist()))
    assert found[0] == found[1]


def test_a_missing_day_is_always_known_and_a_far_one_is_the_last() -> None:
    days = pd.Series([None, "1960-01-01", "1970-01-02", "9999-12-31"], dtype="datetime64[s]")
    assert days_since_epoch(days).tolist() == [0, 0, 1, LAST_DAY]
