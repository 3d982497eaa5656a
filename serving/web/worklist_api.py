"""The worklist for programs."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from serving.desk.listed_case import ListedCase
from serving.desk.worklist_filters import Filters
from serving.web.api import Asking, AtDesk, PageNumber, PageSize
from serving.web.routing import error_docs

router = APIRouter()

Shown = Literal["all", "ranked", "open", "replied", "waiting", "settled", "routed", "restricted"]
Marked = Literal[
    "prescription",
    "lapsed",
    "unsent",
    "late",
    "due",
    "broken",
    "replied",
    "silent",
    "hardship",
    "paid_up",
    "restricted",
    "routed",
]
Sorted = Literal["worth", "prescription", "arrears", "hardship"]


class CaseLines(BaseModel):
    """One page of the worklist with the state of each case. ``ready``: false while it is being prepared.

    While cases are drawn to be chosen before their ranking is seen, a case that the reader may choose and has
    not opened names no target (``withheld``), whether it is drawn or not.
    """

    cases: list[ListedCase]
    page: int
    size: int
    total: int
    ready: bool


@router.get(
    "/api/v1/cases", summary="The ranked worklist", responses=error_docs(401, 403, 422), tags=["cases"]
)
def cases(
    *,
    user: Asking,
    desk: AtDesk,
    page: PageNumber = 1,
    size: PageSize = 50,
    show: Shown = "all",
    kind: Annotated[str, Query(max_length=64, description="kind of the first target")] = "",
    find: Annotated[str, Query(max_length=64, description="beginning of a debtor_id")] = "",
    staff_id: Annotated[str, Query(max_length=64, description="whose case it is")] = "",
    mark: Annotated[Marked | None, Query(description="what makes a case urgent")] = None,
    arrears_from: Annotated[int | None, Query(ge=0, description="yen")] = None,
    arrears_to: Annotated[int | None, Query(ge=0, description="yen")] = None,
    sort: Sorted = "worth",
) -> CaseLines:
    """List open cases; by worth, replies come first, then open work by yen per minute; the view is logged."""
    filters = Filters(show, kind, find, staff_id, mark or "", arrears_from, arrears_to)
    found = desk.lists.page(user, filters, page, size, sort)
    return CaseLines(
        cases=list(found.lines), page=page, size=size, total=found.total, ready=desk.progress.finished
    )
