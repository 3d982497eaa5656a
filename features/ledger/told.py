"""Told: replies that came in since the records were exported, and the ledger that holds them too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import pandas as pd

from features.ledger.snapshot import Ledger, typed_frame
from features.ledger.tables import TABLES

FOUND, NONE = "1", "2"
"""The results of a reply, as the contract codes them."""

KEY = ["debtor_id", "target_kind", "target_code"]
_PREFIX = "told-"


@dataclass(frozen=True)
class Told:
    """One reply, or an inquiry whose reply is still awaited (``replied_on`` None, ``result`` empty).

    ``balance`` in yen of what was found (None: not said). ``means`` as the contract codes it, "" unknown.
    """

    debtor_id: str
    target_kind: str
    target_code: str
    requested_on: date
    replied_on: date | None = None
    result: str = ""
    balance: int | None = None
    asset_kind: str = ""
    means: str = ""

    @property
    def day(self) -> date:
        """The last day on which something of it became known."""
        return max(self.requested_on, self.replied_on or self.requested_on)

    def by(self, day: date) -> Told:
        """Return the same as if it had been known on ``day`` at the latest.

        >>> later = Told("1", "bank", "0001", date(2026, 3, 1), date(2026, 9, 1), NONE)
        >>> later.by(date(2026, 4, 1)).replied_on
        datetime.date(2026, 4, 1)
        """
        replied = None if self.replied_on is None else min(self.replied_on, day)
        return replace(self, requested_on=min(self.requested_on, day), replied_on=replied)


def with_replies(ledger: Ledger, told: Sequence[Told]) -> Ledger:
    """Return ``ledger`` with ``told`` added, its day moved on to the last of them; nothing else changes.

    A reply goes to the latest inquiry of that target still unanswered in the ledger; where there is none,
    the inquiry is added with it. What is told of a debtor whom the ledger does not know is left out.
    """
    known = set(ledger["debtors"]["debtor_id"])
    told = [each for each in told if each.debtor_id in known]
    if not told:
        return ledger
    waiting = _waiting(ledger)
    inquiries, replies = [], []
    for number, each in enumerate(told, start=1):
        open_ids = waiting.get((each.debtor_id, each.target_kind, each.target_code), [])
        inquiry_id = open_ids.pop() if open_ids else f"{_PREFIX}{number}"
        if inquiry_id.startswith(_PREFIX):
            inquiries.append(_inquiry(each, inquiry_id))
        if each.replied_on is not None:
            replies.append(_reply(each, inquiry_id))
    frames = dict(ledger.frames)
    frames["inquiries"] = _appended(ledger, "inquiries", inquiries)
    frames["replies"] = _appended(ledger, "replies", replies)
    day = max(ledger.day, *(each.day for each in told))
    return replace(ledger, frames=MappingProxyType(frames), day=day)


def _waiting(ledger: Ledger) -> dict[tuple[str, str, str], list[str]]:
    """Return the unanswered inquiries of each debtor and target, the latest last."""
    asked = ledger["inquiries"]
    asked = asked[~asked["inquiry_id"].isin(ledger["replies"]["inquiry_id"])]
    asked = asked.sort_values(["requested_on", "inquiry_id"], kind="stable")
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in asked[[*KEY, "inquiry_id"]].fillna("").itertuples(index=False):
        found.setdefault((row[0], row[1], row[2]), []).append(str(row[3]))
    return found


def _inquiry(told: Told, inquiry_id: str) -> dict[str, object]:
    return {
        "inquiry_id": inquiry_id,
        "debtor_id": told.debtor_id,
        "target_kind": told.target_kind,
        "target_code": told.target_code,
        "means": told.means or None,
        "requested_on": pd.Timestamp(told.requested_on),
    }


def _reply(told: Told, inquiry_id: str) -> dict[str, object]:
    return {
        "inquiry_id": inquiry_id,
        "replied_on": pd.Timestamp(told.replied_on or told.requested_on),
        "result": told.result,
        "asset_kind": told.asset_kind or None,
        "balance": told.balance,
    }


def _appended(ledger: Ledger, table: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    if not rows:
        return ledger[table]
    added = typed_frame(TABLES[table], pd.DataFrame(rows))
    return pd.concat([ledger[table], added], ignore_index=True)
