"""No group worse: the challenger against the champion within every group that is large enough."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from training.disparity import FIRST
from training.marks import LEAST_CASES
from training.standings import reranked
from training.trial import Evidence, Showing
from training.verdict import Outcome, RuleResult

METRIC = "ndcg_at_10"
MARGIN = 0.02
"""How much worse a group may be, in the ranking and in the share of cases without result."""

LEVEL = 0.05
KINDS: Mapping[str, tuple[str, str]] = {
    "age": ("年齢階層", "age band"),
    "household": ("世帯人数", "household size"),
    "area": ("地域", "area"),
    "income_kind": ("収入の種類", "kind of income"),
    "income": ("収入額", "income"),
    "debt": ("滞納額", "debt size"),
}

NAMES_JA: Mapping[str, dict[str, str]] = {
    "": {"unknown": "不明", "none": "なし", "company": "法人"},
    "age": {"under_40": "40歳未満", "40_to_64": "40〜64歳", "65_and_over": "65歳以上"},
    "household": {"1": "1人", "2": "2人", "3_or_more": "3人以上"},
    "income_kind": {
        "salary": "給与",
        "pension": "年金",
        "business": "事業",
        "real_estate": "不動産",
        "dividends": "配当",
    },
    "income": {"under_2m": "200万円未満", "2m_to_4m": "200〜400万円", "over_4m": "400万円以上"},
    "debt": {
        "under_100k": "10万円未満",
        "100k_to_300k": "10〜30万円",
        "300k_to_1m": "30〜100万円",
        "over_1m": "100万円以上",
    },
}
"""What a group is called in Japanese, by kind; any other (an area) is called by its code."""


def no_group_worse(evidence: Evidence) -> tuple[RuleResult, ...]:
    """Return one rule a kind of group: neither the ranking nor the share without result gets worse there.

    A group is worse where it loses more than ``MARGIN`` and chance is ruled out: its interval, widened for
    the number of groups looked at, lies wholly on the worse side. Groups under 20 cases are not judged.
    """
    if evidence.challenger is None or evidence.champion is None:
        return tuple(_without_figures(by, evidence) for by in KINDS)
    gaps = group_gaps(evidence.challenger, evidence.champion, evidence)
    return tuple(_rule(by, gaps[gaps["by"] == by], evidence.groups[by]) for by in KINDS)


def named_ja(by: str, group: str) -> str:
    """Return what a group of the kind ``by`` is called in Japanese.

    >>> named_ja("age", "under_40"), named_ja("area", "174")
    ('40歳未満', '174')
    """
    return (NAMES_JA[""] | NAMES_JA.get(by, {})).get(group, group)


def group_gaps(ours: Showing, theirs: Showing, evidence: Evidence) -> pd.DataFrame:
    """Return [by, group, measure, gain, low, high, cases]: what each group gains by the challenger.

    ``gain`` is positive where the challenger is better: NDCG@10 over the cases with a hit, and the fall of
    the share of cases without a hit among the first three asked targets.
    """
    arrears = evidence.rounds.cases["arrears"]
    gained = {
        METRIC: ours.scores["ranker"][METRIC] - theirs.scores["ranker"][METRIC],
        "without_result": _resultless(theirs, arrears) - _resultless(ours, arrears),
    }
    parts = []
    for by in KINDS:
        band = evidence.groups[by]
        for measure, gap in gained.items():
            for group, rows in gap.groupby(band.to_numpy()[gap.index]):
                if len(rows) >= LEAST_CASES:
                    parts.append((by, str(group), measure, rows))
    level = 1 - LEVEL / 2 / max(len(parts), 1)
    lines = [
        (by, group, measure, float(rows.mean()), *_interval(rows, level), len(rows))
        for by, group, measure, rows in parts
    ]
    return pd.DataFrame(lines, columns=["by", "group", "measure", "gain", "low", "high", "cases"])


def _resultless(showing: Showing, arrears: pd.Series) -> pd.Series:
    """Return per case whether none of the first three asked-and-answered targets hit (0/1)."""
    ranked = reranked(showing.table, "ranker", arrears)
    best: pd.Series = ranked[ranked["rank"] <= FIRST].groupby("case")["hit"].max()
    return (best == 0).astype(float)


def _interval(rows: pd.Series, level: float) -> tuple[float, float]:
    """Return Student's interval of a mean at one-sided ``level``."""
    mean, spread = float(rows.mean()), float(rows.std(ddof=1)) / np.sqrt(len(rows))
    half = float(stats.t.ppf(level, len(rows) - 1)) * spread
    return mean - half, mean + half


def _rule(by: str, gaps: pd.DataFrame, band: pd.Series) -> RuleResult:
    name, ja, en = _told(by)
    sizes = band.value_counts()
    small, judged = int((sizes < LEAST_CASES).sum()), int(gaps["group"].nunique())
    few_ja = f"{LEAST_CASES}件未満のため判定しない区分{small}"
    few_en = f"{small} groups under {LEAST_CASES} cases not judged"
    if gaps.empty:
        return RuleResult(name, ja, en, Outcome.EXCEPTED, note_ja=few_ja, note_en=few_en, firm=True)
    worse = gaps[(gaps["gain"] < -MARGIN) & (gaps["high"] < 0)]
    least = (gaps if worse.empty else worse).sort_values(["gain", "group"]).iloc[0]
    shown = (float(least["gain"]), float(least["low"]), float(least["high"]), -MARGIN, int(least["cases"]))
    ranking = least["measure"] == METRIC
    measure = ("順位", "ranking") if ranking else ("成果のない割合", "share without result")
    group = named_ja(by, str(least["group"]))
    note_ja = f"最も不利な区分 {group}({measure[0]})。判定した区分{judged}、{few_ja}"
    note_en = f"least favourable: {least['group']} ({measure[1]}); {judged} groups judged, {few_en}"
    if worse.empty and least["gain"] < -MARGIN:
        note_ja, note_en = f"{note_ja}。偶然の範囲", f"{note_en}; within chance"
    outcome = Outcome.PASSED if worse.empty else Outcome.FAILED
    return RuleResult(name, ja, en, outcome, *shown, note_ja=note_ja, note_en=note_en, firm=True)


def _without_figures(by: str, evidence: Evidence) -> RuleResult:
    name, ja, en = _told(by)
    if not evidence.enough:
        return evidence.unmeasured(name, ja, en, firm=True)
    return evidence.incomparable(name, ja, en, firm=True)


def _told(by: str) -> tuple[str, str, str]:
    ja, en = KINDS[by]
    return (
        f"groups.{by}",
        f"{ja}のどの区分でも、採用中のモデルより{MARGIN:g}を超えて悪くならない",
        f"No {en} is worse off than under the champion by more than {MARGIN:g}",
    )
