from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from types import ModuleType

import httpx
import pytest
import uvicorn

from serving.office.office import Office
from serving.settings import Settings
from serving.terminal.service import serve_folder

SECONDS = 60.0


def test_a_case_has_been_rehearsed_before_the_address_says_it_is_ready(
    town: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers: list[uvicorn.Server] = []

    class Kept(uvicorn.Server):
        def __init__(self, config: uvicorn.Config) -> None:
            super().__init__(config)
            servers.append(self)

    monkeypatch.setattr(uvicorn, "Server", Kept)
    monkeypatch.setattr("serving.terminal.log_file.log_to", lambda file: None)  # it is for the whole process
    adviser, go_on, told = town.FakeAdviser(), threading.Event(), []
    advise = adviser.advise

    def slowly(*arguments: object) -> object:
        go_on.wait(SECONDS)
        return advise(*arguments)

    adviser.advise = slowly

    def opened(settings: Settings, folder: Path) -> Office:
        office: Office = town.fake_office(adviser)
        return office

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free_port = probe.getsockname()[1]
    settings = Settings(home=tmp_path, port=free_port)
    serving = threading.Thread(target=serve_folder, args=(settings, tmp_path, opened), daemon=True)
    serving.start()
    try:
        told.append(_first_answer(free_port))
        time.sleep(1.0)
        told.append(_first_answer(free_port))
        go_on.set()
        _until(free_port, 200)
    finally:
        go_on.set()
        servers[0].should_exit = True
        serving.join(SECONDS)
    assert told == [503, 503]


def _first_answer(port: int) -> int:
    give_up = time.monotonic() + SECONDS
    while time.monotonic() < give_up:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=SECONDS).status_code
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("no answer")


def _until(port: int, status: int) -> None:
    give_up = time.monotonic() + SECONDS
    while time.monotonic() < give_up:
        if _first_answer(port) == status:
            return
        time.sleep(0.05)
    raise AssertionError(f"never {status}")
