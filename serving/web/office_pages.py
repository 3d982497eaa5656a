"""The pages about the office as a whole: the minutes."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from serving.web.page import Asking, AtDesk, render

router = APIRouter(include_in_schema=False)


@router.get("/time-saved")
def time_saved_page(request: Request, user: Asking, desk: AtDesk) -> Response:
    """Show the measured minutes."""
    return render(request, "time_saved.html", user, report=desk.time_saved(user))
