"""The supervisor's pages: the board of proposals, late reminders, and the casebook for everybody."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from serving.desk.supervision import Supervision
from serving.problems import Problem
from serving.records.identity import Right, User
from serving.web.form_number import LARGEST, whole
from serving.web.page import Asking, AtDesk, Sent, render
from serving.web.page_route import PageRoute
from serving.web.routing import status_of

router = APIRouter(include_in_schema=False, route_class=PageRoute)

PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]


@router.get("/assignments")
def board_page(
    *,
    request: Request,
    user: Asking,
    desk: AtDesk,
    page: PageNumber = 1,
    staff: Annotated[str, Query(max_length=64)] = "",
    done: Annotated[str, Query(max_length=16)] = "",
    changed: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
) -> Response:
    """Show the load before and after, and the proposals with a form to change each."""
    below = bool(changed) and desk.supervision.below(user, changed)
    return _board(request, user, desk.supervision, page=page, staff=staff, done=done, below=below)


@router.post("/assignments/{debtor_id}")
def change(request: Request, debtor_id: str, form: Sent, user: Asking, desk: AtDesk) -> Response:
    """Give one case to somebody else, with a reason."""
    page = max(1, whole(form.get("page")) or 1)
    staff = str(form.get("staff") or "")[:64]
    try:
        entry = desk.supervision.change(
            user, debtor_id, str(form.get("staff_id") or ""), str(form.get("reason") or "")
        )
    except Problem as problem:
        if status_of(problem) not in {404, 422}:
            raise
        return _board(request, user, desk.supervision, page=page, staff=staff, problem=problem)
    kept = {"page": page, "staff": staff, "done": "changed", "changed": entry.seq}
    query = urlencode({k: v for k, v in kept.items() if v})
    return RedirectResponse(f"/assignments?{query}", 303)


@router.get("/assignments/accept")
def confirm_page(request: Request, user: Asking, desk: AtDesk) -> Response:
    """Say what accepting all would do, before it is done."""
    return _confirm(request, user, desk.supervision)


@router.post("/assignments")
def accept(request: Request, form: Sent, user: Asking, desk: AtDesk) -> Response:
    """Accept all proposals as they stood on the page that asked; what was not confirmed is asked first."""
    user.require(Right.ASSIGN)
    seen = whole(form.get("seen"))
    if seen is None:
        return RedirectResponse("/assignments/accept", 303)
    try:
        accepted = desk.supervision.accept(user, seen)
    except Problem as problem:
        if status_of(problem) != 409:
            raise
        return _confirm(request, user, desk.supervision, problem)
    return RedirectResponse(f"/assignments?done={'accepted' if accepted.anew else 'stood'}", 303)


@router.get("/reminders")
def reminders_page(request: Request, user: Asking, desk: AtDesk, page: PageNumber = 1) -> Response:
    """Show whose 督促 was not sent within 20 days."""
    late = desk.supervision.late_reminders(user)
    size = request.app.state.settings.page_size
    shown = late[(page - 1) * size : page * size]
    return render(
        request,
        "reminders.html",
        user,
        late=shown,
        officers=desk.supervision.officers_of(user, (each.debtor_id for each in shown)),
        total=len(late),
        **_pager("/reminders", page, len(late), size),
    )


@router.get("/casebook")
def casebook_page(request: Request, user: Asking, desk: AtDesk, page: PageNumber = 1) -> Response:
    """Show hard cases with how they were solved."""
    solved = desk.supervision.casebook(user)
    size = request.app.state.settings.page_size
    shown = solved[(page - 1) * size : page * size]
    return render(
        request,
        "casebook.html",
        user,
        solved=shown,
        named=desk.scope.named(user, (each.debtor_id for each in shown)),
        open_cases={each.debtor_id for each in shown if desk.office.is_open(each.debtor_id)},
        total=len(solved),
        **_pager("/casebook", page, len(solved), size),
    )


def _confirm(
    request: Request, user: User, supervision: Supervision, problem: Problem | None = None
) -> Response:
    board = supervision.board(user)
    return render(
        request,
        "assignments_accept.html",
        user,
        status_of(problem) if problem else 200,
        board=board,
        takers=board.takers,
        problem=problem,
        may_change=user.may(Right.ASSIGN),
    )


def _board(
    request: Request,
    user: User,
    supervision: Supervision,
    *,
    page: int,
    staff: str,
    done: str = "",
    below: bool = False,
    problem: Problem | None = None,
) -> Response:
    board = supervision.board(user)
    size, places = request.app.state.settings.page_size, np.arange(len(board.rows))
    if staff:
        places = places[board.rows["staff_id"].eq(staff).to_numpy(dtype=bool)]
    return render(
        request,
        "assignments.html",
        user,
        status_of(problem) if problem else 200,
        board=board,
        rows=_plain(board.rows.take(places[(page - 1) * size : page * size])),
        total=len(places),
        staff=staff,
        done=done,
        below=below,
        problem=problem,
        may_change=user.may(Right.ASSIGN),
        may_rate=user.may(Right.PROFICIENCY),
        **_pager("/assignments", page, len(places), size, staff=staff),
    )


def _plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {str(name): column.tolist() for name, column in rows.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _pager(path: str, page: int, total: int, size: int, **kept: str) -> dict[str, Any]:
    def link(number: int) -> str:
        return f"{path}?" + urlencode({k: v for k, v in kept.items() if v} | {"page": number})

    return {"page": page, "pages": max(1, -(-total // size)), "link": link}
