"""The page about the log."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from serving.web.page import Asking, AtDesk, render

router = APIRouter(include_in_schema=False)


@router.get("/audit")
def audit_page(
    request: Request, user: Asking, desk: AtDesk, find: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """Show the log of views and whether the journal is whole."""
    return render(request, "audit.html", user, audit=desk.audit(user, find.strip()), find=find)
