"""Fairness: who bears inquiries without result, group by group, beside what the officers' rules would do.

Groups differ in what they own, so a bare difference says little: a group without property has more inquiries
in vain under any ranking. What counts is whether the product makes a group's burden heavier, against all
others, than the officers' written rules do on the same cases (Elzayn et al. 2024; Black et al. 2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from training.disparity import FIRST
from training.marks import LEAST_CASES
from training.metrics import Better, bootstrap
from training.standings import reranked

MARGIN = 0.05
"""How much heavier the burden of a group may get, against the others, than under the officers' rules."""

LEVEL = 0.05
"""How often all groups together may fail by chance."""

BASE = "know_how"
MEASURES = {"without_result": Better.LOWER, "hit_rate": Better.HIGHER}
COLUMNS = ("by", "group", "measure", "cases", "product", "low", "high", "rules", "false_alarm_rate", "shift",
           "shift_low", "shift_high", "breach")  # fmt: skip

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Fairness:
    """``table`` has ``COLUMNS``; ``small`` is the number of groups under 20 cases, which are not shown."""

    table: pd.DataFrame
    small: int

    @property
    def breaches(self) -> pd.DataFrame:
        """The lines on which a group is burdened beyond the margin."""
        return self.table[self.table["breach"]]


def fairness(table: pd.DataFrame, arrears: pd.Series, groups: pd.DataFrame) -> Fairness:
    """Return the burden of every group of ``groups`` (one row a case, one column a kind of group).

    ``table``: the standings; ``arrears``: yen by case. ``product`` and ``rules`` are means over the cases of
    the group among the first three asked-and-answered targets, with the product's interval: the share of
    cases without a hit, and hits per inquiry. ``false_alarm_rate``: of targets that hold nothing, the share
    asked among the first three. ``shift``: how much the product worsens the group against all others, less
    what the rules do; beyond ``MARGIN``, with chance ruled out, it is a ``breach``.
    """
    ours, theirs = (_by_case(table, name, arrears) for name in ("ranker", BASE))
    alarms = false_alarms(table, arrears, groups)
    parts = [
        (by, str(group), (groups[by].to_numpy() == group)[ours.index])
        for by in groups.columns
        for group in sorted(groups[by].unique(), key=str)
    ]
    shown = [part for part in parts if part[2].sum() >= LEAST_CASES and (~part[2]).sum() >= LEAST_CASES]
    level = 1 - LEVEL / 2 / max(len(shown) * len(MEASURES), 1)
    lines = [
        _line(by, group, chosen, measure, (ours[measure], theirs[measure]), alarms, level)
        for by, group, chosen in shown
        for measure in MEASURES
    ]
    small = sum(0 < chosen.sum() < LEAST_CASES for _, _, chosen in parts)
    return Fairness(pd.DataFrame(lines, columns=list(COLUMNS)), small)


def false_alarms(
    table: pd.DataFrame, arrears: pd.Series, groups: pd.DataFrame
) -> dict[tuple[str, str], float]:
    """Return the false-alarm rate by (kind of group, group): asked in vain among all that hold nothing."""
    from fairlearn.metrics import MetricFrame, false_positive_rate  # noqa: PLC0415 - slow to import

    ranked = reranked(table, "ranker", arrears)
    found: dict[tuple[str, str], float] = {}
    for by in groups.columns:
        frame = MetricFrame(
            metrics=false_positive_rate,
            y_true=(ranked["hit"] > 0).astype(int).to_numpy(),
            y_pred=(ranked["rank"] <= FIRST).astype(int).to_numpy(),
            sensitive_features=groups[by].astype(str).to_numpy()[ranked["case"]],
        )
        found |= {(by, str(group)): float(rate) for group, rate in frame.by_group.items()}
    return found


def _by_case(table: pd.DataFrame, ranking: str, arrears: pd.Series) -> pd.DataFrame:
    """Return without_result (0/1) and hit_rate of each case's first asked-and-answered targets."""
    ranked = reranked(table, ranking, arrears)
    hits = ranked[ranked["rank"] <= FIRST].groupby("case")["hit"]
    return pd.DataFrame({"without_result": (hits.max() == 0).astype(float), "hit_rate": hits.mean()})


def _line(  # noqa: PLR0917 - a group, a measure, both rankings
    by: str,
    group: str,
    chosen: Flags,
    measure: str,
    both: Sequence[pd.Series],
    alarms: dict[tuple[str, str], float],
    level: float,
) -> tuple[object, ...]:
    ours, theirs = (each.to_numpy(dtype=np.float64) for each in both)
    figure = bootstrap(ours[chosen], MEASURES[measure])
    worse = (ours - theirs) * (1.0 if MEASURES[measure] is Better.LOWER else -1.0)
    shift, low, high = _against(worse[chosen], worse[~chosen], level)
    product = (figure.value, figure.low, figure.high, float(theirs[chosen].mean()))
    rate = alarms.get((by, group), float("nan"))
    breach = bool(shift > MARGIN and low > 0.0)
    return (by, group, measure, int(chosen.sum()), *product, rate, shift, low, high, breach)


def _against(
    group: npt.NDArray[np.float64], others: npt.NDArray[np.float64], level: float
) -> tuple[float, float, float]:
    """Return the difference of two means with Welch's interval at one-sided ``level``."""
    gap = float(group.mean() - others.mean())
    if group.var() == 0.0 and others.var() == 0.0:
        return gap, gap, gap
    test = stats.ttest_ind(group, others, equal_var=False)
    interval = test.confidence_interval(2 * level - 1)
    return gap, float(interval.low), float(interval.high)
