"""A page looks up who asks, and journals the view, by itself: no less strictly than before."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

from fastapi import Request, Response

from serving.records.journal import Journal
from serving.web.page import Asking
from serving.web.page_route import at_one_go

Browse = Callable[[str], Any]
VIEWS = ("PageViewed", "CaseViewed", "WorklistViewed")


def test_what_a_page_asks_for_is_still_asked_for_but_its_user() -> None:
    def page(number: int, user: Asking, word: str = "x") -> Response:
        raise AssertionError

    made = at_one_go(page)
    assert list(inspect.signature(made).parameters) == ["request", "number", "word"]
    assert at_one_go(made) is made


def test_a_page_for_everybody_is_left_as_it_is() -> None:
    def page(request: Request) -> Response:
        raise AssertionError

    assert at_one_go(page) is page


def test_nobody_sees_a_page_without_a_login(client: TestClient) -> None:
    answer = client.get("/cases", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


@pytest.mark.parametrize("address", ["/cases", "/drift", "/time-saved", "/cases/000000000000001", "/replies"])
def test_a_view_is_journalled_once(browse: Browse, journal: Journal, address: str) -> None:
    client = browse("supervisor")
    before = len(journal.entries(VIEWS))
    assert client.get(address).status_code == 200
    assert len(journal.entries(VIEWS)) == before + 1
