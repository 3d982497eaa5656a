"""The drift watch: a champion's reference held against the records of today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from zengin_code import Bank

from features.archive import Archive
from features.ledger.snapshot import Ledger
from features.matrix import build_matrix
from features.roll import BANK
from models.bundle import Bundle
from models.ranker import Ranker
from models.reference import Reference
from training.drift import (
    LEAST_ANSWERS,
    Sign,
    calibration_drift,
    inputs_drift,
    institution_drift,
    outcome_drift,
    score_drift,
)
from training.examples import examples_of
from training.present import answered_by_kind, institutions_of, open_matrix

Say = Callable[[str], None]


class DriftProblem(ValueError):  # noqa: N818 - a finding about bundle or records, not a fault of the program
    """Drift cannot be watched; the text is one Japanese sentence with what to do."""


@dataclass(frozen=True)
class DriftReport:
    """What was watched between ``learnt_on`` and ``day`` (ISO), with the model's version."""

    version: str
    learnt_on: str
    day: str
    cases: int
    signs: tuple[Sign, ...]

    @property
    def flagged(self) -> tuple[Sign, ...]:
        """The signs beyond their bounds."""
        return tuple(sign for sign in self.signs if sign.flagged)


def watch_drift(bundle: Bundle, ledger: Ledger, seed: int = 0, say: Say = lambda _: None) -> DriftReport:
    """Return how ``ledger`` differs from what ``bundle`` was learnt from.

    Raises DriftProblem where the bundle keeps no reference, or the records are older than it.
    """
    reference = bundle.reference
    if reference is None:
        raise DriftProblem("採用中のモデルには比較の基準がありません。tegakari train で作り直してください。")
    if ledger.day < date.fromisoformat(reference.day):
        raise DriftProblem(
            f"データの基準日({ledger.day})がモデルの学習日({reference.day})より前です。"
            "新しいデータのフォルダを指定してください。"
        )
    archive = Archive(ledger)
    say("現在の事案の特徴量を作っています…")
    matrix = open_matrix(archive, ledger.day, seed)
    if not len(matrix.pairs):
        raise DriftProblem("順位を付けられる事案がありません。滞納のあるデータのフォルダを指定してください。")
    signs = inputs_drift(reference, matrix)
    if bundle.ranker is not None:
        signs += score_drift(reference, bundle.ranker, matrix)
        say("学習後の回答と予測を比べています…")
        signs.append(_later_forecasts(archive, bundle.ranker, reference))
    signs += outcome_drift(reference.answered, answered_by_kind(ledger, date.fromisoformat(reference.day)))
    signs += institution_drift(reference.institutions, institutions_of(ledger))
    signs += closed_banks(ledger)
    cases = int(pd.Series(matrix.pairs.case).nunique())
    return DriftReport(bundle.version, reference.day, ledger.day.isoformat(), cases, tuple(signs))


def closed_banks(ledger: Ledger) -> list[Sign]:
    """Return a notice for each listed bank whose code the Zengin directory no longer holds.

    ``then``: records (direct debits, refunds) that still name it. It is on its bound and so never flagged:
    the list is to be mended, which no new training does.
    """
    listed = ledger["targets"]
    listed = listed[(listed["target_kind"] == BANK) & ~listed["target_code"].isin(list(Bank.all))]
    still = pd.concat([ledger["debtors"]["direct_debit_bank"], ledger["incomes"]["refund_bank"]])
    named = still.value_counts()
    signs = []
    for row in listed.drop_duplicates("target_code").sort_values("target_code").to_dict("records"):
        code, count = str(row["target_code"]), float(named.get(row["target_code"], 0))
        signs.append(
            Sign("institution", f"{BANK}|{code}", count, 0.0, 1.0, 1.0, named=str(row["name"] or ""))
        )
    return signs


def ordered(signs: Sequence[Sign]) -> list[Sign]:
    """Return the signs, flagged ones first, then by how far beyond their bound."""
    return sorted(signs, key=lambda sign: (not sign.flagged, not sign.judged, -_beyond(sign), sign.name))


def _beyond(sign: Sign) -> float:
    return sign.value / sign.bound if sign.bound > 0 else sign.value


def _later_forecasts(archive: Archive, ranker: Ranker, reference: Reference) -> Sign:
    """Hold forecasts of cases first asked about after the day of learning against their answers.

    Each is made as of the eve of the first inquiry, as it would have been shown.
    """
    examples = examples_of(archive)
    day = examples.pairs.cases["day"].to_numpy()[examples.pairs.case]
    chosen = examples.outcomes.asked & (day >= pd.Timestamp(reference.day).to_datetime64())
    pairs, hit = examples.pairs.take(chosen), examples.outcomes.hit[chosen]
    if len(pairs) < LEAST_ANSWERS:
        return calibration_drift(hit * 0.0, hit, pairs.case.astype(float))
    forecast = ranker.scores(build_matrix(archive, pairs)).probability
    return calibration_drift(forecast, hit, pairs.case.astype(float))
