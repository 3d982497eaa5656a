"""Every view is journalled before it leaves: who looked at which page, with which filters."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.records.events import PageViewed
from serving.records.identity import User
from serving.records.journal import Journal

LONGEST = 64
MOST_FILTERS = 20
OWN = frozenset({"/cases", "/api/v1/cases"})
"""Routes that journal an event of their own for each view. Those that name a debtor in the path always do."""


class ViewLog:
    """Journals a PageViewed for each good answer to a GET of somebody who is logged in.

    Who that is, the route's own check has put into the request's state as ``user``.
    """

    def __init__(self, app: ASGIApp, journal: Journal) -> None:
        self._app = app
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; its answer is sent once the view stands in the journal."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        state: dict[str, Any] = scope.setdefault("state", {})

        async def logged(message: Message) -> None:
            user = state.get("user")
            if message["type"] == "http.response.start" and message["status"] == 200 and user is not None:
                await self._note(scope, user)
            await send(message)

        await self._app(scope, receive, logged)

    async def _note(self, scope: Scope, user: User) -> None:
        page = str(getattr(scope.get("route"), "path", ""))
        if "{debtor_id}" in page or page in OWN:
            return
        asked = parse_qsl(scope["query_string"].decode("latin-1"))[:MOST_FILTERS]
        filters = {name[:LONGEST]: value[:LONGEST] for name, value in asked if name != "lang"}
        await run_in_threadpool(
            self._journal.append, user.name, PageViewed("", self._path(scope, page), filters)
        )

    @staticmethod
    def _path(scope: Scope, page: str) -> str:
        # An entry's page is named by its number: whose entry was looked at is part of the view.
        return str(scope["path"]) if page.startswith(("/audit/", "/api/v1/audit/")) else page
