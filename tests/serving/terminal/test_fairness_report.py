from __future__ import annotations

import re

import pandas as pd

from serving.terminal.fairness_report import fairness_lines
from training.fairness import COLUMNS, Fairness


def test_groups_are_told_in_words() -> None:
    line = dict.fromkeys(COLUMNS, 0.1) | {"by": "age", "group": "40_to_64", "measure": "without_result"}
    typed = line | {"by": "protected.区分", "group": "甲"}
    table = pd.DataFrame([line, typed]).assign(cases=40, breach=True)
    told = "\n".join(fairness_lines(Fairness(table, 0), 80))
    assert "年齢階層 40〜64歳" in told
    assert "甲" in told
    assert re.findall(r"[a-z0-9]+_[a-z0-9_]+", told) == []
