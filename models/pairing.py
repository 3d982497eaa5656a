"""Pairing: why a case is proposed to an officer, in Japanese sentences. Nobody's speed is told."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

SMALL = 0.5
"""Minutes below which two officers cost the office the same."""


def reasons_of(pairs: pd.DataFrame) -> list[str]:
    """Return one text per pairing.

    ``pairs``: difficulty_level, required_level, expected_minutes, low, high, selecting_minutes (missing:
    not told), next_best (minutes that all work grows by with the next best officer; inf: nobody else may),
    stays, kept (as in the matching before), step (for the sake of growth; nobody's level is told), senior
    (whom to ask), shares (a sentence on what moves the minutes).
    """
    return ["".join(_parts(row)) for row in pairs.to_dict("records")]


def _parts(row: Mapping[Hashable, Any]) -> list[str]:
    return [
        f"難易度は5段階の{row['difficulty_level']}で、習熟度{row['required_level']}以上が目安です。",
        _minutes(row),
        str(row["shares"]),
        _next_best(float(row["next_best"])),
        "すでに担当している職員のため引き継ぎが要りません。" if row["stays"] else "",
        "前回の担当案のまま動かしていません。" if row["kept"] else "",
        _step(row),
    ]


def _minutes(row: Mapping[Hashable, Any]) -> str:
    text = f"標準的な職員の見込みは約{row['expected_minutes']:.0f}分"
    if np.isnan(row["low"]):
        return f"{text}です。"
    span = f"8割の事案で{row['low']:.0f}〜{row['high']:.0f}分"
    return f"{text}({span}、うち調査先の選定約{row['selecting_minutes']:.0f}分)です。"


def _next_best(minutes: float) -> str:
    if np.isinf(minutes):
        return "ほかに担当できる職員がいません。"
    if minutes < SMALL:
        return "次点の職員に替えても、全体の所要時間はほぼ同じです。"
    return f"次点の職員に替えると、全体の所要時間は約{minutes:.0f}分増えます。"


def _step(row: Mapping[Hashable, Any]) -> str:
    if not row["step"]:
        return ""
    ask = f"相談先は職員{row['senior']}です。" if row["senior"] else ""
    return f"難しい事案の経験を広げるための割当てです。{ask}"
