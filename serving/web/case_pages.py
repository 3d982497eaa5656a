"""The page of one case: the record, the recommendation, the choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from serving.desk.case_file import Shown
from serving.desk.desk import Desk
from serving.desk.doubts import doubts_of
from serving.desk.supposing import FACTS
from serving.problems import Problem
from serving.records.entry import Entry
from serving.records.identity import Right, User
from serving.web.blind_view import blind_page, trial_view
from serving.web.case_view import case_view, exemptions_of, proposed_grounds
from serving.web.choice_form import choice_of
from serving.web.laid_out import laid_out
from serving.web.page import Asking, AtDesk, Sent, language_of, render
from serving.web.reason_lines import ReasonLines
from serving.web.routing import status_of, steadily
from serving.web.target_lists import kinds_of, offered_by
from serving.web.timeline import last_answers, timeline_of

router = APIRouter(include_in_schema=False)


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
    file = trial.folding(file)
    file = replace(file, advice=desk.scope.anonymised(user, file.advice))
    view, words = case_view(file.advice, file.profile.newest), language_of(request)
    offered = offered_by(desk)
    facts: dict[str, Any] = {
        "file": file,
        "trial": trial,
        "shown": shown,
        "made": made,
        "confirmed": confirmed,
        "problem": problem,
        "declining": desk.declining.view(user, debtor_id),
        "entered": {key: str(value) for key, value in form.items()} if form else trial.entered,
        "ticked": set(map(str, form.getlist("accept"))) if form else trial.ticked,
        "kinds": kinds_of(desk),
        "offered": offered,
        "offered_lists": laid_out("case_offered.html", "lists", words.language, tuple(offered.items())),
        "names": desk.office.directory(),
        "view": view,
        "lines": ReasonLines(words, view, desk.office.day),
        "proposed": proposed_grounds(file.advice),
        "waiting_keys": {f"{each.target_kind}|{each.target_code}" for each in file.waiting},
        "today": desk.today,
        "facts": list(FACTS),
        "timeline": timeline_of(file, desk.office.directory()),
        "answers": last_answers(file),
        "dropped": _dropped(made),
        "exemptions": exemptions_of(file.profile),
        "doubts": doubts_of(file.replies, file.profile, desk.office.day),
        "before": desk.ranks_before(user, debtor_id) if file.advice.round > 1 else {},
        "linked": {
            past.debtor_id
            for target in file.advice.targets
            for past in target.precedents
            if desk.office.is_open(past.debtor_id)
        },
    }
    return render(request, "case.html", user, status_of(problem) if problem else 200, **facts)


def _dropped(made: Sequence[Entry]) -> set[str]:
    """Return "kind|code" of what the last choice left out with a reason."""
    dropped = made[-1].facts["dropped"] if made else ()
    return {f"{each['target_kind']}|{each['target_code']}" for each in dropped}
