"""The page of drift: what was watched last, and what is beyond its bound."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from serving.drift_wording import name_of, told
from serving.office.drift_file import last_drift
from serving.records.identity import Right
from serving.web.page import Asking, render
from serving.web.page_route import PageRoute
from serving.wording import wording
from training.drift_watch import ordered

router = APIRouter(include_in_schema=False, route_class=PageRoute)

SHOWN = 60
"""Signs on the page: all that are flagged, and the nearest to their bounds."""


@router.get("/drift")
def drift_page(request: Request, user: Asking) -> Response:
    """Show the last report; somebody without models to look after is refused."""
    user.require(Right.MODELS)
    report = last_drift(request.app.state.settings.home)
    signs = ordered(report.signs) if report else []
    flagged = sum(sign.flagged for sign in signs)
    return render(
        request,
        "drift.html",
        user,
        report=report,
        signs=signs[: max(SHOWN, flagged)],
        flagged=flagged,
        name_of=lambda sign, language: name_of(sign, wording(language)),
        told=lambda sign, language: told(sign, wording(language)),
    )
