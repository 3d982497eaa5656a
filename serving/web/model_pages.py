"""The page of the models: which is in use, what was judged, who let it in and why."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response

from serving.desk.model_ledger import ModelLedger
from serving.web.page import Asking, render
from serving.web.page_route import PageRoute

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/models")
def models_page(
    request: Request, user: Asking, judged: Annotated[int, Query(ge=0, le=2**53)] = 0
) -> Response:
    """Show versions, one verdict in full, and the ledger."""
    ledger = cast("ModelLedger", request.app.state.models)
    return render(request, "models.html", user, board=ledger.board(user, judged))
