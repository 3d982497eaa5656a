"""The auditor's use cases: search the journal, read one entry with what belongs to it, compute it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from serving.desk.inputs import Inputs, inputs_of
from serving.desk.recompute import Recomputed, recompute
from serving.office.office import Office
from serving.records.entry import Entry
from serving.records.events import DecisionMade, RecommendationRecomputed, RecommendationShown, ReplyReceived
from serving.records.exchange_events import BatchMade
from serving.records.identity import Right, User
from serving.records.journal import Journal
from serving.records.seal import Seal, Sealed
from serving.records.trail import Search, Trail, TrailPage
from serving.wording import refusal

PARTS = frozenset({"accepted", "added", "dropped", "left"})
"""What a choice is told by beside the ranking; one that was changed may lack it."""


@dataclass(frozen=True)
class Finding:
    """One entry and what belongs to it.

    ``shown``: the recommendation that is looked at, or that a choice was made from. ``decision``: the choice
    made from it, ``batches``: those that it went out with. ``replies``: those to the case that were entered
    later. ``again``: how it came out before.
    """

    entry: Entry
    shown: Entry | None = None
    inputs: Inputs | None = None
    decision: Entry | None = None
    replies: tuple[Entry, ...] = ()
    again: tuple[Entry, ...] = ()
    batches: tuple[Entry, ...] = ()


class Auditing:
    """Every use case checks the right first. Nothing here changes what was written."""

    def __init__(self, office: Office, journal: Journal, trail: Trail, seal: Seal) -> None:
        self._office = office
        self._journal = journal
        self._trail = trail
        self._seal = seal

    def search(self, user: User, search: Search, size: int, before: int = 0, after: int = 0) -> TrailPage:
        """Return one page of what matches, newest first."""
        user.require(Right.AUDIT)
        return self._trail.page(search, size, before, after)

    def sealed(self, user: User, full: bool = False) -> Sealed:
        """Return whether the chain is whole: what came since the last check, or (``full``) all of it."""
        user.require(Right.AUDIT)
        return self._seal.check(full)

    def head(self, user: User) -> tuple[int, str]:
        """Return the number and the digest of the last entry."""
        user.require(Right.AUDIT)
        return self._journal.head()

    def actors(self, user: User) -> list[str]:
        """Return everybody who stands in the journal."""
        user.require(Right.AUDIT)
        return self._trail.actors()

    def found(self, user: User, search: Search, last: int) -> Iterator[Entry]:
        """Yield every match up to number ``last``, oldest first."""
        user.require(Right.AUDIT)
        return self._trail.found(search, last)

    def entry(self, user: User, seq: int) -> Finding:
        """Return one entry with what belongs to it; refuses an unknown one (``entry_unknown``)."""
        user.require(Right.AUDIT)
        entry = self._journal.entry(seq)
        if entry is None:
            raise refusal("entry_unknown")
        shown = entry
        if not entry.readable:
            return Finding(entry)
        if entry.kind in (DecisionMade.__name__, RecommendationRecomputed.__name__):
            shown = self._journal.entry(entry.facts["recommendation"]) or entry
        if shown.kind != RecommendationShown.__name__ or not _whole(shown):
            return Finding(entry)
        choices = (each for each in self._about(shown, DecisionMade.__name__) if set(each.facts) >= PARTS)
        made = next((each for each in choices if _names(each, shown)), None)
        return Finding(
            entry,
            shown,
            inputs_of(shown, self._journal),
            made,
            tuple(self._about(shown, ReplyReceived.__name__)),
            tuple(e for e in self._about(shown, RecommendationRecomputed.__name__) if _names(e, shown)),
            self._batches(made) if made is not None else (),
        )

    def recompute(self, user: User, seq: int) -> Recomputed:
        """Compute a recommendation again and journal what came of it."""
        user.require(Right.AUDIT)
        shown = self._journal.entry(seq)
        if shown is None or shown.kind != RecommendationShown.__name__:
            raise refusal("entry_unknown")
        found = recompute(self._office, self._journal, shown)
        self._journal.append(user.name, found.event(shown))
        return found

    def _batches(self, made: Entry) -> tuple[Entry, ...]:
        """Return the batches that a choice went out with, oldest first."""
        own = self._journal.entries((BatchMade.__name__,), made.debtor_id)
        shared = (self._journal.entry(seq) for seq in self._trail.shared_batches(made.debtor_id))
        found = sorted((e for e in (*own, *shared) if e and e.readable), key=lambda entry: entry.seq)
        return tuple(each for each in found if any(_of(item, made) for item in each.facts.get("items", ())))

    def _about(self, shown: Entry, kind: str) -> list[Entry]:
        about = self._journal.entries(kinds=(kind,), debtor_id=shown.debtor_id, since=shown.seq)
        return [entry for entry in about if entry.readable]


def _names(entry: Entry, shown: Entry) -> bool:
    return bool(entry.facts.get("recommendation") == shown.seq)


def _of(item: Any, made: Entry) -> bool:  # noqa: ANN401 - whatever stands in the entry
    return isinstance(item, dict) and item.get("decision") == made.seq


def _whole(shown: Entry) -> bool:
    """Return whether a ranking has what its page lays out: one that was changed may not."""
    advice = shown.facts.get("advice") if shown.readable else None
    return isinstance(advice, dict) and {"targets", "gates", "day", "arrears"} <= set(advice)
