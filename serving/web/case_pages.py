"""The page of one case: the record, the recommendation, the choice."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from serving.desk.case_file import Shown
from serving.desk.desk import Desk
from serving.problems import Problem
from serving.records.identity import Right, User
from serving.web.blind_view import blind_page, trial_view
from serving.web.case_facts import CaseFacts
from serving.web.choice_form import choice_of
from serving.web.page import Asking, AtDesk, Sent, language_of, render
from serving.web.page_route import PageRoute
from serving.web.routing import status_of, steadily

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/cases/{debtor_id}")
def case_page(
    request: Request, debtor_id: str, user: Asking, desk: AtDesk, decided: Annotated[int, Query()] = 0
) -> Response:
    """Show one case; for somebody who may decide, the recommendation and the form."""
    with steadily(request):
        return show_case(request, debtor_id, user, desk, decided=decided)


@router.post("/cases/{debtor_id}/decisions")
def decide(request: Request, debtor_id: str, form: Sent, user: Asking, desk: AtDesk) -> Response:
    """Keep the choice and confirm it; show what is missing otherwise, with everything as it was typed."""
    desk.scope.require(user, debtor_id)  # before the office is asked: whoever may not see it learns nothing
    try:
        choice = choice_of(form, desk, debtor_id)
        entry = desk.decide(user, debtor_id, choice)
    except Problem as problem:
        if status_of(problem) not in {409, 422}:
            raise
        return show_case(request, debtor_id, user, desk, problem=problem, form=form)
    return RedirectResponse(f"/cases/{debtor_id}?decided={entry.seq}", 303)


def show_case(
    request: Request,
    debtor_id: str,
    user: User,
    desk: Desk,
    *,
    decided: int = 0,
    problem: Problem | None = None,
    form: FormData | None = None,
) -> Response:
    """Return the page of one case; with a problem, everything as it was typed."""
    blind = blind_page(request, debtor_id, user, desk)
    if blind is not None:
        return blind
    file = desk.case(user, debtor_id, "page")
    made = desk.decisions(user, debtor_id)
    confirmed = next((entry for entry in made if entry.seq == decided and entry.actor == user.name), None)
    shown: Shown | None = None
    if user.may(Right.DECIDE) and not file.closed and confirmed is None:
        shown = desk.recommend(user, debtor_id)
    else:
        desk.read_ranking(user, debtor_id, file)
    trial = trial_view(desk, user, debtor_id, shown, form)
    language = language_of(request).language
    facts = CaseFacts(desk, user, language, trial.folding(file), made, shown, trial, form)
    status = status_of(problem) if problem else 200
    return render(request, "case.html", user, status, **facts.all(), confirmed=confirmed, problem=problem)
