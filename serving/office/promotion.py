"""Changing the champion: a challenger is judged, let in or refused; a former champion is brought back."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from models.bundle import Bundle, BundleProblem, load_bundle
from serving.office.champion import registry_of
from serving.office.past_champions import ROLLBACK, back_to, changes_of
from serving.office.staff_key import known_key
from serving.problems import Problem
from serving.records.entry import Entry
from serving.records.journal import Journal
from serving.records.model_events import ChampionSet, ModelJudged
from serving.settings import Settings
from training.copies import Pointer, locked, point_at, pointed
from training.registry.registry import Registry
from training.registry.store import RegistryProblem
from training.registry.version import Version
from training.verdict import Outcome, RuleResult, Verdict

if TYPE_CHECKING:
    from features.ledger.snapshot import Ledger
    from training.trial import Contender

ACTOR = "command"
VERDICT_FILE = "verdict.json"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Approval:
    """Who lets a model in and why. ``despite``: why rules that fail are set aside ("": none are)."""

    by: str
    ground: str
    despite: str = ""


def approval(by: str, ground: str, despite: str = "") -> Approval:
    """Return the approval; Problem where nobody is named or no reason is given."""
    if not by.strip() or not ground.strip():
        raise Problem(
            "承認した人の名前と理由が必要です。", "--by と --ground を指定してください。", "promote"
        )
    return Approval(by.strip(), ground.strip(), despite.strip())


def require_version(settings: Settings, number: int) -> None:
    """Refuse a version that is not registered, before the long work."""
    try:
        registry_of(settings).version(number)
    except RegistryProblem as broken:
        raise Problem(str(broken), code="model") from None


def judged(  # noqa: PLR0917 - what is judged, on what, by whom
    settings: Settings, number: int, ledger: Ledger, taught: Ledger, given: Approval, say: Say
) -> Verdict:
    """Judge version ``number`` on ``ledger``; ``taught``: the records it was learnt from, if here.

    Raises Problem where the version is unknown or in use, or the registry cannot be asked.
    """
    from training.promotion import judge  # noqa: PLC0415
    from training.reproduction import reproducible  # noqa: PLC0415

    registry, key = registry_of(settings), known_key(settings)
    try:
        version, before = registry.version(number), registry.champion()
        if before is not None and before.number == number:
            raise Problem(f"モデル第{number}版は既に採用中です。", code="promote")
        challenger = contender_of(registry, version, key)
    except RegistryProblem as broken:
        raise Problem(str(broken), code="registry") from None
    except BundleProblem as unusable:
        return _unusable(number, before, str(unusable), given)
    if before is None:
        return Verdict(number, 0, (_excepted(), _approved(given)), {})
    champion = _champion(registry, before, key)
    others = [reproducible(challenger, version.digest, taught, say), _approved(given)]
    verdict = judge(ledger, challenger, champion, others, say)
    return replace(verdict, champion=before.number)


def settle(settings: Settings, journal: Journal, verdict: Verdict, given: Approval) -> Verdict:
    """Write the verdict to the ledger of promotions and make the challenger champion if it may be.

    Returns the verdict as it was written: one that was reached against another champion fails. Raises
    Problem where the registry fails; the champion is then the one it was.
    """
    registry = registry_of(settings)
    try:
        with locked(settings.home):
            before, version = registry.champion(), registry.version(verdict.challenger)
            final = _against(verdict, before)
            facts = final.facts
            entry = journal.append(
                ACTOR,
                ModelJudged("", str(version.number), given.by, given.ground, final.passed, facts),
            )
            _note(registry, version, final, given, entry)
            if may_enter(final, given):
                event = ChampionSet(
                    "",
                    str(version.number),
                    approved_by=given.by,
                    ground=given.ground,
                    manner="promotion",
                    former="" if before is None else str(before.number),
                    judged=entry.seq,
                    despite="" if final.passed else given.despite,
                )
                _change(settings, registry, journal, version, event)
    except RegistryProblem as broken:
        raise Problem(str(broken), code="registry") from None
    return final


def roll_back(settings: Settings, journal: Journal, asked: int | None, given: Approval) -> int:
    """Bring back a version that was champion before (None: undo the latest promotion) and return its number.

    Raises Problem where there is none, or its files cannot be used; nothing has changed then.
    """
    registry = registry_of(settings)
    try:
        with locked(settings.home):
            now = registry.champion()
            number = back_to(changes_of(journal), 0 if now is None else now.number, asked)
            version = registry.version(number)
            event = ChampionSet(
                "",
                str(version.number),
                approved_by=given.by,
                ground=given.ground,
                manner=ROLLBACK,
                former="" if now is None else str(now.number),
            )
            _change(settings, registry, journal, version, event)
    except RegistryProblem as broken:
        raise Problem(str(broken), code="registry") from None
    return version.number


def may_enter(verdict: Verdict, given: Approval) -> bool:
    """Return whether a challenger may replace the champion.

    Either every rule holds, or those that fail may be set aside and somebody says why.
    """
    return verdict.passed or (bool(given.despite) and not verdict.firm)


def _change(
    settings: Settings, registry: Registry, journal: Journal, version: Version, event: ChampionSet
) -> None:
    """Make ``version`` champion and journal it: both or neither."""
    try:
        bundle = load_bundle(registry.fetch(version), str(version.number), known_key(settings))
    except BundleProblem as unusable:
        raise Problem(str(unusable), code="model") from None
    before, store = registry.champion(), settings.home / "models"
    pointer = pointed(store)
    registry.set_champion(version)
    try:
        point_at(store, Pointer(version.number, version.digest))
        journal.append(ACTOR, replace(event, data_version=bundle.data_hash))
    except BaseException:
        point_at(store, pointer)
        if before is not None:
            registry.set_champion(before)
        raise


def contender_of(registry: Registry, version: Version, key: str) -> Contender:
    """Return a registered version as a contender; BundleProblem where it cannot be used."""
    from training.trial import Contender, settings_of  # noqa: PLC0415

    bundle: Bundle = load_bundle(registry.fetch(version), str(version.number), key)
    try:
        return Contender(version.number, bundle, settings_of(registry.params_of(version)))
    except ValueError:
        raise BundleProblem(
            f"モデル第{version.number}版の学習の設定を読み取れません。tegakari train で作り直してください。"
        ) from None


def _champion(registry: Registry, version: Version, key: str) -> Contender | None:
    """Return the champion, None where it cannot be used by this program and so cannot be compared with."""
    try:
        return contender_of(registry, version, key)
    except (BundleProblem, RegistryProblem):
        return None


def _against(verdict: Verdict, now: Version | None) -> Verdict:
    number = 0 if now is None else now.number
    if number == verdict.champion:
        return verdict
    changed = RuleResult(
        "champion_unchanged",
        "判定の間に採用中のモデルが変わっていない",
        "The champion did not change while the challenger was judged",
        Outcome.FAILED,
        note_ja=f"第{verdict.champion}版から第{number}版に変わった。もう一度実行する",
        note_en=f"it changed from version {verdict.champion} to {number}; run it again",
        firm=True,
    )
    return replace(verdict, results=(*verdict.results, changed))


def _note(registry: Registry, version: Version, verdict: Verdict, given: Approval, entry: Entry) -> None:
    """Keep the verdict with the version in the registry as well."""
    tags = {
        "verdict": "passed" if verdict.passed else "failed",
        "verdict.failed": ",".join(each.name for each in verdict.failed),
        "verdict.by": given.by,
        "verdict.ground": given.ground,
        "verdict.despite": given.despite,
        "verdict.journal": str(entry.seq),
    }
    with tempfile.TemporaryDirectory(prefix="tegakari-") as scratch:
        file = Path(scratch) / f"{entry.seq}-{VERDICT_FILE}"
        file.write_text(json.dumps(verdict.facts, ensure_ascii=False, indent=1), encoding="utf-8")
        registry.note(version, tags, [file])


def _approved(given: Approval) -> RuleResult:
    return RuleResult(
        "approved",
        "氏名を示した承認者がいる",
        "Approved by a named person",
        Outcome.PASSED,
        note_ja=given.by,
        note_en=given.by,
        firm=True,
    )


def _excepted() -> RuleResult:
    return RuleResult(
        "first_model",
        "採用中のモデルがない場合、最初のモデルは判定を待たない",
        "Where there is no champion, the first model is not judged",
        Outcome.EXCEPTED,
    )


def _unusable(number: int, before: Version | None, why: str, given: Approval) -> Verdict:
    usable = RuleResult(
        "usable",
        "ファイルが壊れておらず、このプログラムの特徴量で作られている",
        "Its files are whole and made for the features of this program",
        Outcome.FAILED,
        note_ja=why,
        note_en="it is damaged, or made for other features",
        firm=True,
    )
    return Verdict(number, 0 if before is None else before.number, (usable, _approved(given)), {})


def failing(results: Sequence[RuleResult]) -> str:
    """Return the rules that do not hold as one Japanese phrase."""
    return "、".join(f"「{each.ja}」" for each in results)
