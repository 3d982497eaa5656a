from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response, StreamingResponse
from fastapi.testclient import TestClient

from serving.web.last_door import LastDoor


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()

    @app.get("/cases/{debtor_id}")
    def broken(debtor_id: str) -> Response:
        raise RuntimeError("nobody foresaw this")

    @app.get("/file")
    def breaking_off() -> Response:
        def rows() -> Iterator[str]:
            yield "first row\n"
            raise RuntimeError("the disk is gone")

        return StreamingResponse(rows())

    @app.get("/static/style.css")
    def style() -> Response:
        return Response("a {}", media_type="text/css")

    told = PlainTextResponse("sorry", 500)
    app.add_middleware(LastDoor, answer=lambda _request: told, headers={"X-Mark": "here"})
    return TestClient(app)


def test_what_nobody_foresaw_is_answered_with_the_headers_of_every_answer(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/cases/000000000000001")
    assert (answer.status_code, answer.text) == (500, "sorry")
    assert (answer.headers["X-Mark"], answer.headers["Cache-Control"]) == ("here", "no-store")
    (record,) = caplog.records
    assert record.getMessage() == "unexpected error on /cases/{debtor_id}"


def test_an_answer_that_breaks_off_is_not_passed_off_as_whole(client: TestClient) -> None:
    with pytest.raises(RuntimeError, match="the disk is gone"):
        client.get("/file")


def test_a_static_file_alone_may_be_stored(client: TestClient) -> None:
    answer = client.get("/static/style.css")
    assert answer.headers["X-Mark"] == "here"
    assert "Cache-Control" not in answer.headers
