"""The last door: whatever goes wrong inside, the reader gets a sentence; and the headers of every answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)


class LastDoor:
    """Answers what nobody foresaw by ``answer`` and sets ``headers``; nothing but a static file is stored.

    It passes messages on as they come: a page would otherwise go through a queue and two tasks more.
    """

    def __init__(
        self, app: ASGIApp, answer: Callable[[Request], Response], headers: Mapping[str, str]
    ) -> None:
        self._app = app
        self._answer = answer
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and an answer back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def out(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._mark(scope, message)
            await send(message)

        try:
            await self._app(scope, receive, out)
        except Exception:
            log.exception("unexpected error on %s", _route(scope))
            if begun:  # part of an answer is out: it can only be broken off
                raise
            await self._answer(Request(scope, receive))(scope, receive, out)

    def _mark(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        headers.update(self._headers)
        if not scope["path"].startswith("/static/"):
            headers["Cache-Control"] = "no-store"


def _route(scope: Scope) -> str:
    # The pattern, not the path: a path names a debtor.
    return str(getattr(scope.get("route"), "path", "an unknown route"))
