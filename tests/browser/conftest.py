"""An office that is served for real, Chromium, and somebody who logs in."""

from __future__ import annotations

import importlib.util
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import uvicorn
from argon2 import PasswordHasher

from serving.app import build_app, now
from serving.desk.worklist import Worklist
from serving.office.office import Office
from serving.records.events import TrialSet
from serving.records.identity import Identity, Role
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings

CHROMIUM = Path(os.environ.get("TEGAKARI_CHROMIUM", "/usr/bin/chromium"))
PASSWORD = "correct-horse-battery"
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
Page = Any
Browser = Any


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here and not CHROMIUM.exists():
            item.add_marker(pytest.mark.skip(reason="no Chromium here"))


def _load(name: str) -> ModuleType:
    path = Path(__file__).parents[1] / "serving" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"tegakari_tests_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def town() -> ModuleType:
    return _load("fake_office")


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    return _load("route_samples")


@pytest.fixture(scope="session")
def files() -> ModuleType:
    """Answers of institutions as files."""
    return _load("answer_files")


Accounts = Mapping[str, tuple[Role, str]]
"""The role and the staff number of each account by its name."""
ONE_EACH: Accounts = {role.value: (role, "") for role in Role}


@contextmanager
def served(
    home: Path, office: Office, accounts: Accounts = ONE_EACH, drawn: bool = False, **chosen: float
) -> Iterator[str]:
    """Serve an office with ``accounts`` and ``chosen`` settings; yields its address.

    ``drawn``: the lot decides as usual which cases are chosen before their ranking is seen.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings = Settings(home=home, port=int(probe.getsockname()[1]), **chosen)  # type: ignore[arg-type]
    engine = open_store(settings.records_url)
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    identity = Identity(engine, Journal(engine, now), now, settings, quick)
    for name, (role, staff_id) in accounts.items():
        identity.add_user(name, PASSWORD, role, staff_id)
    if not drawn:
        Journal(engine, now).append("command", TrialSet("", 0.0, 0.0, "the lot decides no test"))
    Worklist(engine, office).prepare()
    app = build_app(settings, office, engine=engine)
    server = uvicorn.Server(uvicorn.Config(app, port=settings.port, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{settings.port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def start() -> Callable[..., AbstractContextManager[str]]:
    """Return what serves an office (``served``)."""
    return served


@pytest.fixture(scope="session")
def staffed(town: ModuleType) -> Accounts:
    """One account a role, the officer's tied to the records."""
    return {**ONE_EACH, "officer": (Role.OFFICER, town.OFFICER)}


@pytest.fixture(scope="module")
def url(town: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("home"), town.fake_office()) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
    yield context.new_page()
    context.close()


@pytest.fixture
def watched(browser: Browser, url: str) -> Iterator[Page]:
    """A page that has to load nothing foreign and to log no error."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
    foreign: list[str] = []
    context.on("request", lambda request: request.url.startswith(url) or foreign.append(request.url))
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: message.type == "error" and faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert foreign == []
    assert [fault for fault in faults if "status of" not in fault] == []


@pytest.fixture
def enter(url: str) -> Callable[[Page, str], None]:
    """Log in as a role, in whatever language the page is in."""

    def log_in(page: Page, role: str) -> None:
        page.context.clear_cookies()
        page.goto(f"{url}/login")
        page.locator("input[name=name]").fill(role)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        page.wait_for_url(lambda address: not address.endswith("/login"))

    return log_in
