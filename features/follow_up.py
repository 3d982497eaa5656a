"""The follow-up: an archive of a few cases to which replies came in since, made without reading all anew."""

from __future__ import annotations

from collections.abc import Sequence

from features.archive import Archive
from features.ledger.told import FOUND, NONE, Told, with_replies
from features.revision import Pointed, Revision, cases_on


class FollowUp(Revision):
    """The archive ``before`` with ``told`` added, for the debtors of ``told`` alone.

    ValueError where something is told of a target that no record and no list of the office names.
    """

    def __init__(self, before: Archive, told: Sequence[Told]) -> None:
        cases = cases_on(before, [each.debtor_id for each in told])
        ledger = with_replies(before.about(cases), told)
        super().__init__(before, ledger, cases["debtor_id"], _named(told))


def _named(told: Sequence[Told]) -> list[Pointed]:
    """Return what each of ``told`` points to.

    An inquiry that the office's records already hold is pointed to twice: the later day counts.
    """
    rows = []
    for each in told:
        key = (each.debtor_id, each.target_kind, each.target_code)
        rows.append(Pointed("asked", *key, each.requested_on))
        source = {FOUND: "found", NONE: "blank"}.get(each.result)
        if source is not None:
            rows.append(Pointed(source, *key, each.day))
    return rows
