"""What the pages of drift and of the models show at their fullest: every sign, every rule, every outcome."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd

from features.ledger.snapshot import Ledger
from features.matrix import CATALOGUE
from serving.office.drift_file import keep_drift
from serving.records.journal import Journal
from serving.records.model_events import ChampionSet, ModelJudged, ModelRefused, ModelServed, ShadowSet
from training.drift import Sign
from training.drift_watch import DriftReport
from training.first_rounds import FirstRounds
from training.promotion import CHECKS
from training.trial import Evidence
from training.verdict import Outcome, RuleResult, Verdict

KINDS = ("bank", "life_insurance", "employer", "receivable", "securities", "pension", "real_estate",
         "vehicle", "tax_refund")  # fmt: skip


def drifted(home: Path) -> None:
    """Keep a report in which every input, kind and institution is beyond its bound."""
    inputs = [Sign(what, f.name, 0.1, 0.3, 0.9, 0.2) for f in CATALOGUE for what in ("input", "missing")]
    signs = (
        *inputs,
        Sign("input", "know_how_score", math.nan, math.nan, 0.9, 0.2),
        Sign("score", "probability", math.nan, math.nan, 0.5, 0.2),
        Sign("calibration", "probability", 0.2, 0.3, 0.1, 0.03),
        *(Sign("outcome", kind, 0.2, 0.1, 0.1, 0.05) for kind in KINDS),
        Sign("institution", "bank|0099", 1.0, 0.0, 1.0, 0.0, named="甲銀行"),
        Sign("institution", "bank|0098", math.nan, 1.0, 1.0, 0.0, named="乙銀行"),
        Sign("calibration", "probability", math.nan, math.nan, math.nan, 0.03, judged=False),
    )
    keep_drift(home, DriftReport("3", "2026-04-01", "2026-05-01", 812, signs))


def judged(journal: Journal, ledger: Ledger) -> list[int]:
    """Journal verdicts with every rule and outcome, and all that befalls a model; return the numbers."""
    before = journal.head()[0]
    results = (*_open_rules(ledger, 3), *_open_rules(ledger, 99), *_closed_rules())
    basis: dict[str, str | int | bool] = {
        "border": "2026-01-31", "cases": 1234, "cases_with_hit": 321,
        "challenger_refitted": True, "champion_refitted": False,
    }  # fmt: skip
    facts = Verdict(4, 3, results, basis).facts
    journal.append("command", ChampionSet("", "2", "d"))
    journal.append("command", ChampionSet("", "3", "d", "部長", "最初の比較", "promotion", "2"))
    seq = journal.append("command", ModelJudged("", "4", "課長", "新しい回答", False, facts)).seq
    journal.append(
        "command", ChampionSet("", "4", "d", "課長", "新しい回答", "promotion", "3", seq, "急ぎのため")
    )
    journal.append("command", ChampionSet("", "3", "d", "課長", "戻し", "rollback", "4"))
    journal.append("command", ModelServed("", "3", "d", "4"))
    journal.append("command", ModelRefused("", "5", "モデルを読めません。"))
    journal.append("command", ModelJudged("", "5", "課長", "新しい回答", True, facts))
    journal.append("command", ModelJudged("", "6", "課長", "新しい回答", False, facts))
    last = journal.append("command", ShadowSet("", "5", "課長", "試行")).seq
    return list(range(before + 1, last + 1))


def _open_rules(ledger: Ledger, hits: int) -> list[RuleResult]:
    """Return every written rule where ``hits`` later cases have a hit and there is nobody to compare."""
    rounds = cast("FirstRounds", SimpleNamespace(hits=hits))
    evidence = Evidence(ledger, ledger.day, rounds, pd.DataFrame(), None, None)
    return [result for check in CHECKS for result in check(evidence)]


def _closed_rules() -> list[RuleResult]:
    rule: tuple[Any, ...] = ("a", "採用中より良い", "better")
    return [
        RuleResult(*rule, outcome, -0.01, -0.02, 0.0, 0.0, 321, "差は小さい", "small", firm)
        for outcome in Outcome
        for firm in (True, False)
    ]
