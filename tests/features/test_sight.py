from __future__ import annotations

import pandas as pd
import pytest

from features.sight import sight_of

TABLE = pd.DataFrame({"debtor_id": ["b", "a", None, "b", "c", "b"], "known": pd.Timestamp("2026-01-01")})
TABLE["debtor_id"] = TABLE["debtor_id"].astype("str")
TABLE.loc[3, "known"] = pd.Timestamp("2026-03-01")


def _cases(*debtors: str) -> pd.DataFrame:
    return pd.DataFrame({"debtor_id": pd.Series(debtors, dtype="str"), "day": pd.Timestamp("2026-02-01")})


@pytest.mark.parametrize(("debtor", "rows"), [("a", [1]), ("b", [0, 5]), ("nobody", [])])
def test_one_case_sees_what_it_sees_among_others(debtor: str, rows: list[int]) -> None:
    alone = sight_of(_cases(debtor), TABLE, TABLE["known"])
    among = sight_of(_cases("c", debtor), TABLE, TABLE["known"])
    assert alone.row.tolist() == among.row[among.case == 1].tolist() == rows
    assert alone.case.tolist() == [0] * len(rows)
    assert alone.day.tolist() == among.day[among.case == 1].tolist()
    assert (alone.size, among.size) == (1, 2)
