"""The shadow: a model that scores what was shown beside the champion, afterwards and unseen."""

from __future__ import annotations

from serving.desk.replies import ReplyKept, standing, told_of
from serving.office.office import Office
from serving.records.entry import Entry
from serving.records.events import RecommendationShown, ReplyReceived
from serving.records.journal import Journal
from serving.records.model_events import ShadowScored, ShadowSet

ACTOR = "shadow"
PLACES = 30
"""Targets kept of the shadow's order: more than a page shows, so that what was asked is among them."""

AT_ONCE = 20
"""Recommendations scored before other work gets its turn."""


class Shadow:
    """One model beside the champion. It reads the journal and adds to it; nothing that serves asks it."""

    def __init__(self, journal: Journal, office: Office) -> None:
        self._journal = journal
        self._office = office
        self._next = self._first()

    @property
    def version(self) -> str:
        """The model that scores."""
        return self._office.versions.model

    def score_new(self) -> int:
        """Score the recommendations shown since the last time, a few at once; return how many."""
        kinds = (RecommendationShown.__name__,)
        shown = self._journal.entries(kinds=kinds, since=self._next)[:AT_ONCE]
        scored = 0
        for entry in shown:
            self._next = entry.seq + 1
            scored += self._score(entry)
        return scored

    def _score(self, shown: Entry) -> int:
        facts, versions = shown.facts, self._office.versions
        if not facts.get("offered", True):  # shown to be read alone: nobody chooses from it
            return 0
        if facts["data_version"] != versions.data or facts["model_version"] == versions.model:
            return 0
        try:
            replies = self._replies(shown)
            advice = self._office.advise(shown.debtor_id, told_of(shown.debtor_id, replies))
        except KeyError:  # the case is not open any more
            return 0
        order = tuple(
            {
                "target_kind": target.target_kind,
                "target_code": target.target_code,
                "probability": round(target.probability, 4),
            }
            for target in advice.targets
        )
        event = ShadowScored(shown.debtor_id, shown.seq, versions.model, versions.data, order)
        self._journal.append(ACTOR, event)
        return 1

    def _replies(self, shown: Entry) -> list[ReplyKept]:
        entries = self._journal.entries(kinds=(ReplyReceived.__name__,), debtor_id=shown.debtor_id)
        return standing(entry for entry in entries if entry.seq < shown.seq)

    def _first(self) -> int:
        """Return the seq to begin at: after what this model has scored, or since it was set as shadow."""
        set_as = self._journal.entries(kinds=(ShadowSet.__name__,), latest=1)
        began = set_as[0].seq if set_as else 1
        scored = self._journal.entries(kinds=(ShadowScored.__name__,), since=began, latest=1)
        if scored and scored[0].facts["model_version"] == self.version:
            return int(scored[0].facts["recommendation"]) + 1
        return began
