from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from features.town.seizable import seizable_part


@given(st.floats(0, 3e7), st.floats(0, 3e7), st.integers(0, 8))
def test_more_gross_never_leaves_less_and_more_dependants_never_more(
    one: float, two: float, kin: int
) -> None:
    low, high = sorted((one, two))
    parts = seizable_part(np.array([low, high, high]), np.array([kin, kin, kin + 1], dtype=np.float64))
    assert parts[0] <= parts[1] + 1
    assert parts[2] <= parts[1]
    assert (parts >= 0).all()
    assert (parts <= high / 4).all()  # never more than three months' gross
