"""Every view is journalled before it leaves: who looked at which page, with which filters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi.dependencies.models import Dependant
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.records.events import PageViewed
from serving.records.identity import User
from serving.records.journal import Journal

LONGEST = 64
OK = 200
NOTED = "view_noted"
OWN = frozenset({"/cases", "/api/v1/cases"})
BATCH = ("/batches/{number}", "/api/v1/batches/{batch_id}")
"""Routes that journal an event of their own for each view, by their path or its beginning.

Those that name a debtor in the path always do.
"""


class Views:
    """Journals a PageViewed for each good answer to a GET of somebody who is logged in, once.

    Who that is, the route's own check has put into the request's state as ``user``.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def note(self, scope: Scope, status: int) -> None:
        """Journal a view unless that was done, or the route journals an event of its own."""
        if not self.due(scope, status):
            return
        scope["state"][NOTED] = True
        user: User = scope["state"]["user"]
        self._journal.append(user.name, PageViewed("", _path(scope, _route(scope)), _filters(scope)))

    @staticmethod
    def due(scope: Scope, status: int) -> bool:
        """Return whether a view is still to be journalled."""
        state: dict[str, Any] = scope.setdefault("state", {})
        if scope["method"] != "GET" or status != OK or state.get("user") is None or state.get(NOTED):
            return False
        page = _route(scope)
        return "{debtor_id}" not in page and page not in OWN and not page.startswith(BATCH)


class ViewLog:
    """Notes the views that their route has not noted itself (``serving/web/page_route.py``)."""

    def __init__(self, app: ASGIApp, views: Views) -> None:
        self._app = app
        self._views = views

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; its answer is sent once the view stands in the journal."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return

        async def logged(message: Message) -> None:
            if message["type"] == "http.response.start" and self._views.due(scope, message["status"]):
                await run_in_threadpool(self._views.note, scope, message["status"])
            await send(message)

        await self._app(scope, receive, logged)


def _filters(scope: Scope) -> dict[str, str]:
    """Return what was asked for of what the route reads, by the value that it reads: the last one given.

    Other names are left out. Were they kept, there would be no end to them, or they would crowd others out.
    """
    given, dependant = QueryParams(scope["query_string"]), getattr(scope["route"], "dependant", None)
    names = dict.fromkeys(_read(dependant)) if dependant is not None else {}
    return {name: given[name][:LONGEST] for name in names if given.get(name)}


def _read(dependant: Dependant) -> Iterator[str]:
    """Yield the names in the address that a route reads, by itself or by what it depends on."""
    yield from (field.alias for field in dependant.query_params)
    for each in dependant.dependencies:
        yield from _read(each)


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", ""))


def _path(scope: Scope, page: str) -> str:
    # An entry's page is named by its number: whose entry was looked at is part of the view.
    return str(scope["path"]) if page.startswith(("/audit/", "/api/v1/audit/")) else page
