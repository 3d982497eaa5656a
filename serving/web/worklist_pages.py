"""The worklist as a page."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from serving.desk.worklist import Filters
from serving.web.page import Asking, AtDesk, render
from serving.web.target_lists import kinds_of

router = APIRouter(include_in_schema=False)


@router.get("/cases")
def worklist_page(
    *,
    request: Request,
    user: Asking,
    desk: AtDesk,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    show: Annotated[str, Query(max_length=16)] = "all",
    kind: Annotated[str, Query(max_length=64)] = "",
    find: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Show the ranked worklist."""
    filters = Filters(show, kind, find.strip())
    size = request.app.state.settings.page_size
    found = desk.worklist(user, filters, page, size)
    kept = {"show": show, "kind": kind, "find": find}

    def link(number: int) -> str:
        return "/cases?" + urlencode({k: v for k, v in kept.items() if v} | {"page": number})

    facts: dict[str, Any] = {
        "found": found,
        "filters": filters,
        "progress": desk.progress,
        "link": link,
        "kinds": kinds_of(desk),
    }
    return render(request, "worklist.html", user, **facts)
