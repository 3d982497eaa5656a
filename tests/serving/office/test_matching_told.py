from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from models.matching import Matching
from models.moves import Moves
from serving.office.matching import told_totals
from serving.wording import wording


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_price_of_growth_is_not_told_where_nothing_may_move(language: str) -> None:
    pairs, load = pd.DataFrame({"step": [True, False]}), pd.DataFrame({"minutes": [60.0]})
    priced = Matching(pairs, load, 12.0, 90.0)
    kept = replace(priced, growth_minutes=0.0, moves=Moves(stayed=2))
    w = wording(language)
    assert told_totals(priced, w)[1] == w("match.growth", steps="1", minutes="12")
    assert told_totals(kept, w)[1] == w("match.growth.kept", steps="1")
    assert len(told_totals(replace(priced, pairs=pairs.assign(step=False)), w)) == 1
