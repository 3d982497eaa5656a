"""The doorway: answers from the first moment, and says that the service is being prepared until it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from html import escape
from threading import Event, Thread

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from serving.web.routing import HEADERS, error_body
from serving.wording import refusal, wording

LOOK_AGAIN_SECONDS = 3
EMPTY_SECONDS = 0.05


class Room:
    """One application with its lifespan, and how many requests are inside."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.inside = 0
        self._lifespan = AsyncExitStack()

    async def open(self) -> None:
        """Begin the application's lifespan."""
        await self._lifespan.enter_async_context(self.app.router.lifespan_context(self.app))

    async def close(self) -> None:
        """End it once nobody is inside any more."""
        while self.inside:
            await asyncio.sleep(EMPTY_SECONDS)
        await self._lifespan.aclose()


class Doorway:
    """An ASGI application in front of one that takes long to build, and that another may take over from.

    ``build`` runs in a thread of its own once the server runs. Should it fail, ``failure`` keeps why and
    ``give_up`` is called.
    """

    def __init__(self, build: Callable[[], FastAPI], give_up: Callable[[], None]) -> None:
        self._build = build
        self._give_up = give_up
        self._room: Room | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opened = Event()
        self._leaving: asyncio.Task[None] | None = None
        self.failure: BaseException | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or run for as long as the server does."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._room is not None:
            await self._inside(self._room, scope, receive, send)
        elif scope["type"] == "http":
            await _preparing(scope["path"])(scope, receive, send)

    def hand_over(self, app: FastAPI, wait_seconds: float = 60.0) -> None:
        """Let ``app`` answer every request from now on; called from another thread than the server's.

        A request that is inside goes on with the application it began with, whose lifespan ends after it.
        Raises RuntimeError where nothing is being served.
        """
        if not self._opened.wait(wait_seconds) or self._loop is None:
            raise RuntimeError("there is nothing to take over from")
        asyncio.run_coroutine_threadsafe(self._exchange(app), self._loop).result(wait_seconds)

    async def _exchange(self, app: FastAPI) -> None:
        old, new = self._room, Room(app)
        await new.open()
        self._room = new
        if old is not None:
            self._leaving = asyncio.create_task(old.close())

    @staticmethod
    async def _inside(room: Room, scope: Scope, receive: Receive, send: Send) -> None:
        room.inside += 1
        try:
            await room.app(scope, receive, send)
        finally:
            room.inside -= 1

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._loop = asyncio.get_running_loop()
        closing = asyncio.Event()
        opening = asyncio.create_task(self._open(closing))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        closing.set()
        await opening
        await send({"type": "lifespan.shutdown.complete"})

    async def _open(self, closing: asyncio.Event) -> None:
        built = asyncio.get_running_loop().create_future()
        Thread(target=self._build_into, args=(built,), name="opening", daemon=True).start()
        ended = asyncio.create_task(closing.wait())
        await asyncio.wait({built, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not built.done():  # interrupted while opening: the thread ends with the process
            return
        if self.failure is not None:
            self._give_up()
            return
        room = Room(built.result())
        await room.open()
        self._room = room
        self._opened.set()
        await closing.wait()
        if self._leaving is not None:
            await self._leaving
        await self._room.close()

    def _build_into(self, built: asyncio.Future[FastAPI | None]) -> None:
        app: FastAPI | None = None
        try:
            app = self._build()
        except BaseException as failure:
            self.failure = failure
        loop = built.get_loop()
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, built, app)


def _settle(built: asyncio.Future[FastAPI | None], app: FastAPI | None) -> None:
    if not built.done():
        built.set_result(app)


def _preparing(path: str) -> Response:
    problem = refusal("preparing")
    headers = {**HEADERS, "Retry-After": str(LOOK_AGAIN_SECONDS), "Cache-Control": "no-store"}
    if path.startswith(("/api/", "/healthz", "/openapi")):
        return JSONResponse(error_body(problem), 503, headers)
    name = escape(wording("ja")("app.name"))
    return HTMLResponse(
        f'<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>{name}</title>'
        f'<meta http-equiv="refresh" content="{LOOK_AGAIN_SECONDS}"></head>'
        f"<body><h1>{name}</h1><p>{escape(str(problem))}</p></body></html>",
        503,
        headers,
    )
