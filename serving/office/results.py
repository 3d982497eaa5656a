"""What inquiries brought: the answers that stand in the records, by the target that was asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import pandas as pd

from features.ledger.snapshot import Ledger
from features.ledger.told import FOUND

AskedTarget = tuple[str, str, str]
"""debtor_id, target_kind, target_code."""


@dataclass(frozen=True, order=True)
class Answer:
    """One answered inquiry; ``yen`` is what was found, 0 for nothing."""

    requested_on: date
    yen: int


class Results:
    """The answered inquiries of a ledger; reading changes nothing."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def about(self, debtor_ids: Collection[str]) -> dict[AskedTarget, list[Answer]]:
        """Return the answers about some debtors, oldest inquiry first."""
        asked = self._ledger["inquiries"]
        asked = asked[asked["debtor_id"].isin(set(debtor_ids))].dropna(subset=["requested_on"])
        columns = ["debtor_id", "target_kind", "target_code", "requested_on", "result", "balance"]
        rows = asked.merge(self._ledger["replies"], on="inquiry_id")[columns]
        rows = rows.assign(target_code=rows["target_code"].fillna(""), balance=rows["balance"].fillna(0))
        found: dict[AskedTarget, list[Answer]] = {}
        for debtor_id, kind, code, day, result, balance in rows.itertuples(index=False, name=None):
            yen = int(balance) if str(result) == FOUND else 0
            answer = Answer(pd.Timestamp(day).date(), yen)
            found.setdefault((str(debtor_id), str(kind), str(code)), []).append(answer)
        return {target: sorted(answers) for target, answers in found.items()}
