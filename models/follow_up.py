"""The second round: one case ranked anew at once, with what replies taught since the export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from features.follow_up import FollowUp
from features.ledger.told import Told
from models.advice import CaseAdvice
from models.adviser import Adviser
from models.slots import Slots

COVERED = (
    "届いた回答で判明した財産{found:,}円が滞納額{arrears:,}円に達するため、"
    "追加の照会は計画しない(国税徴収法 48)。"
)


def follow_up(
    adviser: Adviser, debtor_id: str, told: Sequence[Told], top: int = 10, slots: Slots | None = None
) -> CaseAdvice:
    """Return the advice about one case on the day of the last of ``told``, which are about it.

    Nothing more is planned once what was found covers the arrears; the targets are still shown.
    """
    archive = FollowUp(adviser.archive, told)
    again = Adviser(adviser.bundle, archive.ledger, archive, adviser.precedents)
    advice = replace(again.advise([debtor_id], top, slots)[0], round=2)
    found = sum(each.balance or 0 for each in told)
    if advice.routed or found < advice.arrears:
        return advice
    note = COVERED.format(found=found, arrears=advice.arrears)
    targets = tuple(replace(target, in_plan=False) for target in advice.targets)
    return replace(advice, targets=targets, notes=(*advice.notes, note))
