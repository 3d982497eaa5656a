from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from features.ledger.snapshot import Ledger, Municipality, ledger_of
from features.officers import OFFICER_FEATURES, finished_work, officers_block, officers_on

DAY = date(2026, 4, 1)


def office() -> Ledger:
    frames = {
        "staff": [
            {"staff_id": "T1", "joined_on": date(2024, 4, 1), "fte": 0.5},
            {"staff_id": "T2", "joined_on": date(2020, 4, 1), "left_on": date(2026, 3, 1), "fte": 1.0},
            {"staff_id": "T3", "joined_on": date(2025, 4, 1)},
        ],
        "absences": [
            {"staff_id": "T3", "from_on": date(2026, 3, 20), "to_on": date(2026, 4, 10)},
            {"staff_id": "T1", "from_on": date(2026, 1, 1), "to_on": date(2026, 2, 1)},
        ],
        "assignments": [
            {"assignment_id": "1", "debtor_id": "a", "staff_id": "T1", "started_on": date(2025, 4, 1),
             "ended_on": date(2025, 6, 1), "selecting_minutes": 30.0, "handling_minutes": 100.0},
            {"assignment_id": "2", "debtor_id": "b", "staff_id": "T1", "started_on": date(2026, 2, 1),
             "selecting_minutes": 10.0, "handling_minutes": 20.0},
        ],
    }  # fmt: skip
    return ledger_of(
        Municipality("132080", "試験市", DAY), {name: pd.DataFrame(rows) for name, rows in frames.items()}
    )


def test_who_is_there_on_the_day() -> None:
    officers = officers_on(office()).set_index("staff_id")
    assert officers["present"].to_dict() == {"T1": 1, "T2": 0, "T3": 0}
    assert officers["fte"].to_dict() == {"T1": 0.5, "T2": 1.0, "T3": 1.0}
    assert officers["months_in_post"]["T1"] == pytest.approx(24, abs=0.1)
    assert officers.loc["T1", ["open_cases", "past_cases"]].tolist() == [1, 1]


def test_each_row_has_its_own_day() -> None:
    days = pd.DataFrame({"staff_id": ["T2", "T2", "T3"], "day": ["2026-02-28", "2026-03-01", "2025-03-01"]})
    block = officers_block(office(), days.astype({"staff_id": "str", "day": "datetime64[s]"}))
    assert block["present"].tolist() == [1, 0, 0]
    assert list(block.columns) == [feature.name for feature in OFFICER_FEATURES]


def test_finished_work_looks_from_the_eve_of_its_start() -> None:
    work = finished_work(office())
    assert work["assignment_id"].tolist() == ["1"]
    assert work["day"].tolist() == [pd.Timestamp("2025-03-31")]
    assert work["months_in_post"][0] == pytest.approx(12, abs=0.1)


def test_open_work_counts_where_choosing_is_over_and_enough_has_ended() -> None:
    ledger = office()
    ended = [
        {"assignment_id": f"e{n}", "debtor_id": "c", "staff_id": "T1", "started_on": date(2025, 4, 1),
         "ended_on": date(2025, 6, 1), "selecting_minutes": 30.0, "handling_minutes": 100.0}
        for n in range(50)
    ]  # fmt: skip
    fresh = {"assignment_id": "3", "debtor_id": "b", "staff_id": "T1", "started_on": date(2026, 3, 20),
             "selecting_minutes": 10.0, "handling_minutes": 20.0}  # fmt: skip
    begun = {**fresh, "assignment_id": "2", "started_on": date(2026, 1, 20)}
    frames = {**ledger.frames, "assignments": pd.DataFrame([*ended, begun, fresh])}
    work = finished_work(ledger_of(ledger.municipality, frames))
    assert work["assignment_id"].tolist()[-1] == "2"
    assert work["handling_minutes"].isna().sum() == 1
