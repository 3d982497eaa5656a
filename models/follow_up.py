"""The second round: one case ranked anew at once, with what was asked and answered since the export.

Everything about a case is reckoned on the day of the records, before and after. What was told since counts as
known on that day: the records say nothing of the days in between, and a ranking that took their arrears,
prescription and ages from one day and the replies from another would change for reasons nobody could see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from features.archive import HIT_YEN
from features.follow_up import FollowUp
from features.law import collectable_arrears
from features.ledger.told import FOUND, Told
from models.advice import CaseAdvice
from models.adviser import Adviser
from models.awaited import Awaited
from models.plan import covered
from models.slots import Slots

COVERED = (
    "届いた回答で判明した財産{found:,}円が滞納額{arrears:,}円に達するため、"
    "追加の照会は計画しない(国税徴収法 48)。"
)
AWAITED = "選定または照会した{waiting}件の回答を待っているため、追加の照会は計画しない(国税徴収法 141)。"


def follow_up(
    adviser: Adviser, debtor_id: str, told: Sequence[Told], top: int = 10, slots: Slots | None = None
) -> CaseAdvice:
    """Return the advice about one case on the day of the records, with ``told`` (about it) known by then.

    What still waits for its reply is not proposed again. The plan counts on what is expected of it, and so
    does the forecast that there is no property; where a reply found some, that is out of the question.
    Nothing more is planned before the first reply to what was asked last (by the true days), nor once what
    was found covers the arrears; the targets are still shown.
    """
    archive = FollowUp(adviser.archive, [each.by(adviser.ledger.day) for each in told])
    waiting = [each for each in told if each.replied_on is None]
    awaited = expected_of(adviser, debtor_id, waiting)
    found = sum(each.balance or 0 for each in told)
    if any(is_hit(each) for each in told) or (found and found >= _owed(adviser, debtor_id) > 0):
        awaited = replace(awaited, missed=0.0)
    again = Adviser(adviser.bundle, archive.ledger, archive, adviser.precedents, awaited)
    replied = max((each.replied_on for each in told if each.replied_on is not None), default=None)
    advice = replace(again.advise([debtor_id], top, slots)[0], round=1 if replied is None else 2)
    if advice.routed:
        return advice
    if replied is not None and found >= advice.arrears:
        note = COVERED.format(found=found, arrears=advice.arrears)
    elif any(replied is None or each.requested_on >= replied for each in waiting):
        note = AWAITED.format(waiting=len(waiting))
    else:
        return advice
    targets = tuple(replace(target, in_plan=False) for target in advice.targets)
    return replace(advice, targets=targets, notes=(*advice.notes, note))


def expected_of(adviser: Adviser, debtor_id: str, waiting: Sequence[Told]) -> Awaited:
    """Return what is expected of inquiries that are out, as ``adviser`` saw them before.

    A target that it would not have proposed counts as a sure miss.
    """
    if not waiting:
        return Awaited()
    ranking = adviser.rank(adviser.cases_of([debtor_id]), top=len(adviser.archive.roll.targets))
    rows = ranking.rows
    roll = adviser.archive.roll.targets.iloc[rows["target"]]
    asked = {(each.target_kind, each.target_code) for each in waiting}
    out = [key in asked for key in zip(roll["target_kind"], roll["target_code"], strict=True)]
    missed = float(np.prod(1.0 - rows["probability"].to_numpy(dtype=float)[out]))
    return Awaited(covered(rows["share"].to_numpy(dtype=float)[out]), missed)


def is_hit(told: Told) -> bool:
    """Return whether a reply found property worth a seizure; how much need not be known."""
    return told.result == FOUND and (told.balance is None or told.balance >= HIT_YEN)


def _owed(adviser: Adviser, debtor_id: str) -> int:
    cases = adviser.cases_of([debtor_id])
    return int(collectable_arrears(adviser.archive.about(cases), cases).iloc[0])
