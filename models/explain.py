"""Explanations: exact shares of the score as sentences that an officer can check against a record."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.catalogue import Feature
from features.english import ENGLISH
from features.matrix import CATALOGUE
from models.advice import Reason
from models.ranker import INPUTS, RULES
from models.rules import OfficerRule

Floats = npt.NDArray[np.float64]

RULES_FEATURE = Feature(
    "know_how_score",
    "score",
    "sum of the officers' rules",
    "職員の経験則",
    "職員の経験則の合計は{value}",
)
"""The officers' rules as the ranker sees them: one more column."""

_SAID: Mapping[str, Feature] = {feature.name: feature for feature in (*CATALOGUE, RULES_FEATURE)}
_FOR, _AGAINST = 3, 2
_LEAST_WEIGHT, _LOOKED_AT = 0.03, 24
_DATED = {
    "slip_days": ("payroll_employer", "old_employer", "slips_here"),
    "fee_days": ("fee_payer", "old_payer"),
    "refund_days": ("is_refund_bank",),
    "payment_days": ("is_payment_bank",),
    "mention_days": (
        *("mention_pays_from", "mention_wages_to", "mention_only_account", "mention_insurance"),
        *("mention_works_at", "mention_named", "mention_denied"),
    ),
    **dict.fromkeys(("seized_days", "found_days", "recent_blank_days", "asked_days"), ()),
}
"""Inputs that say how many days old a record is, and the other inputs that rest on the same record."""

_AGE_OF: Mapping[str, int] = {
    name: INPUTS.index(age) for age, others in _DATED.items() for name in (age, *others) if age in INPUTS
}


@dataclass(frozen=True)
class Subject:
    """What is explained: the target's name and kind, the day of the case, and what officers' rules say.

    ``favour`` and ``against``: the sentence of the strongest rule for and against the target ("": none), and
    after them the feature that each rests on.
    """

    name: str
    kind: str
    day: date
    favour: str = ""
    against: str = ""
    favour_on: str = ""
    against_on: str = ""


@dataclass(frozen=True)
class Explained:
    """One pair's score taken apart: ``base`` + all weights = score; ``rest``: weights not in ``reasons``."""

    base: float
    reasons: tuple[Reason, ...]
    rest: float


def explain(
    weights: Floats, base: float, table: pd.DataFrame, subjects: Sequence[Subject]
) -> list[Explained]:
    """Return the few strongest reasons of each row, for and against, ties by the order of the inputs.

    ``weights``: (n, inputs) as of ``Ranker.contributions``; ``table``: the inputs; ``subjects``: one a row.
    """
    values = table.to_numpy(dtype=np.float64)
    order = np.argsort(-np.abs(weights), axis=1, kind="stable")[:, :_LOOKED_AT]
    told = []
    for row, subject in enumerate(subjects):
        chosen = _chosen(weights[row], order[row], values[row], subject)
        reasons = tuple(_reason(column, weights[row], values[row], subject) for column in chosen)
        shown = sum(reason.weight for reason in reasons)
        told.append(Explained(base, reasons, float(weights[row].sum()) - shown))
    return told


def explain_by_rules(
    weights: pd.DataFrame, base: Floats, rules: Mapping[str, OfficerRule], subjects: Sequence[Subject]
) -> list[Explained]:
    """Return the officers' rules that fire for each row, the strongest five; ties by the order of rules.

    ``weights``: as of ``know_how_weights``, one column a rule. A rule's weight is its share of the log-odds.
    """
    names, table = [str(name) for name in weights.columns], weights.to_numpy(dtype=np.float64)
    order = np.argsort(-np.abs(table), axis=1, kind="stable")[:, : _FOR + _AGAINST]
    told = []
    for row, subject in enumerate(subjects):
        reasons = tuple(
            Reason(
                names[rule], rules[names[rule]].sentence.format(target=subject.name), float(table[row, rule])
            )
            for rule in order[row]
            if table[row, rule] != 0
        )
        rest = float(table[row].sum()) - sum(reason.weight for reason in reasons)
        told.append(Explained(float(base[row]), reasons, rest))
    return told


def strongest_rules(
    weights: pd.DataFrame, rules: Mapping[str, OfficerRule], names: Sequence[str]
) -> list[tuple[str, str, str, str]]:
    """Return per row the sentences of the strongest rule for and against it, and the features they rest on.

    All are "" where none fires. ``weights``: as of ``know_how_weights``; ``names``: of each row's target.
    Ties by the order of rules.
    """
    ids, table = [str(name) for name in weights.columns], weights.to_numpy(dtype=np.float64)
    best, worst = table.argmax(axis=1), table.argmin(axis=1)
    told = []
    for row, name in enumerate(names):
        favour, against = rules[ids[best[row]]], rules[ids[worst[row]]]
        holds, bars = table[row, best[row]] > 0, table[row, worst[row]] < 0
        told.append(
            (
                favour.sentence.format(target=name) if holds else "",
                against.sentence.format(target=name) if bars else "",
                _rests_on(favour) if holds else "",
                _rests_on(against) if bars else "",
            )
        )
    return told


