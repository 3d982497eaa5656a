"""What if: one case advised on as if something else were known about it. Nothing is written anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from features.follow_up import FollowUp
from features.ledger.told import Told
from features.supposed import Supposed, Supposition, read_note
from models.advice import CaseAdvice, RankedTarget
from models.adviser import Adviser


@dataclass(frozen=True)
class Moved:
    """One target before and after; None: not among those shown then."""

    before: RankedTarget | None
    after: RankedTarget | None

    @property
    def target(self) -> RankedTarget:
        """The target as it is named, the later one first."""
        found = self.after or self.before
        assert found is not None
        return found


def what_if(
    adviser: Adviser,
    debtor_id: str,
    said: Sequence[Supposition],
    *,
    note: str = "",
    told: Sequence[Told] = (),
    top: int = 10,
) -> CaseAdvice:
    """Return the advice about one case if ``said``, and what ``note`` says, stood in its log on its day.

    ``told``: what was asked and answered since the export, known by that day. ValueError where a target is
    unknown.
    """
    known = [each.by(adviser.ledger.day) for each in told]
    before = FollowUp(adviser.archive, known) if known else adviser.archive
    read = [
        each
        for each in (read_note(adviser.ledger, note) if note else ())
        if (each.target_kind, each.target_code) in adviser.archive.roll.index
    ]
    archive = Supposed(before, debtor_id, [*said, *read], note)
    again = Adviser(adviser.bundle, archive.ledger, archive)
    return replace(again.advise([debtor_id], top)[0], data_version=adviser.ledger.fingerprint)


def moves(before: CaseAdvice, after: CaseAdvice) -> tuple[Moved, ...]:
    """Return every target of either advice: those of ``after`` in order, then those that left."""
    first = {(each.target_kind, each.target_code): each for each in before.targets}
    stayed = [Moved(first.pop((each.target_kind, each.target_code), None), each) for each in after.targets]
    return (*stayed, *(Moved(each, None) for each in first.values()))
