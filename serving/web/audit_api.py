"""The auditor's routes for programs: the journal in pages, and one entry."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from serving.records.entry import Entry
from serving.web.api import LARGEST_PAGE, Asking
from serving.web.audit_search import AtAudit, Searched
from serving.web.form_number import LARGEST
from serving.web.routing import error_docs

router = APIRouter()


class EntryTold(BaseModel):
    """One entry. ``digest`` covers every other field as it is stored (``body``: the facts as text)."""

    seq: int
    at: str = Field(description="ISO 8601 in UTC, as it stands")
    kind: str
    actor: str
    debtor_id: str
    facts: dict[str, Any] = Field(description="empty where the body cannot be read")
    body: str
    previous: str
    digest: str
    intact: bool = Field(description="whether the entry is as it was written, by its own digest")


class EntriesTold(BaseModel):
    """Entries that match, newest first. The next page is asked for with ``before`` = ``next_before``."""

    entries: list[EntryTold]
    total: int
    next_before: int | None = Field(description="null: there are no older ones")
    last: int = Field(description="number of the journal's last entry")
    head: str = Field(description="its digest")
    checked_up_to: int = Field(description="number up to which the chain was found whole")
    broken_at: int | None = Field(description="the first entry that is not as it was written; null: none")


class FindingTold(BaseModel):
    """One entry, the choice made from it and the replies entered later, where it is a recommendation."""

    entry: EntryTold
    decision: EntryTold | None
    replies: list[EntryTold]


@router.get(
    "/api/v1/audit", summary="Search the journal", responses=error_docs(401, 403, 422), tags=["audit"]
)
def entries(
    *,
    user: Asking,
    auditing: AtAudit,
    search: Searched,
    size: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 50,
    before: Annotated[int, Query(ge=0, description="only entries with a lower number")] = 0,
) -> EntriesTold:
    """List what was journalled. ``only``: overrides, holds (shown, never decided), skips (stopped by law)."""
    found = auditing.search(user, search, size, before)
    sealed, (last, head) = auditing.sealed(user), auditing.head(user)
    return EntriesTold(
        entries=[_told(entry) for entry in found.entries],
        total=found.total,
        next_before=found.entries[-1].seq if found.older else None,
        last=last,
        head=head,
        checked_up_to=sealed.seq,
        broken_at=sealed.broken_at,
    )


@router.get(
    "/api/v1/audit/{seq}",
    summary="One entry of the journal",
    responses=error_docs(401, 403, 404, 422),
    tags=["audit"],
)
def entry(seq: Annotated[int, Path(ge=0, le=LARGEST)], user: Asking, auditing: AtAudit) -> FindingTold:
    """Read one entry with what belongs to it."""
    finding = auditing.entry(user, seq)
    return FindingTold(
        entry=_told(finding.entry),
        decision=_told(finding.decision) if finding.decision else None,
        replies=[_told(each) for each in finding.replies],
    )


def _told(entry: Entry) -> EntryTold:
    facts = entry.facts if entry.readable else {}
    return EntryTold(**asdict(entry), facts=facts, intact=entry.intact)
