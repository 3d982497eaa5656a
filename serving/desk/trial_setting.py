"""The shares of the trial: how many cases are chosen blind first, how often reasons are folded away."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from serving.records.entry import GENESIS
from serving.records.events import TrialSet
from serving.records.journal import Journal
from serving.wording import refusal

BLIND, HIDDEN = 0.1, 0.0
"""The shares that a service starts with, until a supervisor sets others."""

BLIND_SHARES = (0.0, 0.05, 0.1, 0.2, 0.3)
HIDDEN_SHARES = (0.0, 0.1, 0.25, 0.5)
"""What the page offers."""

LARGEST_BLIND, LARGEST_HIDDEN = 0.5, 0.5


@dataclass(frozen=True)
class TrialSetting:
    """What is in force: both shares, since when, by whom and why. ``seed`` draws; ``number`` is its entry."""

    blind: float = 0.0
    hidden: float = 0.0
    number: int = 0
    set_at: str = ""
    actor: str = ""
    ground: str = ""
    seed: str = GENESIS

    def draws_blind(self, debtor_id: str, user: str) -> bool:
        """Return whether this user chooses this case blind first: the same however often it is asked."""
        return drawn(self.seed, "blind", debtor_id, user) < self.blind

    def draws_hidden(self, debtor_id: str, user: str) -> bool:
        """Return whether the reasons of this case are folded away for this user."""
        return drawn(self.seed, "reasons", debtor_id, user) < self.hidden


def drawn(seed: str, what: str, debtor_id: str, user: str) -> float:
    """Return a number from 0 to below 1 that anybody with the journal can draw again.

    >>> drawn("ab", "blind", "0001", "hanako") == drawn("ab", "blind", "0001", "hanako")
    True
    >>> drawn("ab", "blind", "0001", "hanako") == drawn("ab", "reasons", "0001", "hanako")
    False
    """
    text = "\n".join((seed, what, debtor_id, user))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") / 2**64


def in_force(journal: Journal) -> TrialSetting:
    """Return the setting that was journalled last; both shares are 0 before there is one."""
    latest = journal.entries(kinds=(TrialSet.__name__,), latest=1)
    if not latest:
        return TrialSetting()
    entry, facts = latest[0], latest[0].facts
    return TrialSetting(
        facts["blind"], facts["hidden"], entry.seq, entry.at, entry.actor, facts["ground"], entry.digest
    )


def newly_set(blind: float, hidden: float, ground: str) -> TrialSet:
    """Return the event of a new setting; refuse shares that cannot be, or a setting without a ground."""
    if not (0 <= blind <= LARGEST_BLIND and 0 <= hidden <= LARGEST_HIDDEN) or not ground.strip():
        raise refusal("trial_wrong")
    return TrialSet("", blind, hidden, ground.strip())


def start(journal: Journal) -> None:
    """Journal the shares that a service starts with, once; what a supervisor set stays."""
    if not journal.entries(kinds=(TrialSet.__name__,), latest=1):
        journal.append("command", newly_set(BLIND, HIDDEN, "既定値"))
