"""A page: who asks for it, the form it sent, how it is rendered."""

from __future__ import annotations

from hmac import compare_digest
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from serving.desk.desk import Desk
from serving.problems import Problem
from serving.records.identity import Identity, Right, User, form_token
from serving.web.menu import MENU
from serving.web.routing import desk_of, status_of
from serving.web.translated import translated
from serving.wording import LANGUAGES, Wording, refusal, wording

COOKIE, BEFORE_LOGIN, LANGUAGE = "tegakari", "tegakari_form", "lang"


def asking(request: Request) -> User:
    """Return who the cookie belongs to; refuse with ``login_needed``."""
    identity: Identity = request.app.state.identity
    user = identity.user_of(request.cookies.get(COOKIE))
    if user is None:
        raise refusal("login_needed")
    request.state.user = user
    return user


async def sent_form(request: Request) -> FormData:
    """Return a form that carries the token of this login; refuse any other with ``form_expired``."""
    form = await request.form(max_files=0, max_fields=400)
    # The login form is made for nobody yet: a login that ended must not stand in its way.
    cookie = BEFORE_LOGIN if request.url.path == "/login" else COOKIE
    secret = request.cookies.get(cookie, "")
    if not belongs(form, secret):
        raise refusal("form_expired")
    return form


def belongs(form: FormData, secret: str) -> bool:
    """Return whether a form carries the token that only the holder of the cookie ``secret`` can know."""
    given = form.get("form_token")
    # Texts are compared by their bytes: of a text that is not ASCII, compare_digest would raise TypeError.
    known = isinstance(given, str) and compare_digest(given.encode(), form_token(secret).encode())
    return bool(secret) and known


Asking = Annotated[User, Depends(asking)]
AtDesk = Annotated[Desk, Depends(desk_of)]
Sent = Annotated[FormData, Depends(sent_form)]


def error_page(request: Request, problem: Problem) -> Response:
    """Show a problem; without a login, lead to the login page."""
    if problem.code == "login_needed":
        return RedirectResponse("/login", 303)
    identity: Identity = request.app.state.identity
    user = identity.user_of(request.cookies.get(COOKIE))
    return render(request, "problem.html", user, status_of(problem), problem=problem)


def language_of(request: Request) -> Wording:
    """Return the wording in the language that was asked for, now or before."""
    return wording(request.query_params.get(LANGUAGE) or request.cookies.get(LANGUAGE) or "ja")


def render(request: Request, template: str, user: User | None, status: int = 200, **facts: Any) -> Response:  # noqa: ANN401
    """Return the page of ``template`` with ``facts`` beside what every page shows."""
    words = language_of(request)
    other = "en" if words.language == "ja" else "ja"
    secret, reads = request.cookies.get(COOKIE, ""), request.method == "GET"
    kept = {
        "w": words,
        "user": user,
        "Right": Right,
        "menu": MENU,
        "path": request.url.path,
        "other_language": other,
        # The address of a form takes no link, and what was typed would be lost by following one.
        "language_link": "?" + urlencode({**request.query_params, LANGUAGE: other}) if reads else "",
        "office": request.app.state.desk.office,
        "form_token": form_token(secret) if secret else "",
        "problem": None,
    }
    text = translated(words.language).get_template(template).render(kept | facts)
    response = HTMLResponse(text, status)
    if request.query_params.get(LANGUAGE) in LANGUAGES:
        response.set_cookie(LANGUAGE, words.language, 365 * 86400, httponly=True, samesite="lax")
    return response
