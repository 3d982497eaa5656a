"""The page of what would be if something else were known about a case. Nothing of it is kept."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from serving.desk.choice import resolve
from serving.desk.desk import Desk
from serving.desk.supposing import FACTS, Supposed
from serving.problems import Problem
from serving.web.case_pages import show_case
from serving.web.page import Asking, AtDesk, Sent, language_of, render
from serving.web.page_route import PageRoute
from serving.web.routing import status_of
from serving.web.told_codes import target_name
from serving.wording import refusal

LONGEST_NOTE = 1000

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.post("/cases/{debtor_id}/what-if")
def what_if(request: Request, debtor_id: str, form: Sent, user: Asking, desk: AtDesk) -> Response:
    """Show the ranking before and after what is supposed; a form, because a note belongs in no address."""
    desk.scope.require(user, debtor_id)  # before the office is asked: whoever may not see it learns nothing
    try:
        supposed = _supposed(form, desk, debtor_id)
        found = desk.what_if(user, debtor_id, supposed)
    except Problem as problem:
        if status_of(problem) != 422:
            raise
        return show_case(request, debtor_id, user, desk, problem=problem, form=form)
    words = language_of(request)
    facts: dict[str, Any] = {
        "found": found,
        "supposed": supposed,
        "read": [target_name(each, desk.office.directory(), words) for each in found.read],
        "entered": {key: str(value) for key, value in form.items()},
        "facts": list(FACTS),
    }
    return render(request, "what_if.html", user, **facts)


def _supposed(form: FormData, desk: Desk, debtor_id: str) -> Supposed:
    fact, named = str(form.get("fact", "")), str(form.get("named", "")).strip()[:64]
    kind = FACTS.get(fact, ("", ""))[1]
    if kind and named:
        try:
            named = resolve(desk.office.advise(debtor_id), kind, named, desk.office.directory())
        except KeyError:
            raise refusal("case_unknown") from None
    return Supposed(fact, named if kind else "", str(form.get("note", ""))[:LONGEST_NOTE])
