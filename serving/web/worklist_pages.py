"""The worklist as a page, and the views that a user named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, cast
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from serving.desk.desk import Desk
from serving.desk.listed_case import ListedCase
from serving.desk.worklist_filters import MARKS, SHOWS, SILENT_DAYS, SOON_DAYS, SORTS
from serving.problems import Problem
from serving.records.identity import Right, User
from serving.records.saved_views import LONGEST_NAME, LONGEST_QUERY, SavedViews
from serving.web.form_number import LARGEST
from serving.web.laid_out import MOST_KEPT, lay_out
from serving.web.page import Asking, AtDesk, Sent, language_of, render
from serving.web.page_route import PageRoute
from serving.web.routing import status_of
from serving.web.target_lists import kinds_of
from serving.web.worklist_query import ALL, MINE, ListQuery, read_query
from serving.web.worklist_rows import RowView, row_view
from serving.wording import wording

router = APIRouter(include_in_schema=False, route_class=PageRoute)

NEIGHBOURS = 2
"""Pages on either side of the present one that are a link away."""


async def saved_views_of(request: Request) -> SavedViews:
    """Return the saved views that the composition root built."""
    return cast("SavedViews", request.app.state.saved_views)


Views = Annotated[SavedViews, Depends(saved_views_of)]


@router.get("/cases")
def worklist_page(request: Request, user: Asking, desk: AtDesk, views: Views) -> Response:
    """Show the worklist; what cannot be read of the address is passed over and said."""
    return _show(request, request.query_params, user, desk, views)


@router.post("/worklist/views")
def save_view(request: Request, form: Sent, user: Asking, desk: AtDesk, views: Views) -> Response:
    """Keep the present filters under a name."""
    given = dict(parse_qsl(str(form.get("query", ""))[:LONGEST_QUERY]))
    query = _read(given, user, desk)
    try:
        views.save(user, str(form.get("name", "")), query.address(page=1))
    except Problem as problem:
        return _show(request, given, user, desk, views, problem=problem)
    return RedirectResponse(f"/cases?{query.address(page=1)}", 303)


@router.post("/worklist/views/{number}/delete")
def forget_view(
    number: Annotated[int, Path(ge=0, le=LARGEST)], form: Sent, user: Asking, desk: AtDesk, views: Views
) -> Response:
    """Delete a view; the list stays as it was."""
    given = dict(parse_qsl(str(form.get("query", ""))[:LONGEST_QUERY]))
    views.forget(user, number)
    return RedirectResponse(f"/cases?{_read(given, user, desk).address()}", 303)


def _show(
    request: Request,
    given: Mapping[str, str],
    user: User,
    desk: Desk,
    views: SavedViews,
    *,
    problem: Problem | None = None,
) -> Response:
    query = _read(given, user, desk)
    filters, size = query.filters(user.staff_id), request.app.state.settings.page_size
    found = desk.lists.page(user, filters, query.page, size, query.sort, nearest=True)
    desk.expect([line.debtor_id for line in found.lines])
    words, day, today, all_late = (
        language_of(request),
        desk.office.day,
        desk.lists.today,
        query.mark == "late",
    )
    facts: dict[str, Any] = {
        "found": found,
        "rows": [_row(line, words.language, day, today, all_late) for line in found.lines],
        "query": query,
        "beyond": found.page < query.page,
        "counts": desk.lists.counts(user, filters.staff_id),
        "tie": desk.lists.tie(user),
        "shielded": not desk.scope.reach(user).protected,
        "own_only": not desk.scope.reach(user).every,
        "staff": _staff(user, desk),
        "views": views.of(user),
        "progress": desk.progress,
        "kinds": kinds_of(desk),
        "jumps": _jumps(found.page, found.pages),
        "shows": SHOWS,
        "marks": MARKS,
        "sorts": SORTS,
        "mine": MINE,
        "everybody": ALL,
        "soon_days": SOON_DAYS,
        "silent_days": SILENT_DAYS,
        "longest_name": LONGEST_NAME,
        "problem": problem,
    }
    return render(request, "worklist.html", user, status_of(problem) if problem else 200, **facts)


@lru_cache(maxsize=MOST_KEPT)
def _row(
    line: ListedCase, language: str, records: date, today: date, all_late: bool
) -> tuple[RowView, Markup]:
    """Return a line in words and laid out: once, for as long as the case stands as it does."""
    row = row_view(line, wording(language), records, today, all_late)
    return row, lay_out("worklist_row.html", "cells", language, row)


def _read(given: Mapping[str, str], user: User, desk: Desk) -> ListQuery:
    tied = user.staff_id if desk.lists.tie(user) == "tied" else ""
    return read_query(given, kinds=kinds_of(desk), staff=_staff(user, desk), staff_id=tied)


def _staff(user: User, desk: Desk) -> list[str]:
    """Return the officers whose cases somebody may ask for by name: those who see the assignments may."""
    if not user.may(Right.ASSIGNMENTS):
        return []
    return [officer.staff_id for officer in desk.office.oversight.officers]


def _jumps(page: int, pages: int) -> list[int]:
    """Return the pages that are a link away, ascending: the first, the neighbours, the last.

    >>> _jumps(10, 40)
    [1, 8, 9, 10, 11, 12, 40]
    """
    near = range(max(1, page - NEIGHBOURS), min(pages, page + NEIGHBOURS) + 1)
    return sorted({1, *near, pages})
