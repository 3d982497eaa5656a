from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from serving.records.journal import Journal
from serving.settings import Settings

Bearer = Callable[[str], dict[str, str]]
LARGE = 50 * 2**20


@pytest.fixture
def token(client: TestClient) -> str:
    text = client.get("/login").text
    form = {"form_token": text.split('name="form_token" value="')[1].split('"')[0], "name": "officer"}
    client.post("/login", data=form | {"password": "correct-horse-battery"})
    return client.get("/replies").text.split('name="form_token" value="')[1].split('"')[0]


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 2**16):
        yield b"x" * 2**16


@pytest.mark.parametrize("told", [True, False])
def test_a_body_of_50_mb_is_refused_and_never_kept(
    client: TestClient, bearer: Bearer, journal: Journal, told: bool
) -> None:
    headers = bearer("officer") | ({"content-length": str(LARGE)} if told else {})
    answer = client.post("/api/v1/replies/file", content=chunks(LARGE), headers=headers)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "file_large"
    assert journal.entries(kinds=("ReplyReceived", "ReplyFileImported")) == []


def test_a_form_of_50_mb_is_refused_on_the_page(client: TestClient, token: str) -> None:
    sent = {"file": ("large.xlsx", b"x" * LARGE)}
    answer = client.post("/replies", data={"form_token": token}, files=sent)
    assert answer.status_code == 413
    assert "ファイルが大きすぎます" in answer.text


def test_a_file_counts_without_its_form(client: TestClient, token: str, settings: Settings) -> None:
    most = int(settings.upload_megabytes * 2**20)
    answer = client.post(
        "/replies", data={"form_token": token}, files={"file": ("a.csv", b"a,b\n" + b"1,2\n" * (most // 4))}
    )
    assert answer.status_code == 413


def test_a_form_without_a_file_or_without_its_token_is_refused(client: TestClient, token: str) -> None:
    nothing = client.post("/replies", data={"form_token": token}, files={"file": ("", b"")})
    assert nothing.status_code == 422
    foreign = client.post("/replies", data={"form_token": "x"}, files={"file": ("a.csv", b"a")})
    assert foreign.status_code == 403
    assert client.post("/replies", content=b"x").status_code == 422


def test_a_file_that_is_refused_shows_the_form_again(client: TestClient, token: str) -> None:
    answer = client.post("/replies", data={"form_token": token}, files={"file": ("a.csv", b"a,b\n1,2\n")})
    assert answer.status_code == 422
    assert "知らない様式" in answer.text
    assert 'type="file"' in answer.text
