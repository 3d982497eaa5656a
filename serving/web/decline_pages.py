"""Declining a case, and taking that back, on the page of the case."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from serving.problems import Problem
from serving.web.case_pages import show_case
from serving.web.page import Asking, AtDesk, Sent
from serving.web.page_route import PageRoute
from serving.web.routing import status_of

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.post("/cases/{debtor_id}/decline")
def decline(request: Request, debtor_id: str, form: Sent, user: Asking, desk: AtDesk) -> Response:
    """Keep that the officer cannot take the case, or can after all; show what is wrong otherwise."""
    desk.scope.require(user, debtor_id)  # before the office is asked: whoever may not see it learns nothing
    try:
        if form.get("withdrawn"):
            desk.declining.withdraw(user, debtor_id, str(form.get("staff_id") or ""))
        else:
            desk.declining.decline(user, debtor_id, str(form.get("reason") or ""))
    except Problem as problem:
        if status_of(problem) not in {409, 422}:
            raise
        return show_case(request, debtor_id, user, desk, problem=problem, form=form)
    return RedirectResponse(f"/cases/{debtor_id}#declining", 303)
