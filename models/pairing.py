"""Pairing: why a case is proposed to an officer, in Japanese and in English. Nobody's speed is told."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

SMALL = 0.5
"""Minutes below which two officers cost the office the same."""


def reasons_of(pairs: pd.DataFrame) -> list[str]:
    """Return one Japanese text per pairing.

    ``pairs``: difficulty_level, required_level, expected_minutes, low, high, selecting_minutes (missing:
    not told), next_best (minutes that all work grows by with the next best officer; inf: nobody else may),
    stays, kept (as in the matching before), step (for the sake of growth; nobody's level is told), senior
    (whom to ask), shares and english_shares (a sentence on what moves the minutes, in each language).
    """
    return ["".join(_parts(row)) for row in pairs.to_dict("records")]


def english_reasons_of(pairs: pd.DataFrame) -> list[str]:
    """Return what ``reasons_of`` says in English; ``pairs`` as there."""
    return [" ".join(filter(None, _english(row))) for row in pairs.to_dict("records")]


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


def _english(row: Mapping[Hashable, Any]) -> list[str]:
    return [
        f"Difficulty {row['difficulty_level']} of 5; proficiency {row['required_level']} or more is advised.",
        _english_minutes(row),
        str(row["english_shares"]),
        _english_next_best(float(row["next_best"])),
        "The officer has the case already, so there is no handover." if row["stays"] else "",
        "Left as in the earlier proposal." if row["kept"] else "",
        _english_step(row),
    ]


def _english_minutes(row: Mapping[Hashable, Any]) -> str:
    text = f"A typical officer needs about {row['expected_minutes']:.0f} minutes"
    if np.isnan(row["low"]):
        return f"{text}."
    span = f"{row['low']:.0f} to {row['high']:.0f} in 8 of 10 cases"
    return f"{text} ({span}; choosing targets takes about {row['selecting_minutes']:.0f})."


def _english_next_best(minutes: float) -> str:
    if np.isinf(minutes):
        return "Nobody else can take it."
    if minutes < SMALL:
        return "With the next best officer all work would take about as long."
    return f"With the next best officer all work would take about {minutes:.0f} minutes longer."


def _english_step(row: Mapping[Hashable, Any]) -> str:
    if not row["step"]:
        return ""
    ask = f" Officer {row['senior']} can be asked for advice." if row["senior"] else ""
    return f"It is given to widen experience with hard cases.{ask}"
