"""Promotion: the written rules by which a challenger may replace the champion.

Everything here only measures; who approves and what follows is for the floor above. A further rule is a
function of the evidence, put into ``CHECKS``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from features.ledger.snapshot import Ledger
from features.matrix import CATALOGUE_VERSION
from training.calibration import calibration, calibration_figures
from training.fairness_rule import fair
from training.group_rules import METRIC, no_group_worse
from training.metrics import DIRECTIONS, paired_difference
from training.trial import Contender, Evidence, Showing, try_out
from training.verdict import Outcome, RuleResult, Verdict

EXCESS = 0.02
"""Calibration error allowed beyond what chance alone makes of so many answers."""

Check = Callable[[Evidence], Sequence[RuleResult]]
Say = Callable[[str], None]


def better_than_champion(evidence: Evidence) -> tuple[RuleResult, ...]:
    """Hold the challenger against the champion, case by case."""
    name = "better_than_champion"
    ja = "採用中のモデルより良い(同じ事案でのNDCG@10の差の95%区間が0を上回る)"
    en = "Better than the champion (95 % interval of the difference in NDCG@10, case by case, above 0)"
    if not evidence.enough:
        return (evidence.unmeasured(name, ja, en),)
    if evidence.challenger is None or evidence.champion is None:
        return (evidence.incomparable(name, ja, en),)
    if evidence.champion.same:
        note_ja = "学習した日も設定も同じため同じモデルになり、差が出ない"
        note_en = "learnt on the same day with the same settings they are the same model, and cannot differ"
        return (RuleResult(name, ja, en, Outcome.NOT_MEASURABLE, note_ja=note_ja, note_en=note_en),)
    return (_compared((name, ja, en), evidence.challenger, evidence.champion.scores["ranker"]),)


def better_than_know_how(evidence: Evidence) -> tuple[RuleResult, ...]:
    """Hold the challenger against the officers' written rules, case by case."""
    name = "better_than_know_how"
    ja = "職員の経験則より良い(同じ事案でのNDCG@10の差の95%区間が0を上回る)"
    en = "Better than the officers' rules (95 % interval of the difference in NDCG@10, case by case, above 0)"
    if evidence.challenger is None:
        return (evidence.unmeasured(name, ja, en),)
    return (_compared((name, ja, en), evidence.challenger, evidence.challenger.scores["know_how"]),)


def calibrated(evidence: Evidence) -> tuple[RuleResult, ...]:
    """Ask whether the challenger's probabilities mean what they say, on asked and answered targets."""
    name = "calibrated"
    ja = f"確率が信頼できる(較正誤差が、件数の少なさによる分に{EXCESS:g}を加えた値以下)"
    en = f"Calibrated (error at most {EXCESS:g} above what chance alone makes of so many answers)"
    if evidence.challenger is None:
        return (evidence.unmeasured(name, ja, en),)
    table = evidence.challenger.table
    known = table[table["first"] & table["answered"] & table["ranker"].notna()]
    figure = calibration_figures(known["probability"], known["hit"], known["case"])["error"]
    bound = EXCESS + chance_error(calibration(known["probability"], known["hit"]).table)
    outcome = Outcome.PASSED if figure.value <= bound else Outcome.FAILED
    shown = (figure.value, figure.low, figure.high, bound, int(known["case"].nunique()))
    return (RuleResult(name, ja, en, outcome, *shown),)


def same_catalogue(challenger: Contender) -> RuleResult:
    """Ask whether the challenger reads the very features that this program makes."""
    fits = challenger.bundle.catalogue == CATALOGUE_VERSION
    return RuleResult(
        "same_catalogue",
        "特徴量の一覧がこのプログラムと同じ",
        "Made for the feature catalogue of this program",
        Outcome.PASSED if fits else Outcome.FAILED,
        firm=True,
    )


CHECKS: tuple[Check, ...] = (better_than_champion, better_than_know_how, no_group_worse, fair, calibrated)
"""The rules that rest on later cases, in the order in which they are shown."""


def judge(  # noqa: PLR0917 - the records, the two, what else is known of them
    ledger: Ledger,
    challenger: Contender,
    champion: Contender | None,
    others: Sequence[RuleResult] = (),
    say: Say = lambda _: None,
    checks: Sequence[Check] = CHECKS,
) -> Verdict:
    """Try both out on ``ledger`` and return every rule's result; ``others`` were measured elsewhere."""
    evidence = try_out(ledger, challenger, champion, say)
    results = [result for check in checks for result in check(evidence)]
    results += [same_catalogue(challenger), *others]
    number = 0 if champion is None else champion.number
    return Verdict(challenger.number, number, tuple(results), _basis(ledger, evidence))


def chance_error(table: pd.DataFrame) -> float:
    """Return the calibration error that chance alone makes in the bins of a reliability table.

    The mean distance of an observed share from its true one is about 0.8 standard errors.
    """
    share = table["count"] / table["count"].sum()
    spread = np.sqrt(table["predicted"] * (1 - table["predicted"]) / table["count"])
    return float((share * spread).sum() * np.sqrt(2 / np.pi))


def _compared(told: tuple[str, str, str], ours: Showing, theirs: pd.DataFrame) -> RuleResult:
    mine, other = ours.scores["ranker"][METRIC].align(theirs[METRIC], join="inner")
    gap = paired_difference(mine, other, DIRECTIONS[METRIC])
    outcome = Outcome.PASSED if gap.low > 0 else Outcome.FAILED
    return RuleResult(*told, outcome, gap.value, gap.low, gap.high, 0.0, len(mine))


def _basis(ledger: Ledger, evidence: Evidence) -> dict[str, str | int | bool]:
    ours, theirs = evidence.challenger, evidence.champion
    return {
        "data_version": ledger.fingerprint,
        "day": ledger.day.isoformat(),
        "border": evidence.border.isoformat(),
        "cases": len(evidence.rounds.cases),
        "cases_with_hit": evidence.rounds.hits,
        "challenger_refitted": ours is not None and ours.refitted,
        "champion_refitted": theirs is not None and theirs.refitted,
        "challenger_learnt_to": _learnt_to(ours),
        "champion_learnt_to": _learnt_to(theirs),
    }


def _learnt_to(showing: Showing | None) -> str:
    """Return the last day of the records that a contender learnt again from, "" where it did not."""
    return "" if showing is None or showing.learnt_to is None else showing.learnt_to.isoformat()
