"""A file that is sent in: counted while it streams, so that none larger than allowed is ever kept."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from serving.desk.exchange import Exchange
from serving.exchange.refused import FileRefused
from serving.records.identity import Identity, Right, User
from serving.web.page import COOKIE, belongs
from serving.wording import refusal

FORM_BYTES = 64 * 1024
"""What a form may hold beside its file."""
POLITE = 16
"""So many times the allowed size is read and thrown away: a browser shows no answer before all is sent."""


def most_bytes(request: Request) -> int:
    """Return the size in bytes of the largest file that is taken in."""
    return int(request.app.state.settings.upload_megabytes * 2**20)


async def sent_file(request: Request) -> bytes:
    """Return the file of a form that carries the token of this login.

    Refuses ``form_expired``, ``file_large`` (while it streams; that is journalled), ``file_missing``.
    """
    try:
        return await _file_of(request)
    except FileRefused as refused:
        await run_in_threadpool(_note, request, refused)
        raise


async def _file_of(request: Request) -> bytes:
    try:
        parser = MultiPartParser(
            request.headers, _limited(request, most_bytes(request) + FORM_BYTES), max_files=1, max_fields=10
        )
        form = await parser.parse()
    except (MultiPartException, KeyError):
        raise refusal("invalid") from None
    try:
        sent = form.get("file")
        if not belongs(form, request.cookies.get(COOKIE, "")):
            raise refusal("form_expired")
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise refusal("file_missing")
        content = await sent.read()
    finally:
        await form.close()
    if len(content) > most_bytes(request):
        raise FileRefused("file_large")
    return content


async def sent_body(request: Request) -> bytes:
    """Return the body of a request, refused with ``file_large`` while it streams; that is journalled."""
    try:
        content = b"".join([chunk async for chunk in _limited(request, most_bytes(request))])
    except FileRefused as refused:
        await run_in_threadpool(_note, request, refused)
        raise
    if not content:
        raise refusal("file_missing")
    return content


def _note(request: Request, refused: FileRefused) -> None:
    """Journal that a file was refused to somebody who may send one; it was not read, and has no digest."""
    identity: Identity = request.app.state.identity
    exchange: Exchange = request.app.state.exchange
    told: User | None = getattr(request.state, "user", None)
    user = told or identity.user_of(request.cookies.get(COOKIE))
    if user is not None and user.may(Right.CASES) and user.may(Right.DECIDE):
        exchange.inbox.note_refused(user, "", refused)


async def _limited(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    told = request.headers.get("content-length", "")
    large = told.isdecimal() and int(told) > most
    count = 0
    async for chunk in request.stream():
        count += len(chunk)
        large = large or count > most
        if count > most * POLITE:
            break
        if not large:
            yield chunk
    if large:
        raise FileRefused("file_large")


SentFile = Annotated[bytes, Depends(sent_file)]
SentBody = Annotated[bytes, Depends(sent_body)]
