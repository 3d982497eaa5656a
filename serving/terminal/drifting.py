"""The command ``drift``: hold the champion against the records of today, tell it, keep it for the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from serving.drift_wording import name_of, told
from serving.office.champion import champion, require_own, require_registry
from serving.office.drift_file import keep_drift
from serving.problems import Problem
from serving.settings import Settings
from serving.terminal.commands import read, say
from serving.terminal.places import require_home, require_out
from serving.terminal.table_file import write_tables
from serving.wording import wording
from training.drift import Sign
from training.drift_watch import DriftProblem, DriftReport, ordered, watch_drift

DRIFTED = 3
"""The exit code where something is beyond its bound."""

COLUMNS = ("what", "name", "label", "then", "now", "value", "bound", "judged", "flagged")


def drift_folder(settings: Settings, folder: Path, out: Path | None, seed: int) -> int:
    """Watch drift in ``folder``, print what is beyond its bound, write all to ``out``; return the code."""
    require_home(settings.home)
    if out is not None:
        require_out(out, settings.home)
    require_registry(settings)
    bundle = champion(settings)
    say("データを読んでいます…")
    ledger = read(folder).ledger
    require_own(bundle, ledger)
    try:
        report = watch_drift(bundle, ledger, seed, say)
    except DriftProblem as impossible:
        raise Problem(str(impossible), code="drift") from None
    if out is not None:
        write_tables({out: drift_table(report)})
    keep_drift(settings.home, report)
    for line in drift_lines(report, folder):
        say(line)
    return DRIFTED if report.flagged else 0


def drift_table(report: DriftReport) -> pd.DataFrame:
    """Return every sign, flagged ones first, with the columns ``COLUMNS``."""
    words = wording("ja")
    rows = [
        (
            *(sign.what, sign.name, name_of(sign, words), sign.then, sign.now, sign.value, sign.bound),
            *(int(sign.judged), int(sign.flagged)),
        )
        for sign in ordered(report.signs)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def drift_lines(report: DriftReport, folder: Path) -> Iterator[str]:
    """Yield the report as Japanese lines."""
    words = wording("ja")
    yield (
        f"モデル第{report.version}版の学習日 {report.learnt_on} と現在 {report.day}"
        f"({report.cases:,}件の事案)を比べました。"
    )
    for sign in report.flagged:
        yield "・" + told(sign, words)
    unjudged = sum(not sign.judged for sign in report.signs)
    if unjudged:
        yield f"件数が少なく判定しなかった項目: {unjudged}件"
    if any(_calls_for_training(sign) for sign in report.flagged):
        yield f"再学習を検討してください: tegakari train {folder}"
    elif not report.flagged:
        yield "基準を超える変化はありません。"


def _calls_for_training(sign: Sign) -> bool:
    # A renamed or closed institution is mended in the list, not by training.
    return sign.what != "institution"
