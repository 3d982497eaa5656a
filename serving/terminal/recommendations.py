"""The recommendations of all cases as tables: the ranked ones and those that a gate keeps back."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from tqdm import tqdm

from features.law import first_gate
from models.advice import CaseAdvice, Finding, RankedTarget
from models.adviser import CASES_AT_ONCE, Adviser

COLUMNS = ("debtor_id", "rank", "target_kind", "target_code", "target_name", "probability", "expected_yen",
           "in_plan", "restricted", "reasons")  # fmt: skip
ROUTED_COLUMNS = ("debtor_id", "gate", "article")
HARDSHIP_COLUMNS = ("debtor_id", "probability", "hardship", "no_property", "asked", "blank", "suggested",
                    "reasons")  # fmt: skip


def recommendation_tables(
    adviser: Adviser, debtor_ids: Sequence[str], top: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the ranked targets, the routed cases and the findings of hardship, with progress.

    Columns: ``COLUMNS``, ``ROUTED_COLUMNS``, ``HARDSHIP_COLUMNS`` (likeliest first, one row a ranked case).
    """
    rows: list[tuple[object, ...]] = []
    hardship: list[tuple[object, ...]] = []
    steps = range(0, len(debtor_ids), CASES_AT_ONCE)
    for start in tqdm(steps, desc="推薦", unit="組", disable=None):
        for advice in adviser.advise(debtor_ids[start : start + CASES_AT_ONCE], top):
            rows += [_row(advice, target) for target in advice.targets]
            hardship += [_hardship(advice, advice.finding)] if advice.finding is not None else []
    gates = first_gate(adviser.ledger, adviser.cases_of(debtor_ids))
    findings = pd.DataFrame(hardship, columns=list(HARDSHIP_COLUMNS))
    findings = findings.sort_values(["probability", "debtor_id"], ascending=[False, True], ignore_index=True)
    return pd.DataFrame(rows, columns=list(COLUMNS)), gates[list(ROUTED_COLUMNS)], findings


def _hardship(advice: CaseAdvice, finding: Finding) -> tuple[object, ...]:
    return (
        advice.debtor_id,
        round(finding.probability, 4),
        round(finding.hard, 4),
        round(finding.nothing, 4),
        finding.asked,
        finding.blank,
        "、".join(f"{each.article}: {each.sentence}" for each in finding.suggestions),
        "、".join(f"{reason.sentence}({reason.weight:+.2f})" for reason in finding.reasons),
    )


def _row(advice: CaseAdvice, target: RankedTarget) -> tuple[object, ...]:
    return (
        advice.debtor_id,
        target.rank,
        target.target_kind,
        target.target_code,
        target.target_name,
        round(target.probability, 4),
        target.expected_yen,
        int(target.in_plan),
        int(advice.restricted),
        reasons_text(target),
    )


def reasons_text(target: RankedTarget) -> str:
    """Return grounds and reasons of a target as Japanese sentences."""
    favour = [f"{reason.sentence}(+{reason.weight:.2f})" for reason in target.reasons if reason.weight > 0]
    against = [f"{reason.sentence}({reason.weight:.2f})" for reason in target.reasons if reason.weight <= 0]
    parts = [f"根拠は{'、'.join(target.grounds)}。"]
    parts += [f"推す理由: {'、'.join(favour)}。"] if favour else []
    parts += [f"控える理由: {'、'.join(against)}。"] if against else []
    return "".join(parts)
