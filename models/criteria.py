"""Criteria: the published grounds for calling a case hard, and the exact share each has in its minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from features.english_labels import LABELS

LEAST = 0.02
"""A share of less than 2 % of the minutes is not named."""


@dataclass(frozen=True)
class Criterion:
    """``label``: what is said when it lengthens the work. ``inputs``: the columns whose SHAP it sums.

    ``english``: the label in English.
    """

    name: str
    label: str
    english: str
    inputs: tuple[str, ...]


CRITERIA: tuple[Criterion, ...] = (
    Criterion("amount", "滞納の額と件数", "amount and number of debts",
              ("arrears", "open_debts", "single_slip", "largest_debt",
              "largest_debt_share", "arrears_fiscal_years", "debts_ever", "arrears_resident_tax",
              "arrears_health_insurance", "arrears_light_vehicle", "arrears_latter_elderly",
              "arrears_long_term_care", "open_resident_tax", "open_health_insurance", "open_light_vehicle",
              "open_latter_elderly", "open_long_term_care")),
    Criterion("growth", "滞納の増加", "growth of the arrears",
              ("arrears_growth", "new_debts_year", "newest_due_days")),
    Criterion("prescription", "時効の接近", "prescription drawing near",
              ("prescription_days", "arrears_prescribed", "oldest_due_days")),
    Criterion("elsewhere", "市外・県外との関わり", "ties to other towns and prefectures",
              ("moved_out", "moved_out_days", "moved_in_days",
              "from_other_prefecture")),
    Criterion("unreachable", "連絡の取りにくさ", "difficulty of getting in touch",
              ("phone_known", "contacts", "contacts_90", "contacts_365",
              "days_since_contact", "direct_debit_known")),
    Criterion("company", "法人", "a company",
              ("company",)),
    Criterion("whereabouts", "所在の不明(返戻)", "whereabouts unknown (returned mail)",
              ("mail_returned", "area_known")),
)  # fmt: skip
"""Published: anybody may know by what a case counts as hard. Everything else is named by its own label."""

EARLIER_WORK = "この事案の過去の所要時間"
"""What ended work on the same debtor adds to the forecast."""

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        **{criterion.label: criterion.english for criterion in CRITERIA},
        EARLIER_WORK: "time that earlier work on this case took",
        **LABELS,
    }
)
"""Every label of a share, by its Japanese name."""

_CRITERION_OF = {column: criterion.label for criterion in CRITERIA for column in criterion.inputs}


def shares_of(contributions: pd.DataFrame, labels: dict[str, str]) -> pd.DataFrame:
    """Return the exact SHAP of the log minutes summed by criterion: one column per label, rows as given.

    ``contributions``: ``Difficulty.contributions`` without its base. ``labels``: the name of every other
    input. Each row still adds up to the log minutes less the base.
    """
    names = [_CRITERION_OF.get(column, labels.get(column, column)) for column in contributions.columns]
    order = list(dict.fromkeys([*(criterion.label for criterion in CRITERIA), *names]))
    place = [order.index(name) for name in names]
    sums = np.zeros((len(contributions), len(order)))
    np.add.at(sums.T, place, contributions.to_numpy(dtype=np.float64).T)
    return pd.DataFrame(sums, index=contributions.index, columns=order)


def told_shares(shares: pd.DataFrame, top: int = 3) -> list[str]:
    """Return per case one Japanese sentence with what lengthens or shortens the work most.

    >>> told_shares(pd.DataFrame({"法人": [0.2], "時効の接近": [-0.1], "年齢": [0.001]}))
    ['見込みを動かす主な要素は、法人(+22%)、時効の接近(-10%)です。']
    """
    parts = _largest(shares, top)
    told = ["、".join(f"{name}({share:+.0%})" for name, share in each) for each in parts]
    return [f"見込みを動かす主な要素は、{each}です。" if each else "" for each in told]


def told_shares_in_english(shares: pd.DataFrame, top: int = 3) -> list[str]:
    """Return the sentences of ``told_shares`` in English; a label without an English name stays as it is.

    >>> told_shares_in_english(pd.DataFrame({"法人": [0.2], "時効の接近": [-0.1], "年齢": [0.001]}))
    ['The forecast is moved most by: a company (+22%), prescription drawing near (-10%).']
    """
    parts = _largest(shares, top)
    told = [", ".join(f"{ENGLISH.get(name, name)} ({share:+.0%})" for name, share in each) for each in parts]
    return [f"The forecast is moved most by: {each}." if each else "" for each in told]


def _largest(shares: pd.DataFrame, top: int) -> list[list[tuple[str, float]]]:
    """Return per case the labels with the largest shares of the minutes, the largest first."""
    values, names = shares.to_numpy(dtype=np.float64), list(shares.columns)
    order = np.argsort(-np.abs(values), axis=1, kind="stable")[:, :top]
    rows = ([(names[place], float(np.expm1(values[row, place]))) for place in places]
            for row, places in enumerate(order))  # fmt: skip
    return [[(name, share) for name, share in each if abs(share) >= LEAST] for each in rows]
