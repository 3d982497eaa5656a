"""How often a page asks the database: what the pace of pages rests on, and what no busy machine changes."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Engine, event

Client = Any
MOST = {
    "/cases": ("supervisor", 8),
    "/cases/000000000000001": ("supervisor", 5),
    "/cases/000000000000001/hardship": ("supervisor", 5),
    "/assignments": ("supervisor", 3),
    "/batches": ("supervisor", 5),
    "/audit": ("auditor", 8),
    "/audit/{shown}": ("auditor", 5),
}
"""Who asks for a page, and the most statements that it may take: login, view and all."""


@pytest.mark.parametrize("address", MOST)
def test_a_page_asks_the_database_few_questions(
    client: Client,
    browse: Callable[[str], Client],
    bearer: Callable[[str], dict[str, str]],
    samples: ModuleType,
    engine: Engine,
    address: str,
) -> None:
    numbers = samples.happen(client, bearer("supervisor"))
    role, most = MOST[address]
    page = address.format(**numbers)
    browse(role).get(page)  # a choice is opened, what is kept is filled
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    assert client.get(page).status_code == 200
    assert len(asked) <= most, "\n".join(asked)
