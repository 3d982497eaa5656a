"""Explanations: exact shares of the score as sentences that an officer can check against a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
import pandas as pd
import shap

from features.catalogue import Feature
from features.matrix import CATALOGUE
from models.advice import Reason
from models.ranker import INPUTS, Ranker

Floats = npt.NDArray[np.float64]

RULES_FEATURE = Feature(
    "know_how_score", "log-odds", "sum of the officers' rules", "職員の経験則", "職員の経験則の合計は{value}"
)
"""The officers' rules as the ranker sees them: one more column."""

_SAID: Mapping[str, Feature] = {feature.name: feature for feature in (*CATALOGUE, RULES_FEATURE)}
_FOR, _AGAINST, _LEAST_WEIGHT = 3, 2, 0.03
_AGE_OF = {
    "payroll_employer": "slip_days", "old_employer": "slip_days", "slips_here": "slip_days",
    "fee_payer": "fee_days", "old_payer": "fee_days", "is_refund_bank": "refund_days",
    "is_payment_bank": "payment_days", "mention_pays_from": "mention_days", "mention_wages_to": "mention_days",
    "mention_only_account": "mention_days", "mention_insurance": "mention_days",
    "mention_works_at": "mention_days", "mention_named": "mention_days", "mention_denied": "mention_days",
    "slip_days": "slip_days", "fee_days": "fee_days", "refund_days": "refund_days",
    "payment_days": "payment_days", "mention_days": "mention_days", "seized_days": "seized_days",
    "found_days": "found_days", "recent_blank_days": "recent_blank_days", "asked_days": "asked_days",
}  # fmt: skip


@dataclass(frozen=True)
class Explained:
    """One pair's score taken apart: ``base`` + all weights = score; ``rest``: weights not in ``reasons``."""

    base: float
    reasons: tuple[Reason, ...]
    rest: float


def contributions(ranker: Ranker, table: pd.DataFrame) -> tuple[Floats, float]:
    """Return each input's exact share of each row's score, (n, inputs), and the base of every score.

    TreeSHAP without a background sample, in log-odds; the shares of the two models add, as their scores do.
    """
    parts = [_shares(model, table) for model in (ranker.hit, ranker.size)]
    return parts[0][0] + parts[1][0], parts[0][1] + parts[1][1]


def _shares(model: lgb.Booster, table: pd.DataFrame) -> tuple[Floats, float]:
    explainer = shap.TreeExplainer(model)
    values = np.asarray(explainer.shap_values(table.to_numpy()), dtype=np.float64)
    return values, float(np.ravel(explainer.expected_value)[-1])


def explain(
    weights: Floats, base: float, table: pd.DataFrame, names: list[str], kinds: list[str], days: list[pd.Timestamp]
) -> list[Explained]:
    """Return the few strongest reasons of each row, for and against, ties by the order of the inputs.

    ``weights``: (n, inputs) as of ``contributions``. ``names``, ``kinds``: of each row's target.
    """
    values = table.to_numpy(dtype=np.float64)
    order = np.argsort(-np.abs(weights), axis=1, kind="stable")[:, :24]
    ages = {name: table.columns.get_loc(age) for name, age in _AGE_OF.items()}
    told = []
    for row in range(len(table)):
        chosen = _chosen(weights[row], order[row], values[row])
        reasons = tuple(
            _reason(column, weights[row], values[row], names[row], kinds[row], days[row], ages)
            for column in chosen
        )
        shown = sum(reason.weight for reason in reasons)
        told.append(Explained(base, reasons, float(weights[row].sum()) - shown))
    return told


def _chosen(weights: Floats, order: npt.NDArray[np.int64], values: Floats) -> list[int]:
    """Choose the strongest that can be said, at most three for and two against; at least one."""
    speaking = [int(c) for c in order if _sayable(int(c), values) and abs(weights[c]) >= _LEAST_WEIGHT]
    speaking = speaking or [int(order[0])]
    favour = [c for c in speaking if weights[c] > 0][:_FOR]
    against = [c for c in speaking if weights[c] <= 0][:_AGAINST]
    return favour + against


def _sayable(column: int, values: Floats) -> bool:
    feature = _SAID[INPUTS[column]]
    return feature.unit != "score" and bool(feature.absent or not _is_absent(feature, values[column]) or feature.record)


def _is_absent(feature: Feature, value: float) -> bool:
    return bool(np.isnan(value)) or (value == 0 and feature.unit in ("flag", "count"))


def _reason(
    column: int, weights: Floats, values: Floats, name: str, kind: str, day: pd.Timestamp, ages: Mapping[str, int]
) -> Reason:
    feature = _SAID[INPUTS[column]]
    sentence = say(feature, float(values[column]), name, kind)
    age = values[ages[feature.name]] if feature.name in ages else np.nan
    record_day = None if np.isnan(age) else (day - pd.Timedelta(days=int(age))).date()
    return Reason(feature.name, sentence, float(weights[column]), feature.record, record_day)


def say(feature: Feature, value: float, target: str, kind: str) -> str:
    """Return the fact in a Japanese sentence.

    >>> say(Feature("arrears", "yen", "unpaid principal", "滞納額", "滞納額は{value}"), 120000.0, "", "")
    '滞納額は120,000円'
    """
    if _is_absent(feature, value):
        return feature.absent.format(value="", target=target, kind=kind) or f"「{feature.label}」の記録はない"
    return feature.sentence.format(value=_with_unit(feature.unit, value), target=target, kind=kind)


def _with_unit(unit: str, value: float) -> str:
    formats = {
        "yen": "{:,.0f}円", "days": "{:,.0f}日", "months": "{:,.0f}か月", "minutes": "{:,.0f}分",
        "count": "{:,.0f}件", "log-odds": "{:+.2f}",
    }  # fmt: skip
    if unit == "share":
        return f"{100 * value:.1f}%"
    if unit == "years":
        return f"{value:.1f}年".replace(".0年", "年")
    return formats.get(unit, "{:,.2f}").format(value)
