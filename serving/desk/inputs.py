"""What went into a recommendation besides records and model: replies since the export, random slots."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from features.ledger.told import Told
from models.slots import Slots
from serving.desk.replies import standing, told_of
from serving.desk.slot_setting import in_force
from serving.records.entry import Entry, canonical
from serving.records.events import ReplyReceived
from serving.records.journal import Journal

_DAYS = ("requested_on", "replied_on")


@dataclass(frozen=True)
class Inputs:
    """``told``: what came in since the export; ``slots`` None: no target was drawn at random."""

    told: tuple[Told, ...] = ()
    slots: Slots | None = None

    @property
    def kept(self) -> dict[str, Any]:
        """The inputs as the journal keeps them."""
        slots = None if self.slots is None else asdict(self.slots)
        kept: dict[str, Any] = json.loads(
            canonical({"told": [asdict(each) for each in self.told], "slots": slots})
        )
        return kept


def inputs_of(shown: Entry, journal: Journal) -> Inputs:
    """Return the inputs of a RecommendationShown; of an old entry without them, what the journal held."""
    kept = shown.facts.get("inputs")
    if kept is None:
        kinds = (ReplyReceived.__name__,)
        replies = standing(journal.entries(kinds=kinds, debtor_id=shown.debtor_id, before=shown.seq))
        return Inputs(told_of(shown.debtor_id, replies), in_force(journal, shown.seq).slots)
    slots = kept.get("slots")
    return Inputs(tuple(_told(each) for each in kept.get("told", ())), Slots(**slots) if slots else None)


def _told(facts: dict[str, Any]) -> Told:
    days = {name: date.fromisoformat(facts[name]) if facts.get(name) else None for name in _DAYS}
    return Told(**{**facts, **days})
