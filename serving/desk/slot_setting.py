"""The share of targets drawn at random: off until a supervisor turns it on, kept in the journal."""

from __future__ import annotations

from dataclasses import dataclass

from models.slots import LARGEST, Slots
from serving.records.entry import Entry
from serving.records.events import SlotsSet
from serving.records.journal import Journal
from serving.wording import refusal

SHARES = (0.0, 0.05, 0.1, 0.2)
"""What the page offers; 0.1 (one of ten) is advised."""


@dataclass(frozen=True)
class SlotSetting:
    """What is in force: ``share`` (0: off), since when, by whom and why ("" where it was never set)."""

    share: float = 0.0
    seed: int = 0
    set_at: str = ""
    actor: str = ""
    ground: str = ""

    @property
    def slots(self) -> Slots | None:
        """The setting as the adviser takes it, None while it is off."""
        return Slots(self.share, self.seed) if self.share > 0 else None


def in_force(journal: Journal, before: int | None = None) -> SlotSetting:
    """Return the setting that was journalled last (``before`` a number, where one is given)."""
    latest: list[Entry] = journal.entries(kinds=(SlotsSet.__name__,), before=before, latest=1)
    if not latest:
        return SlotSetting()
    facts = latest[0].facts
    return SlotSetting(facts["share"], facts["seed"], latest[0].at, latest[0].actor, facts["ground"])


def newly_set(share: float, seed: int, ground: str) -> SlotsSet:
    """Return the event of a new setting; refuse a share that cannot be, or one without a ground."""
    if not 0 <= share <= LARGEST or not ground.strip():
        raise refusal("slots_wrong")
    return SlotsSet("", share, seed, ground.strip())
