"""An inquiry: one target of a finished choice, and what it is once it went out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PAPER, ELECTRONIC = "1", "2"
TargetKey = tuple[str, str]
Asked = tuple[str, str, str, date]
"""debtor_id, target_kind, target_code and the day of an inquiry."""


@dataclass(frozen=True)
class Chosen:
    """One target of a finished choice. ``number`` is the 照会番号 that its inquiry has or will have."""

    number: str
    decision: int
    debtor_id: str
    target_kind: str
    target_code: str
    actor: str
    decided_at: str

    @property
    def key(self) -> TargetKey:
        """Return (target_kind, target_code)."""
        return self.target_kind, self.target_code


@dataclass(frozen=True)
class Inquiry:
    """One inquiry that went out. ``means`` as the contract codes it: 1 paper, 2 electronic."""

    number: str
    decision: int
    batch: int
    debtor_id: str
    target_kind: str
    target_code: str
    means: str
    requested_on: date
    actor: str
    staff_id: str
    articles: str

    @property
    def key(self) -> TargetKey:
        """Return (target_kind, target_code)."""
        return self.target_kind, self.target_code

    @property
    def asked(self) -> Asked:
        """Return what a reply entered by hand has in common with the inquiry."""
        return self.debtor_id, self.target_kind, self.target_code, self.requested_on
