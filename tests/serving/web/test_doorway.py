from __future__ import annotations

import threading
import time
import warnings
from types import ModuleType

import pytest
from sqlalchemy import Engine

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

from fastapi import FastAPI

from serving.app import build_app
from serving.settings import Settings
from serving.web.doorway import Doorway


def test_it_answers_at_once_and_hands_over(engine: Engine, settings: Settings, town: ModuleType) -> None:
    go_on = threading.Event()

    def build() -> FastAPI:
        go_on.wait(10)
        return build_app(settings, town.fake_office(), engine=engine)

    with TestClient(Doorway(build, pytest.fail), follow_redirects=False) as client:
        health, page = client.get("/healthz"), client.get("/cases")
        assert (health.status_code, health.json()["error"]["code"]) == (503, "preparing")
        assert page.status_code == 503
        assert "準備中" in page.text
        assert page.headers["Content-Security-Policy"]
        go_on.set()
        give_up = time.monotonic() + 10
        while client.get("/healthz").status_code == 503 and time.monotonic() < give_up:
            time.sleep(0.02)
        assert client.get("/healthz").json()["status"] == "ok"
        assert client.get("/login").status_code == 200


def test_a_failure_is_kept_and_ends_the_service() -> None:
    ended = threading.Event()

    def build() -> FastAPI:
        raise LookupError("no folder")

    doorway = Doorway(build, ended.set)
    with TestClient(doorway):
        assert ended.wait(10)
    assert isinstance(doorway.failure, LookupError)
