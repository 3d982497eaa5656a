"""What an auditor searches for, as pages and programs ask for it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Depends, Query

from serving.desk.auditing import Auditing
from serving.records.trail import Search
from serving.web.routing import auditing_of
from serving.wording import refusal

AtAudit = Annotated[Auditing, Depends(auditing_of)]
Word = Annotated[str, Query(max_length=64)]
Day = Annotated[str, Query(max_length=10, description="ISO 8601, a Japanese day")]


async def search_of(
    *,
    case: Word = "",
    actor: Word = "",
    kind: Word = "",
    since: Day = "",
    until: Day = "",
    target_kind: Word = "",
    target_code: Word = "",
    only: Literal["", "overrides", "holds", "skips"] = "",
) -> Search:
    """Read a search; refuse a day that is none, and a code of a target without its kind."""
    if target_code.strip() and not target_kind.strip():
        raise refusal("audit_target")
    return Search(
        case=case.strip(),
        actor=actor.strip(),
        kind=kind.strip(),
        since=_day(since),
        until=_day(until),
        target_kind=target_kind.strip(),
        target_code=target_code.strip(),
        only=only,
    )


Searched = Annotated[Search, Depends(search_of)]


def link_of(path: str, search: Search, **more: object) -> str:
    """Return the address of a search."""
    asked = search.asked | {name: str(value) for name, value in more.items() if value}
    return f"{path}?{urlencode(asked)}" if asked else path


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise refusal("invalid") from None
