"""Reproduction: whether the same records and the same seed make the same bundle again, byte for byte."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from features.ledger.snapshot import Ledger
from models.bundle import Bundle
from training.copies import digest_of
from training.course import learn
from training.school import unlearnt
from training.trial import Contender
from training.verdict import Outcome, RuleResult

Say = Callable[[str], None]


def reproducible(contender: Contender, digest: str, ledger: Ledger, say: Say = lambda _: None) -> RuleResult:
    """Learn the contender again from the ledger it was learnt from and compare with ``digest``.

    Not measurable with the records of another day.
    """
    told = (
        "reproducible",
        "同じデータと設定から同じモデルが再現できる",
        "The same records and settings make the same model again",
    )
    if contender.bundle.data_hash != ledger.fingerprint:
        note_ja = "学習に使ったデータがここにない(--trained-on で指定)"
        note_en = "the records it was learnt from are not here (name them with --trained-on)"
        return RuleResult(*told, Outcome.NOT_MEASURABLE, note_ja=note_ja, note_en=note_en)
    say(f"第{contender.number}版を同じデータと設定から作り直しています…")
    kept = contender.bundle.difficulty
    again = _again(contender, ledger).under("" if kept is None else kept.speeds.key)
    same = _digest_of(again) == digest
    note = ("", "") if same else ("ファイルが一致しない", "the files differ")
    outcome = Outcome.PASSED if same else Outcome.FAILED
    return RuleResult(*told, outcome, note_ja=note[0], note_en=note[1])


def _again(contender: Contender, ledger: Ledger) -> Bundle:
    return unlearnt(ledger) if contender.settings is None else learn(ledger, contender.settings).bundle


def _digest_of(bundle: Bundle) -> str:
    with tempfile.TemporaryDirectory(prefix="tegakari-") as scratch:
        bundle.save(Path(scratch))
        return digest_of(Path(scratch))
