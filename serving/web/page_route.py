"""A page's route: who asks, the page, and the note that it was looked at are made in one go."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from serving.web.page import asking

Page = Callable[..., Response]
USER, REQUEST = "user", "request"


class PageRoute(APIRoute):
    """Looks up ``user`` in the thread that makes the page, and journals the view there before it ends.

    As a dependency of FastAPI and in a middleware, each of the two would wait for a thread of its own.
    """

    def __init__(self, path: str, endpoint: Page, **options: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(path, at_one_go(endpoint), **options)


def at_one_go(page: Page) -> Page:
    """Return ``page`` asking for its ``user`` itself; a page for everybody as it is."""
    signature = inspect.signature(page)
    needed = signature.parameters
    if USER not in needed:
        return page

    @wraps(page)
    def made(**given: Any) -> Response:  # noqa: ANN401 - whatever the page asks for
        request: Request = given[REQUEST] if REQUEST in needed else given.pop(REQUEST)
        answer = page(user=asking(request), **given)
        request.app.state.views.note(request.scope, answer.status_code)
        return answer

    asked = [each for name, each in needed.items() if name not in (USER, REQUEST)]
    first = inspect.Parameter(REQUEST, inspect.Parameter.KEYWORD_ONLY, annotation=Request)
    keywords = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in asked]
    made.__signature__ = signature.replace(parameters=[first, *keywords])  # type: ignore[attr-defined]
    return made
