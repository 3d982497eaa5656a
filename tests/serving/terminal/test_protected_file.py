from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from serving.problems import Problem
from serving.terminal.protected_file import protected_groups

IDS = pd.Series(["001", "002", "003"], dtype="str")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_groups_follow_the_debtors_in_their_order(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "groups.csv"
    file.write_text("宛名番号,区分\n003,乙\n001,甲\n", encoding=encoding)
    assert protected_groups(file, IDS)["protected.区分"].tolist() == ["甲", "unknown", "乙"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("debtor_id\n001\n", "区分の列がありません"),
        ("id,group\n001,a\n", "区分の列がありません"),
        ("debtor_id,group\n001,a\n001,b\n", "二度あります"),
        ("debtor_id,group\n999,a\n", "一致しません"),
        ("debtor_id,group\n" + "".join(f"{n:03},g{n}\n" for n in range(60)), "40を超える"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_in_one_sentence(tmp_path: Path, text: str, found: str) -> None:
    file = tmp_path / "groups.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Problem, match=found):
        protected_groups(file, IDS)


def test_a_missing_file_is_called_missing(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="見つかりません"):
        protected_groups(tmp_path / "none.csv", IDS)
