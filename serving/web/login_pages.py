"""The pages before the work: logging in and out, and where to begin."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from serving.problems import Problem
from serving.records.identity import Identity, Right, form_token
from serving.settings import Settings
from serving.web.page import BEFORE_LOGIN, COOKIE, Asking, Sent, render
from serving.web.page_route import PageRoute
from serving.web.routing import client_of, identity_of, status_of

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/")
def start(user: Asking) -> Response:
    """Lead to the first page that the role may see."""
    return RedirectResponse("/cases" if user.may(Right.CASES) else "/time-saved", 303)


@router.get("/login")
def login_page(request: Request) -> Response:
    """Show the login form."""
    return _login(request)


@router.post("/login")
def log_in(
    request: Request,
    form: Sent,
    identity: Annotated[Identity, Depends(identity_of)],
) -> Response:
    """Check the password and set the cookie."""
    name, password = str(form.get("name", ""))[:64], str(form.get("password", ""))[:256]
    try:
        login = identity.log_in(name, password, client_of(request), "page")
    except Problem as problem:
        return _login(request, problem)
    response = RedirectResponse("/", 303)
    settings: Settings = request.app.state.settings
    lasts = int(settings.session_hours * 3600)
    response.set_cookie(
        COOKIE, login.token, lasts, httponly=True, samesite="lax", secure=settings.secure_cookies
    )
    response.delete_cookie(BEFORE_LOGIN)
    return response


@router.post("/logout")
def log_out(request: Request, form: Sent, identity: Annotated[Identity, Depends(identity_of)]) -> Response:
    """Forget the login."""
    identity.log_out(request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE)
    return response


def _login(request: Request, problem: Problem | None = None) -> Response:
    secret = request.cookies.get(BEFORE_LOGIN) or secrets.token_urlsafe(32)
    status = status_of(problem) if problem else 200
    response = render(request, "login.html", None, status, problem=problem, form_token=form_token(secret))
    response.set_cookie(
        BEFORE_LOGIN,
        secret,
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.secure_cookies,
    )
    return response
