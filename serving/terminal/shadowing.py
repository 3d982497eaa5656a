"""The command ``shadow``: begin, end and report."""

from __future__ import annotations

from pathlib import Path

from models.bundle import BundleProblem, load_bundle
from serving.desk.shadow_report import FEWEST, ShadowReport, shadow_report
from serving.office.champion import registry_of
from serving.office.promotion import ACTOR, approval
from serving.office.staff_key import known_key
from serving.problems import Problem
from serving.records.journal import Journal
from serving.records.model_events import ShadowSet
from serving.settings import Settings
from serving.terminal.commands import read, say
from serving.terminal.promoting import journal_of
from training.copies import SHADOW, Pointer, locked, point_at, pointed
from training.metrics import Figure
from training.registry.store import RegistryProblem


def set_shadow(settings: Settings, number: int, by: str, ground: str) -> None:
    """Let a registered version score beside the champion, unseen, from now on."""
    given, registry = approval(by, ground), registry_of(settings)
    try:
        version, champion = registry.version(number), registry.champion()
        if champion is not None and champion.number == number:
            raise Problem(f"モデル第{number}版は採用中です。", "別の版を指定してください。", "shadow")
        load_bundle(registry.fetch(version), str(number), known_key(settings))
    except (RegistryProblem, BundleProblem) as broken:
        raise Problem(str(broken), code="model") from None
    with journal_of(settings) as journal, locked(settings.home):
        journal.append(ACTOR, ShadowSet("", str(number), given.by, given.ground))
        point_at(settings.home / "models", Pointer(version.number, version.digest), SHADOW)
    say(f"モデル第{number}版を影で採点します。職員の画面には出ません。")


def end_shadow(settings: Settings, by: str, ground: str) -> None:
    """Let nothing score beside the champion; where nothing does, say so and write nothing."""
    given = approval(by, ground)
    with journal_of(settings) as journal, locked(settings.home):
        if not _scores(settings, journal):
            say("影で採点しているモデルはありません。何も変えていません。")
            return
        journal.append(ACTOR, ShadowSet("", "", given.by, given.ground))
        point_at(settings.home / "models", None, SHADOW)
    say("影での採点を終えました。")


def _scores(settings: Settings, journal: Journal) -> bool:
    """Return whether a shadow scores, by the ledger or by the file that the running service follows."""
    last = journal.entries(kinds=(ShadowSet.__name__,), latest=1)
    told = bool(last) and bool(last[0].facts["model_version"])
    return told or pointed(settings.home / "models", SHADOW) is not None


def report_shadow(settings: Settings, folder: Path | None) -> None:
    """Print how the last shadow compares on replies that came later."""
    with journal_of(settings) as journal:
        entries = journal.entries(kinds=(ShadowSet.__name__,))
        known = [entry.facts["model_version"] for entry in entries if entry.facts["model_version"]]
        if not known:
            raise Problem(
                "影で採点したモデルがありません。",
                "tegakari shadow VERSION --by 氏名 --ground 理由 で始めてください。",
                "shadow",
            )
        ledger = None if folder is None else read(folder).ledger
        found = shadow_report(journal, known[-1], ledger)
    for line in report_lines(found):
        say(line)


def report_lines(found: ShadowReport) -> list[str]:
    """Return the report as Japanese lines; what rests on too few cases is said to."""
    few = f"件数が少ないため示しません({FEWEST}件以上必要)"
    seen = f"採点{found.scored:,}回、事案{found.cases:,}件(事案ごとに最初の推薦)"
    lines = [f"影のモデル第{found.version}版: {seen}"]
    if found.agreement is None:
        lines.append(f"  上位の一致: {few}")
    else:
        told = "、".join(f"上位{k}件 {_share(figure)}" for k, figure in found.agreement.items())
        lines.append(f"  上位の一致: {told}")
    lines.append(f"  その後に照会し回答が来た事案: {found.answered:,}件(財産が判明{found.hits:,}件)")
    if found.gain is None or found.champion_hit_at_1 is None or found.shadow_hit_at_1 is None:
        lines.append(f"  最初の1件の判明: {few}")
    else:
        gain, ours, theirs = found.gain, found.champion_hit_at_1, found.shadow_hit_at_1
        lines.append(
            f"  最初の1件の判明: 採用中 {_share(ours)}、影 {_share(theirs)}、"
            f"差 {gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"
        )
    if found.errors is None:
        lines.append(f"  較正誤差: {few}")
    else:
        ours, theirs = found.errors
        lines.append(f"  較正誤差: 採用中 {_plain(ours)}、影 {_plain(theirs)}")
    lines.append("  照会先は採用中の推薦を見て選ばれているため、この比較は採用中のモデルに有利です。")
    return lines


def _share(figure: Figure) -> str:
    return f"{figure.value:.1%} [{figure.low:.1%}, {figure.high:.1%}]"


def _plain(figure: Figure) -> str:
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"
