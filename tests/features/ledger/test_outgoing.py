from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from features.ledger.intake import read_folder
from features.ledger.outgoing import write_folder
from features.town.build import build_town
from features.town.style import STYLES

EARLIER = date(2025, 4, 1)


def test_what_was_known_on_a_day_comes_back_as_of_that_day(tmp_path: Path) -> None:
    """Written with the day of the later export, a year of silence would read as a year without any event."""
    known = build_town(STYLES["ward"], 60, 3).ledger.as_of(EARLIER)
    write_folder(known, tmp_path / "town")
    back = read_folder(tmp_path / "town").ledger
    assert back.day == EARLIER
    for name in ("inquiries", "replies", "assignments"):
        pd.testing.assert_frame_equal(back[name], known[name])
