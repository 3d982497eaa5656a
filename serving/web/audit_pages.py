"""The auditor's pages: the search, one entry, the export. They only read; what they ask for is journalled."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from serving.records.kinds import event_kinds
from serving.records.trail import ONLY
from serving.web.audit_file import csv_lines, in_pieces, json_lines
from serving.web.audit_pieces import Dealt, EntryTold, line_of, ranking_of, sentence_of
from serving.web.audit_search import AtAudit, Searched, link_of
from serving.web.form_number import LARGEST
from serving.web.page import Asking, AtDesk, language_of, render
from serving.web.page_route import PageRoute
from serving.web.routing import steadily
from serving.web.target_lists import kinds_of
from serving.web.telling import told_facts
from serving.web.told_codes import place_name

router = APIRouter(include_in_schema=False, route_class=PageRoute)
Number = Annotated[int, Query(ge=0, le=LARGEST)]
Place = Annotated[int, Path(ge=0, le=LARGEST)]
ATTACHED = 'attachment; filename="journal-{seq}.{ending}"'


@router.get("/audit")
def audit_page(
    *,
    request: Request,
    user: Asking,
    desk: AtDesk,
    auditing: AtAudit,
    search: Searched,
    before: Number = 0,
    after: Number = 0,
    verify: Annotated[bool, Query()] = False,
) -> Response:
    """Show what was journalled, newest first; with ``verify``, after a check of the whole chain."""
    w, names, records = language_of(request), desk.office.directory(), desk.office.versions.data
    found = auditing.search(user, search, request.app.state.settings.page_size, before, after)
    sealed, head = auditing.sealed(user, full=verify), auditing.head(user)
    first, last = (found.entries[0].seq, found.entries[-1].seq) if found.entries else (0, 0)
    return render(
        request,
        "audit.html",
        user,
        found=found,
        rows=[line_of(EntryTold(entry, w.language, records, names)) for entry in found.entries],
        search=search,
        sealed=sealed,
        head=head,
        actors=auditing.actors(user),
        event_kinds=sorted(event_kinds(), key=lambda kind: w.term("event", kind)),
        target_kinds=kinds_of(desk),
        choices=ONLY,
        newest=link_of("/audit", search),
        newer=link_of("/audit", search, after=first),
        older=link_of("/audit", search, before=last),
        files={ending: link_of(f"/audit/export.{ending}", search) for ending in ("csv", "jsonl")},
    )


@router.get("/audit/export.csv")
def csv_file(request: Request, user: Asking, desk: AtDesk, auditing: AtAudit, search: Searched) -> Response:
    """Write what matches as CSV."""
    head = auditing.head(user)
    w, names = language_of(request), desk.office.directory()
    lines = csv_lines(auditing.found(user, search, head[0]), head, w, names)
    disposition = {"Content-Disposition": ATTACHED.format(seq=head[0], ending="csv")}
    return StreamingResponse(in_pieces(lines), media_type="text/csv; charset=utf-8", headers=disposition)


@router.get("/audit/export.jsonl")
def json_file(user: Asking, auditing: AtAudit, search: Searched) -> Response:
    """Write what matches as JSON lines."""
    head = auditing.head(user)
    lines = json_lines(auditing.found(user, search, head[0]), head, search)
    disposition = {"Content-Disposition": ATTACHED.format(seq=head[0], ending="jsonl")}
    return StreamingResponse(in_pieces(lines), media_type="application/x-ndjson", headers=disposition)


@router.get("/audit/{seq}")
def entry_page(
    *,
    request: Request,
    seq: Place,
    user: Asking,
    desk: AtDesk,
    auditing: AtAudit,
    recompute: Annotated[bool, Query()] = False,
) -> Response:
    """Show one entry with what belongs to it; with ``recompute``, how the recommendation comes out now."""
    w, names, records = language_of(request), desk.office.directory(), desk.office.versions.data
    with steadily(request):
        computed = auditing.recompute(user, seq) if recompute else None
        finding = auditing.entry(user, seq)
    dealt = _dealt(finding.decision.facts) if finding.decision else ()
    belongs = [*finding.batches, *finding.replies, *finding.again]
    belongs += [finding.decision] if finding.decision else []
    belongs.sort(key=lambda entry: entry.seq)
    return render(
        request,
        "audit_entry.html",
        user,
        finding=finding,
        sentence=sentence_of(EntryTold(finding.entry, w.language, records, names)),
        facts=told_facts(finding.entry, w, names),
        later=[(each, sentence_of(EntryTold(each, w.language, records, names))) for each in belongs],
        ranking=ranking_of(finding.shown, dealt, w.language) if finding.shown else "",
        computed=computed,
        names=names,
        place_name=lambda place: place_name(place, w),
    )


def _dealt(facts: dict[str, list[dict[str, str]]]) -> Dealt:
    return tuple(
        ((each["target_kind"], each["target_code"]), (part, each.get("reason", "")))
        for part in ("accepted", "dropped", "left", "added")
        for each in facts[part]
    )
