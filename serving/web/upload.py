"""A file that is sent in: counted while it streams, so that none larger than allowed is ever kept."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from hmac import compare_digest
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from serving.exchange.refused import FileRefused
from serving.records.identity import form_token
from serving.web.page import COOKIE
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

    Refuses ``form_expired``, ``file_large`` (while it streams), ``file_missing``.
    """
    try:
        parser = MultiPartParser(
            request.headers, _limited(request, most_bytes(request) + FORM_BYTES), max_files=1, max_fields=10
        )
        form = await parser.parse()
    except (MultiPartException, KeyError):
        raise refusal("invalid") from None
    try:
        given, sent = form.get("form_token"), form.get("file")
        secret = request.cookies.get(COOKIE, "")
        if not secret or not isinstance(given, str) or not compare_digest(given, form_token(secret)):
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
    """Return the body of a request, refused with ``file_large`` while it streams."""
    content = b"".join([chunk async for chunk in _limited(request, most_bytes(request))])
    if not content:
        raise refusal("file_missing")
    return content


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
