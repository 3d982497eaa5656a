from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.slots import LARGEST, POOL, Slots, chance_of_being_shown, draw_slots

DAY = date(2026, 4, 1)
shares = st.floats(0.0, LARGEST)
sizes = st.integers(0, 60)
rooms = st.integers(0, 15)


@given(sizes, rooms, shares)
def test_the_probabilities_sum_to_what_is_shown(candidates: int, room: int, share: float) -> None:
    chance = chance_of_being_shown(candidates, room, Slots(share))
    assert chance.sum() == pytest.approx(min(candidates, room))
    assert ((chance >= 0) & (chance <= 1 + 1e-12)).all()


@given(sizes, rooms, shares, st.text(max_size=5), st.integers(0, 400))
def test_a_draw_shows_each_target_once_and_the_same_on_a_reload(
    candidates: int, room: int, share: float, debtor: str, days: int
) -> None:
    day = DAY + timedelta(days=days)
    draw = draw_slots(candidates, room, Slots(share), debtor, day)
    again = draw_slots(candidates, room, Slots(share), debtor, day)
    assert draw.places.tolist() == again.places.tolist()
    assert len(set(draw.places.tolist())) == len(draw.places) == min(candidates, room)
    kept = draw.places[~draw.drawn]
    assert kept.tolist() == list(range(len(kept)))
    assert (draw.places[draw.drawn] < max(POOL, room)).all()
    assert draw.drawn.sum() <= np.ceil(min(candidates, room) * share)
    assert (draw.probability > 0).all()


@settings(max_examples=12, deadline=None)
@given(st.integers(5, 45), st.integers(3, 12), st.sampled_from([0.05, 0.1, 0.25]))
def test_the_logged_probability_is_the_true_one(candidates: int, room: int, share: float) -> None:
    slots, draws = Slots(share, seed=3), 1500
    seen = np.zeros(candidates)
    drawn = 0
    for number in range(draws):
        draw = draw_slots(candidates, room, slots, f"{number}", DAY)
        seen[draw.places] += 1
        drawn += int(draw.drawn.sum())
    chance = chance_of_being_shown(candidates, room, slots)
    spread = np.sqrt(chance * (1 - chance) / draws)
    assert (np.abs(seen / draws - chance) <= 5 * spread + 1e-9).all()
    assert drawn / draws / min(candidates, room) == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("share", [-0.1, 0.5])
def test_a_share_that_cannot_be_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share of random slots"):
        Slots(share)


def test_another_day_draws_anew() -> None:
    places = {
        tuple(draw_slots(40, 10, Slots(0.2), "1", DAY + timedelta(days=n)).places.tolist()) for n in range(30)
    }
    assert len(places) > 20
