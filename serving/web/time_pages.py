"""The page about time saved, to be read, printed, or taken away as a table."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request, Response

from serving.desk.time_table import as_csv
from serving.web.page import Asking, AtDesk, render
from serving.web.page_route import PageRoute
from serving.web.time_plots import distribution, month_lines
from serving.wording import era

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/time-saved")
def time_saved_page(request: Request, user: Asking, desk: AtDesk) -> Response:
    """Show what was measured, and how."""
    report = desk.time_saved(user)
    return render(
        request,
        "time_saved.html",
        user,
        report=report,
        distribution=distribution(report.bins),
        month_lines=month_lines(report.months),
        eras={month.month: era_month(month.month) for month in report.months},
    )


@router.get("/time-saved.csv")
def time_saved_csv(user: Asking, desk: AtDesk) -> Response:
    """Return the figures as CSV."""
    headers = {"Content-Disposition": 'attachment; filename="time-saved.csv"'}
    return Response(as_csv(desk.time_saved(user)), media_type="text/csv; charset=utf-8", headers=headers)


def era_month(month: str) -> str:
    """Write a month with its era.

    >>> era_month("2026-04")
    'R8.4'
    """
    return era(date.fromisoformat(f"{month}-01")).rpartition(".")[0]
