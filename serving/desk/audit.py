"""What an auditor asks the journal: who looked at what, and is it as it was written."""

from __future__ import annotations

from dataclasses import dataclass

from serving.records.journal import Entry, Journal

VIEWS = (
    "CaseViewed",
    "CaseRefused",
    "CaseOpened",
    "CaseDeclined",
    "BlindChoiceMade",
    "RecommendationShown",
    "ReasonsOpened",
    "DecisionMade",
    "ReplyReceived",
    "SlotsSet",
    "TrialSet",
)


@dataclass(frozen=True)
class Audit:
    """The latest entries about cases, and the state of the chain. ``broken_at`` None: the chain is whole."""

    entries: tuple[Entry, ...]
    broken_at: int | None
    last: int
    head: str


def audit(journal: Journal, latest: int = 200, debtor_id: str = "") -> Audit:
    """Return the ``latest`` entries about cases (newest first), of one case where ``debtor_id`` is given."""
    entries = journal.entries(kinds=VIEWS, debtor_id=debtor_id, latest=latest)
    last, head = journal.head()
    return Audit(tuple(reversed(entries)), journal.verify(), last, head)
