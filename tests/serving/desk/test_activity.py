from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from serving.desk.activity import Sign, active_minutes, marks_of, measure

NINE = datetime(2026, 4, 2, 0, 0, tzinfo=UTC)


def at(minute: float, here: bool = True) -> Sign:
    return Sign(NINE + timedelta(minutes=minute), here)


def test_marks_of_the_page_keep_long_reading_from_being_cut() -> None:
    end = NINE + timedelta(minutes=25)
    without = measure(NINE, end, [], (), 10)
    assert (without.minutes, without.active_minutes, without.marks) == (25.0, 10.0, 0)
    marked = measure(NINE, end, [], (300, 600, 900, 1200), 10)
    assert (marked.active_minutes, marked.marks) == (25.0, 4)


def test_marks_cannot_add_time_beyond_the_clock_or_before_the_opening() -> None:
    end = NINE + timedelta(minutes=5)
    assert measure(NINE, end, [], (0, 10, 86_400, 4000), 10).active_minutes == 5.0


@given(st.lists(st.floats(0, 500), max_size=20), st.floats(0.5, 60))
def test_active_minutes_are_never_more_than_the_clock(minutes: list[float], idle: float) -> None:
    signs = [at(0), *map(at, minutes), at(500)]
    assert active_minutes(signs, idle) <= 500 + 1e-6
    assert active_minutes(signs, idle) <= idle * (len(signs) - 1) + 1e-6


@given(st.lists(st.floats(1, 20), min_size=2, max_size=20))
def test_more_signs_never_lower_what_counts(minutes: list[float]) -> None:
    few = active_minutes([at(0), at(30)], 10)
    assert active_minutes([at(0), *map(at, minutes), at(30)], 10) >= few - 1e-9


def test_idle_gaps_do_not_change_the_measured_effect_much() -> None:
    """Longer choices are interrupted more often: by the clock that is an effect, active minutes resist."""
    rng = np.random.default_rng(5)

    def arm(usual: float, interrupted: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        work = usual * np.exp(rng.normal(0.0, 0.5, 600))
        idle = np.where(rng.random(600) < interrupted, 40.0, 0.0)
        took = [
            measure(
                NINE,
                NINE + timedelta(minutes=float(w + i)),
                [],
                tuple(int(60 * (i + minute)) for minute in range(1, int(w))),
                5,
            )
            for w, i in zip(work, idle, strict=True)
        ]
        return (
            work,
            np.array([each.active_minutes for each in took]),
            np.array([each.minutes for each in took]),
        )

    without, with_ranking = arm(12.0, 0.3), arm(4.0, 0.1)
    true, active, clock = (float(np.mean(a) - np.mean(b)) for a, b in zip(without, with_ranking, strict=True))
    assert clock - true > 6
    assert abs(active - true) < (clock - true) / 5
    middle = [float(np.median(a) - np.median(b)) for a, b in zip(without, with_ranking, strict=True)]
    assert abs(middle[1] - middle[0]) < 1.5


def test_what_is_no_number_is_passed_over() -> None:
    assert marks_of("1,二,3,--,99999999," + "7," * 700) == (1, 3, *[7] * 598)
