"""The forms of the trial: a blind choice, reasons asked for, and the shares that a supervisor sets."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from serving.desk.trial_setting import BLIND_SHARES, HIDDEN_SHARES
from serving.problems import Problem
from serving.web.blind_view import blind_choice_of, blind_page
from serving.web.case_pages import show_case
from serving.web.form_number import whole
from serving.web.page import Asking, AtDesk, Sent, render
from serving.web.page_route import PageRoute
from serving.web.routing import status_of
from serving.wording import refusal

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.post("/cases/{debtor_id}/blind")
def choose_blind(request: Request, debtor_id: str, form: Sent, user: Asking, desk: AtDesk) -> Response:
    """Keep a choice made before the ranking was seen, and show the ranking; what is missing otherwise."""
    try:
        desk.trial.choose_blind(user, debtor_id, blind_choice_of(form, desk))
    except Problem as problem:
        if status_of(problem) not in {409, 422}:
            raise
        page = blind_page(request, debtor_id, user, desk, problem=problem, form=form)
        if page is None:
            raise
        return page
    return RedirectResponse(f"/cases/{debtor_id}", 303)


@router.post("/cases/{debtor_id}/reasons")
def open_reasons(request: Request, debtor_id: str, form: Sent, user: Asking, desk: AtDesk) -> Response:
    """Show the reasons that were folded away, with everything as it was typed."""
    desk.trial.open_reasons(user, debtor_id, whole(form.get("recommendation")) or 0)
    return show_case(request, debtor_id, user, desk, form=form)


@router.get("/trial")
def trial_page(request: Request, user: Asking, desk: AtDesk) -> Response:
    """Show the shares in force, and the form to set them."""
    return render(request, "trial.html", user, setting=desk.trial.setting(user), **_OFFERED)


@router.post("/trial")
def set_trial(request: Request, form: Sent, user: Asking, desk: AtDesk) -> Response:
    """Set the shares; show what is missing otherwise."""
    try:
        blind, hidden = (_share(str(form.get(name, ""))) for name in ("blind", "hidden"))
        desk.trial.set(user, blind, hidden, str(form.get("ground", ""))[:500])
    except Problem as problem:
        if status_of(problem) != 422:
            raise
        setting = desk.trial.setting(user)
        return render(request, "trial.html", user, 422, setting=setting, problem=problem, **_OFFERED)
    return RedirectResponse("/trial", 303)


_OFFERED: dict[str, Any] = {"blind_shares": BLIND_SHARES, "hidden_shares": HIDDEN_SHARES}


def _share(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise refusal("trial_wrong") from None