def _rests_on(rule: OfficerRule) -> str:
    """Return the first feature a rule asks about that rests on a record ("" : none does)."""
    asked = [*(test.column for test in rule.when), rule.per or ""]
    return next((name for name in asked if name in _SAID and _SAID[name].record), "")


def _chosen(weights: Floats, order: npt.NDArray[np.int64], values: Floats, subject: Subject) -> list[int]:
    """Choose the strongest that can be said, at most three for and two against; at least one."""
    strong = [int(c) for c in order if abs(weights[c]) >= _LEAST_WEIGHT]
    speaking = [c for c in strong if _sayable(c, weights[c] > 0, values, subject)] or [int(order[0])]
    favour = [c for c in speaking if weights[c] > 0][:_FOR]
    against = [c for c in speaking if weights[c] <= 0][:_AGAINST]
    return favour + against


def _sayable(column: int, favours: bool, values: Floats, subject: Subject) -> bool:
    """Return whether an officer can check it: a fact, a telling absence, or a rule in that direction."""
    feature = _SAID[INPUTS[column]]
    if feature.name == RULES:
        return bool(subject.favour if favours else subject.against)
    if _is_absent(feature, values[column]):
        return bool(feature.absent) and (not feature.kinds or subject.kind in feature.kinds)
    return feature.unit != "score"


def _is_absent(feature: Feature, value: float) -> bool:
    return bool(np.isnan(value)) or (value == 0 and feature.unit in ("flag", "count", "people"))


def _reason(column: int, weights: Floats, values: Floats, subject: Subject) -> Reason:
    feature = _SAID[INPUTS[column]]
    value, weight = float(values[column]), float(weights[column])
    sentence = say(feature, value, subject.name, subject.kind)
    english = say_in_english(feature, value, subject.name, subject.kind)
    behind = feature.name
    if feature.name == RULES:
        rule, behind = (
            (subject.favour, subject.favour_on) if weight > 0 else (subject.against, subject.against_on)
        )
        sentence = f"職員の経験則「{rule}」" if rule else sentence
        english = f"The officers' rule 「{rule}」" if rule else english
    age = values[_AGE_OF[behind]] if behind in _AGE_OF else np.nan
    record_day = None if np.isnan(age) else subject.day - timedelta(days=int(age))
    record = _SAID[behind].record if behind else ""
    return Reason(feature.name, sentence, weight, record, record_day, english)


def say(feature: Feature, value: float, target: str, kind: str) -> str:
    """Return the fact in a Japanese sentence.

    >>> say(Feature("arrears", "yen", "unpaid principal", "滞納額", "滞納額は{value}"), 120000.0, "", "")
    '滞納額は120,000円'
    """
    if _is_absent(feature, value):
        return feature.absent.format(target=target, kind=kind) or f"「{feature.label}」の記録はない"
    told = _with_unit(feature.unit, value, _JAPANESE)
    return feature.sentence.format(value=told, number=f"{value:,.0f}", target=target, kind=kind)


def say_in_english(feature: Feature, value: float, target: str, kind: str) -> str:
    """Return the fact in an English sentence.

    >>> say_in_english(Feature("arrears", "yen", "unpaid principal", "", ""), 120000.0, "", "")
    'Unpaid principal is ¥120,000 (prescribed debts included)'
    """
    fact, absence = ENGLISH.get(feature.name, (f"{feature.meaning}: {{value}}", ""))
    if _is_absent(feature, value):
        return absence.format(target=target, kind=kind) or f"No record of: {feature.meaning}"
    told = _with_unit(feature.unit, value, _ENGLISH)
    return fact.format(value=told, number=f"{value:,.0f}", target=target, kind=kind)


_JAPANESE = {
    "yen": "{:,.0f}円", "days": "{:,.0f}日", "months": "{:,.0f}か月", "minutes": "{:,.0f}分",
    "count": "{:,.0f}件", "people": "{:,.0f}人", "years": "{:.1f}年",
}  # fmt: skip
_ENGLISH = {
    "yen": "¥{:,.0f}", "days": "{:,.0f} days", "months": "{:,.0f} months", "minutes": "{:,.0f} minutes",
    "count": "{:,.0f}", "people": "{:,.0f} people", "years": "{:.1f} years",
}  # fmt: skip


def _with_unit(unit: str, value: float, units: Mapping[str, str]) -> str:
    if unit == "share":
        return f"{100 * value:.1f}%"
    if unit == "log-odds":  # nobody checks a log-odds; the likelihood that it stands for is plain
        return f"{100 / (1 + math.exp(-value)):.0f}%"
    return units.get(unit, "{:,.2f}").format(value).replace(".0年", "年").replace(".0 years", " years")
