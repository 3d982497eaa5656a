from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from models.pairing import english_reasons_of, reasons_of

JAPANESE = re.compile(r"[぀-ヿ一-鿿、。]")
PLAIN: dict[str, object] = {
    "difficulty_level": 4, "required_level": 3, "expected_minutes": 61.6, "low": 20.0, "high": 140.2,
    "selecting_minutes": 12.0, "next_best": 7.4, "stays": False, "kept": False, "step": False, "senior": "",
    "shares": "", "english_shares": "",
}  # fmt: skip


def told(**facts: object) -> tuple[str, str]:
    pairs = pd.DataFrame([PLAIN | facts])
    return reasons_of(pairs)[0], english_reasons_of(pairs)[0]


@pytest.mark.parametrize(
    ("facts", "japanese", "english"),
    [
        ({}, "5段階の4で、習熟度3以上", "Difficulty 4 of 5; proficiency 3 or more"),
        ({}, "約62分(8割の事案で20〜140分、うち調査先の選定約12分)",
         "about 62 minutes (20 to 140 in 8 of 10 cases; choosing targets takes about 12)"),
        ({"low": np.nan}, "約62分です", "about 62 minutes."),
        ({}, "約7分増えます", "about 7 minutes longer"),
        ({"next_best": 0.2}, "ほぼ同じ", "about as long"),
        ({"next_best": np.inf}, "ほかに担当できる職員がいません", "Nobody else can take it"),
        ({"stays": True}, "引き継ぎが要りません", "no handover"),
        ({"kept": True}, "前回の担当案のまま", "as in the earlier proposal"),
        ({"step": True, "senior": "0012"}, "相談先は職員0012", "Officer 0012 can be asked"),
        ({"step": True}, "経験を広げるため", "widen experience"),
        ({"shares": "甲。", "english_shares": "B."}, "甲。", "B."),
    ],
)  # fmt: skip
def test_each_reason_is_said_in_both_languages(facts: dict[str, object], japanese: str, english: str) -> None:
    ours, theirs = told(**facts)
    assert japanese in ours
    assert english in theirs
    assert not JAPANESE.search(theirs)
    assert "  " not in theirs
