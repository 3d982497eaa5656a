from __future__ import annotations

from datetime import date

import pandas as pd

from serving.office.case_rows import CaseRows

FRAME = pd.DataFrame(
    {
        "debtor_id": pd.Series(["2", "1", "2", None], dtype="str"),
        "sent_on": pd.Series(pd.to_datetime(["2026-01-05", None, "2025-12-01", "2026-01-05"])).astype(
            "datetime64[s]"
        ),
        "yen": pd.Series([1000, None, 1000, 5], dtype="Int64"),
        "note": pd.Series(["不在", "来庁", None, "不在"], dtype="str"),
    }
)


def test_a_debtors_rows_are_plain_values_in_the_frames_order() -> None:
    rows = CaseRows(FRAME, ["sent_on", "yen", "note"])
    assert [vars(row) for row in rows.of("2")] == [
        {"sent_on": date(2026, 1, 5), "yen": 1000, "note": "不在"},
        {"sent_on": date(2025, 12, 1), "yen": 1000, "note": None},
    ]
    (only,) = rows.of("1")
    assert vars(only) == {"sent_on": None, "yen": None, "note": "来庁"}
    assert type(rows.of("2")[0].yen) is int


def test_somebody_without_rows_has_none() -> None:
    assert CaseRows(FRAME, ["yen"]).of("3") == []
    assert CaseRows(FRAME.head(0), ["yen"]).of("1") == []
