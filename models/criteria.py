"""Criteria: the published grounds for calling a case hard, and the exact share each has in its minutes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

LEAST = 0.02
"""A share of less than 2 % of the minutes is not named."""


@dataclass(frozen=True)
class Criterion:
    """``label``: what is said when it lengthens the work. ``inputs``: the columns whose SHAP it sums."""

    name: str
    label: str
    inputs: tuple[str, ...]


CRITERIA: tuple[Criterion, ...] = (
    Criterion("amount", "滞納の額と件数", ("arrears", "open_debts", "single_slip", "largest_debt",
              "largest_debt_share", "arrears_fiscal_years", "debts_ever", "arrears_resident_tax",
              "arrears_health_insurance", "arrears_light_vehicle", "arrears_latter_elderly",
              "arrears_long_term_care", "open_resident_tax", "open_health_insurance", "open_light_vehicle",
              "open_latter_elderly", "open_long_term_care")),
    Criterion("growth", "滞納の増加", ("arrears_growth", "new_debts_year", "newest_due_days")),
    Criterion("prescription", "時効の接近", ("prescription_days", "arrears_prescribed", "oldest_due_days")),
    Criterion("elsewhere", "市外・県外との関わり", ("moved_out", "moved_out_days", "moved_in_days",
              "from_other_prefecture")),
    Criterion("unreachable", "連絡の取りにくさ", ("phone_known", "contacts", "contacts_90", "contacts_365",
              "days_since_contact", "direct_debit_known")),
    Criterion("company", "法人", ("company",)),
    Criterion("whereabouts", "所在の不明(返戻)", ("mail_returned", "area_known")),
)  # fmt: skip
"""Published: anybody may know by what a case counts as hard. Everything else is named by its own label."""

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
    values, names = shares.to_numpy(dtype=np.float64), list(shares.columns)
    order = np.argsort(-np.abs(values), axis=1, kind="stable")[:, :top]
    told = []
    for row, places in enumerate(order):
        parts = [(names[place], np.expm1(values[row, place])) for place in places]
        said = "、".join(f"{name}({share:+.0%})" for name, share in parts if abs(share) >= LEAST)
        told.append(f"見込みを動かす主な要素は、{said}です。" if said else "")
    return told
