from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from features.ledger.faults import FolderRefused
from features.ledger.intake import read_folder
from features.ledger.outgoing import write_folder
from features.ledger.report import describe_reading
from features.ledger.snapshot import Ledger
from features.town.build import build_town
from features.town.style import STYLES

NOBODY = "在職している職員が1人もいない"


@pytest.fixture(scope="module")
def town() -> Ledger:
    return build_town(STYLES["ward"], 60, 3).ledger


@pytest.mark.parametrize(
    ("column", "days", "told"), [("left_on", 0, 1), ("left_on", 1, 0), ("joined_on", 1, 1)]
)
def test_it_is_told_when_nobody_is_in_post(
    town: Ledger, tmp_path: Path, column: str, days: int, told: int
) -> None:
    day = pd.Timestamp(town.day) + pd.Timedelta(days=days)
    staff = town["staff"].assign(**{"left_on": pd.NaT, column: day})
    staff["left_on"] = staff["left_on"].astype("datetime64[s]")
    write_folder(replace(town, frames={**town.frames, "staff": staff}), tmp_path / "town")
    reading = read_folder(tmp_path / "town")
    assert sum(NOBODY in warning for warning in reading.warnings) == told
    assert sum(NOBODY in line for line in describe_reading(reading)) == told
    assert reading.faults == ()


def test_a_town_whose_staff_is_there_gets_no_such_notice(town: Ledger, tmp_path: Path) -> None:
    write_folder(town, tmp_path / "town")
    assert not [warning for warning in read_folder(tmp_path / "town").warnings if NOBODY in warning]


def test_a_required_table_of_which_no_row_can_be_read_is_refused(town: Ledger, tmp_path: Path) -> None:
    write_folder(town, tmp_path / "town")
    file = tmp_path / "town" / "debts.csv"
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    table[["due_on", "principal"]] = table[["principal", "due_on"]].to_numpy()
    table.to_csv(file, index=False)
    with pytest.raises(FolderRefused, match=r"滞納明細.*行の1行も読めません。列の入れ替わり"):
        read_folder(tmp_path / "town")
    table.head(5).to_csv(file, index=False)
    assert "滞納明細" in "".join(
        each for each in read_folder(tmp_path / "town").warnings if "1行もありません" in each
    )
