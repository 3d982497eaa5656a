"""The commands ``promote`` and ``rollback``: what is printed and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serving.app import now
from serving.office.belonging import require_own_home
from serving.office.champion import require_registry
from serving.office.promotion import approval, failing, judged, may_enter, require_version, roll_back, settle
from serving.office.served import last_folder
from serving.problems import Problem
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings
from serving.terminal.commands import read, say
from training.verdict import Outcome, RuleResult, Verdict

MARKS = {
    Outcome.PASSED: "○ 適合",
    Outcome.FAILED: "× 不適合",
    Outcome.NOT_MEASURABLE: "? 測定できない",
    Outcome.EXCEPTED: "- 対象外",
}


def promote_version(
    settings: Settings,
    number: int,
    folder: Path | None = None,
    *,
    by: str,
    ground: str,
    despite: str = "",
    trained_on: Path | None = None,
) -> None:
    """Judge a registered version by the written rules and make it champion if it may be.

    Without a folder, on the records served last. Raises Problem naming the rules that fail.
    """
    given = approval(by, ground, despite)
    require_registry(settings, to_write=True)
    require_version(settings, number)
    place = folder or _served(settings)
    say("データを読んでいます…")
    ledger = read(place).ledger
    require_own_home(settings, ledger.municipality.place)
    taught = ledger if trained_on is None else read(trained_on).ledger
    verdict = judged(settings, number, ledger, taught, given, say)
    with journal_of(settings) as journal:
        final = settle(settings, journal, verdict, given)
    for line in verdict_lines(final):
        say(line)
    if not may_enter(final, given):
        raise Problem(
            f"モデル第{number}版は採用できません。満たさない規則: {failing(final.failed)}。",
            _next(final),
            "promote",
        )
    if not final.passed:
        say(f"満たさない規則があるまま採用しました(理由: {given.despite})。台帳に残り、監査に示されます。")
    say(f"モデル第{number}版を採用しました。提供中の画面には数秒から数分で反映されます。")


def roll_back_to(settings: Settings, number: int | None, by: str, ground: str) -> None:
    """Undo the latest promotion that stands, or bring back the version named."""
    given = approval(by, ground)
    require_registry(settings, to_write=True)
    with journal_of(settings) as journal:
        back = roll_back(settings, journal, number, given)
    say(f"モデル第{back}版に戻しました。提供中の画面には数秒から数分で反映されます。")


def verdict_lines(verdict: Verdict) -> list[str]:
    """Return the verdict as lines: on which cases, then each rule with its figures."""
    basis = verdict.basis
    lines = [
        f"第{verdict.challenger}版の判定(採用中: {f'第{verdict.champion}版' if verdict.champion else 'なし'})"
    ]
    if basis:
        again = [
            f"第{number}版は{basis[f'{who}_learnt_to']}まで"
            for who, number in (("challenger", verdict.challenger), ("champion", verdict.champion))
            if basis[f"{who}_refitted"]
        ]
        lines.append(
            f"  検証: {basis['border']}より後に初めて調査した事案{basis['cases']:,}件"
            f"(財産が判明{basis['cases_with_hit']:,}件)"
        )
        if again:
            lines.append(
                "  これらの事案から学習している版は、それより前の記録から同じ設定で学習し直して比べました"
                f"({'、'.join(again)}の記録。古い版は、古い分だけ前まで)。"
            )
    return lines + [_line(each) for each in verdict.results]


def _line(rule: RuleResult) -> str:
    figures = ""
    if rule.value is not None:
        interval = "" if rule.low is None else f" [{rule.low:+.4f}, {rule.high:+.4f}]"
        figures = f" {rule.value:+.4f}{interval}、基準 {rule.bound:+.4f}、{rule.cases:,}件"
    note = f"({rule.note_ja})" if rule.note_ja else ""
    return f"  {MARKS[rule.outcome]}  {rule.ja}{figures}{note}"


def _next(verdict: Verdict) -> str:
    if verdict.firm:
        return f"採用中のモデルは変わりません。{failing(verdict.firm)}は、--despite でも例外にできません。"
    return (
        "採用中のモデルは変わりません。それでも採用する場合は、--despite に理由を書いて実行してください"
        "(台帳に残り、監査に示されます)。"
    )


def _served(settings: Settings) -> Path:
    try:
        return last_folder(settings)
    except Problem:
        raise Problem(
            "判定に使うデータのフォルダが指定されていません。",
            "tegakari promote VERSION FOLDER の形で、新しい回答を含むフォルダを指定してください。",
            "folder",
        ) from None


@contextmanager
def journal_of(settings: Settings) -> Iterator[Journal]:
    """Open the journal of a home for as long as it is needed."""
    engine = open_store(settings.records_url)
    try:
        yield Journal(engine, now)
    finally:
        engine.dispose()
