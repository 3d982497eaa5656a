"""The pages for people: server-rendered, a cookie for the login, a token in every form, no script."""

from __future__ import annotations

import secrets
from hmac import compare_digest
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.datastructures import FormData

from serving.desk.desk import Desk, Shown
from serving.desk.worklist import Filters
from serving.problems import Problem
from serving.records.identity import Identity, Right, User, form_token
from serving.settings import Settings
from serving.web.case_view import case_view
from serving.web.choice_form import choice_of
from serving.web.routing import client_of, desk_of, identity_of, status_of
from serving.wording import LANGUAGES, Wording, refusal, wording

COOKIE, BEFORE_LOGIN, LANGUAGE = "tegakari", "tegakari_form", "lang"
LONGEST_LIST = 300
"""Kinds with more known targets than this are typed, not offered: a page stays small."""

router = APIRouter(include_in_schema=False)
templates = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page_user(request: Request, identity: Annotated[Identity, Depends(identity_of)]) -> User:
    """Return who the cookie belongs to; refuse with ``login_needed``."""
    user = identity.user_of(request.cookies.get(COOKIE))
    if user is None:
        raise refusal("login_needed")
    return user


async def sent_form(request: Request) -> FormData:
    """Return a form that carries the token of this login; refuse any other with ``form_expired``."""
    form = await request.form(max_files=0, max_fields=400)
    secret = request.cookies.get(COOKIE) or request.cookies.get(BEFORE_LOGIN) or ""
    given = form.get("form_token")
    if not secret or not isinstance(given, str) or not compare_digest(given, form_token(secret)):
        raise refusal("form_expired")
    return form


Asking = Annotated[User, Depends(page_user)]
AtDesk = Annotated[Desk, Depends(desk_of)]
Sent = Annotated[FormData, Depends(sent_form)]


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


@router.get("/cases")
def worklist_page(
    *,
    request: Request,
    user: Asking,
    desk: AtDesk,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    show: Annotated[str, Query(max_length=16)] = "all",
    kind: Annotated[str, Query(max_length=64)] = "",
    find: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Show the ranked worklist."""
    filters = Filters(show, kind, find.strip())
    size = request.app.state.settings.page_size
    found = desk.worklist(user, filters, page, size)
    kept = {"show": show, "kind": kind, "find": find}

    def link(number: int) -> str:
        return "/cases?" + urlencode({k: v for k, v in kept.items() if v} | {"page": number})

    facts: dict[str, Any] = {
        "found": found,
        "filters": filters,
        "progress": desk.progress,
        "link": link,
        "kinds": _kinds(desk),
    }
    return render(request, "worklist.html", user, **facts)


@router.get("/cases/{debtor_id}")
def case_page(
    request: Request, debtor_id: str, user: Asking, desk: AtDesk, decided: Annotated[int, Query()] = 0
) -> Response:
    """Show one case; for somebody who may decide, the recommendation and the form."""
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


@router.get("/time-saved")
def time_saved_page(request: Request, user: Asking, desk: AtDesk) -> Response:
    """Show the measured minutes."""
    return render(request, "time_saved.html", user, report=desk.time_saved(user))


@router.get("/audit")
def audit_page(
    request: Request, user: Asking, desk: AtDesk, find: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """Show the log of views and whether the journal is whole."""
    return render(request, "audit.html", user, audit=desk.audit(user, find.strip()), find=find)


def error_page(request: Request, problem: Problem) -> Response:
    """Show a problem; without a login, lead to the login page."""
    if problem.code == "login_needed":
        return RedirectResponse("/login", 303)
    identity = identity_of(request)
    user = identity.user_of(request.cookies.get(COOKIE))
    return render(request, "problem.html", user, status_of(problem), problem=problem)


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
    file = desk.case(user, debtor_id, "page")
    made = desk.decisions(user, debtor_id)
    confirmed = next((entry for entry in made if entry.seq == decided and entry.actor == user.name), None)
    shown: Shown | None = None
    if user.may(Right.DECIDE) and not file.advice.routed and confirmed is None:
        shown = desk.recommend(user, debtor_id)
    facts: dict[str, Any] = {
        "file": file,
        "shown": shown,
        "made": made,
        "confirmed": confirmed,
        "problem": problem,
        "entered": {key: str(value) for key, value in form.items()} if form else {},
        "ticked": set(map(str, form.getlist("accept"))) if form else None,
        "kinds": _kinds(desk),
        "offered": _offered(desk),
        "names": desk.office.directory(),
        "view": case_view(file.advice),
        "before": desk.ranks_before(user, debtor_id) if file.advice.round > 1 else {},
        "linked": set(desk.office.case_ids)
        & {past.debtor_id for target in file.advice.targets for past in target.precedents},
    }
    return render(request, "case.html", user, status_of(problem) if problem else 200, **facts)


def _kinds(desk: Desk) -> list[str]:
    usual = [key[5:] for key in wording("ja").sentences if key.startswith("kind.")]
    return usual + sorted({kind for kind, _ in desk.office.directory()} - set(usual))


def _offered(desk: Desk) -> list[str]:
    by_kind: dict[str, list[str]] = {}
    for (kind, _), name in desk.office.directory().items():
        by_kind.setdefault(kind, []).append(name)
    return sorted({name for names in by_kind.values() if len(names) <= LONGEST_LIST for name in names})


def _language(request: Request) -> str:
    asked = request.query_params.get(LANGUAGE) or request.cookies.get(LANGUAGE) or "ja"
    return asked if asked in LANGUAGES else "ja"


def render(request: Request, template: str, user: User | None, status: int = 200, **facts: Any) -> Response:  # noqa: ANN401
    """Return the page of ``template`` with ``facts`` beside what every page shows."""
    words: Wording = wording(_language(request))
    other = "en" if words.language == "ja" else "ja"
    secret = request.cookies.get(COOKIE, "")
    kept = {
        "w": words,
        "user": user,
        "Right": Right,
        "path": request.url.path,
        "other_language": other,
        "language_link": "?" + urlencode({**request.query_params, LANGUAGE: other}),
        "office": desk_of(request).office,
        "form_token": form_token(secret) if secret else "",
        "problem": None,
    }
    text = templates.get_template(template).render(kept | facts)
    response = HTMLResponse(text, status)
    if request.query_params.get(LANGUAGE) in LANGUAGES:
        response.set_cookie(LANGUAGE, words.language, 365 * 86400, httponly=True, samesite="lax")
    return response
