"""The pages about replies, the finding of hardship, and the slots drawn at random."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from serving.desk.choice import resolve
from serving.desk.desk import Desk
from serving.desk.replies import ReplySent
from serving.desk.slot_setting import SHARES
from serving.problems import Problem
from serving.web.case_pages import show_case
from serving.web.form_number import folded
from serving.web.page import Asking, AtDesk, Sent, render
from serving.web.page_route import PageRoute
from serving.web.routing import status_of, steadily
from serving.wording import refusal

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.post("/cases/{debtor_id}/replies")
def enter_reply(request: Request, debtor_id: str, form: Sent, user: Asking, desk: AtDesk) -> Response:
    """Keep a reply and show the case ranked anew; what is wrong otherwise, with everything as typed."""
    desk.scope.require(user, debtor_id)  # before the office is asked: whoever may not see it learns nothing
    try:
        desk.reply(user, debtor_id, _reply(form, desk, debtor_id))
    except Problem as problem:
        if status_of(problem) not in {409, 422}:
            raise
        return show_case(request, debtor_id, user, desk, problem=problem, form=form)
    return RedirectResponse(f"/cases/{debtor_id}#replies", 303)


@router.get("/cases/{debtor_id}/hardship")
def hardship_sheet(request: Request, debtor_id: str, user: Asking, desk: AtDesk) -> Response:
    """Show the evidence sheet of a case, to be printed and judged by an officer."""
    with steadily(request):
        file = desk.case(user, debtor_id, "hardship")
    return render(request, "hardship.html", user, file=file)


@router.get("/slots")
def slots_page(request: Request, user: Asking, desk: AtDesk) -> Response:
    """Show the share of targets that is drawn at random, and the form to set it."""
    return render(request, "slots.html", user, setting=desk.slots(user), shares=SHARES)


@router.post("/slots")
def set_slots(request: Request, form: Sent, user: Asking, desk: AtDesk) -> Response:
    """Set the share; show what is missing otherwise."""
    try:
        desk.set_slots(user, _share(str(form.get("share", ""))), str(form.get("ground", ""))[:500])
    except Problem as problem:
        if status_of(problem) != 422:
            raise
        setting = desk.slots(user)
        return render(request, "slots.html", user, 422, setting=setting, shares=SHARES, problem=problem)
    return RedirectResponse("/slots", 303)


def _reply(form: FormData, desk: Desk, debtor_id: str) -> ReplySent:
    """Read the form of a reply; a target may be named by its code or by its full name."""

    def text(name: str, longest: int = 64) -> str:
        return str(form.get(name, "")).strip()[:longest]

    corrects = int(text("corrects")) if text("corrects").isdecimal() else 0
    kind, code = text("reply_kind"), text("reply_code")
    if not text("withdrawn"):
        try:
            code = resolve(desk.office.advise(debtor_id), kind, code, desk.office.directory())
        except KeyError:
            raise refusal("case_unknown") from None
    return ReplySent(
        kind,
        code,
        _day(text("requested_on")),
        _day(text("replied_on")),
        text("result"),
        _yen(text("balance")),
        corrects=corrects,
        withdrawn=bool(text("withdrawn")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _yen(text: str) -> int | None:
    """Read an amount, in full-width digits and with separators too."""
    plain = folded(text).replace(",", "").replace("円", "").replace("¥", "").strip()
    if not plain:
        return None
    if not plain.isdecimal():
        raise refusal("reply_balance")
    return int(plain)


def _share(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise refusal("slots_wrong") from None
