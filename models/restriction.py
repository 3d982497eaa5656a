"""Restriction: of a protected case (支援措置) no word on where somebody lives, and none of the notes.

Address and notes are never shown; but a reason or a ground that speaks of the area tells it to whoever knows
which bank serves which area, and one that says what the debtor said tells the hidden note. So both are taken
out wherever advice goes: page, API and file.
"""

from __future__ import annotations

from dataclasses import replace

from features.grounds import LISTED
from models.advice import CaseAdvice, RankedTarget, Reason

ADDRESS_FEATURES = ("area", "postcode", "prefecture", "moved", "former", "neighbour", "home_bank")
"""Parts of feature names that speak of where somebody lives or lived."""

ADDRESS_WORDS = ("地域", "住所", "転入", "転出", "当地", "地元")
"""Words of sentences and grounds that do."""
ELSEWHERE_WORDS = ("市外", "県外")
"""Words of labels that do."""

NOTE_FEATURES = ("mention", "hardship", "statement")
"""Parts of the names of features that were read out of notes."""

NOTE_WORDS = ("折衝記録", "本人が述べた", "の話が出", "申出", "取引明細に")
"""Words of sentences and grounds that tell what a note says."""


def unaddressed(advice: CaseAdvice) -> CaseAdvice:
    """Return a protected case's advice without what speaks of the address or the notes; any other as it is.

    The weight of a reason that is taken out goes to ``rest``, so that the score still adds up.
    """
    if not advice.restricted:
        return advice
    finding = advice.finding
    if finding is not None:
        told, hidden = _parted(finding.reasons)
        finding = replace(finding, reasons=told, rest=finding.rest + hidden)
    targets = tuple(_without_address(target) for target in advice.targets)
    return replace(advice, targets=targets, finding=finding)


def _without_address(target: RankedTarget) -> RankedTarget:
    told, hidden = _parted(target.reasons)
    grounds = tuple(each for each in target.grounds if not _hidden(each))
    return replace(target, reasons=told, grounds=grounds or (LISTED,), rest=target.rest + hidden)


def _parted(reasons: tuple[Reason, ...]) -> tuple[tuple[Reason, ...], float]:
    """Return the reasons that may be told, and the weight of the others."""
    told = tuple(reason for reason in reasons if not _tells(reason))
    return told, sum(reason.weight for reason in reasons if _tells(reason))


def _tells(reason: Reason) -> bool:
    named = any(word in reason.feature for word in (*ADDRESS_FEATURES, *NOTE_FEATURES))
    return named or _hidden(reason.sentence)


def _hidden(text: str) -> bool:
    return of_address(text) or any(word in text for word in NOTE_WORDS)


def of_address(text: str) -> bool:
    """Return whether a sentence or a label speaks of where somebody lives or lived.

    >>> of_address("市外・県外との関わり"), of_address("滞納の額と件数")
    (True, False)
    """
    return any(word in text for word in ADDRESS_WORDS + ELSEWHERE_WORDS)
