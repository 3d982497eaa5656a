"""The composition root: the one place where the parts of the service are put together."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine

from serving.desk.auditing import Auditing
from serving.desk.desk import Desk
from serving.desk.exchange import open_exchange
from serving.desk.model_ledger import ModelLedger
from serving.desk.worklist import Worklist
from serving.office.office import Office, Versions
from serving.records.entry import Clock
from serving.records.identity import Identity
from serving.records.journal import Journal
from serving.records.saved_views import SavedViews
from serving.records.seal import Seal
from serving.records.store import open_store
from serving.records.trail import Trail
from serving.settings import Settings
from serving.web import (
    api,
    audit_api,
    audit_pages,
    case_pages,
    decline_pages,
    drift_pages,
    exchange_api,
    exchange_pages,
    login_pages,
    model_pages,
    round_api,
    round_pages,
    routing,
    supervisor_pages,
    time_pages,
    trial_api,
    trial_pages,
    what_if_pages,
    worklist_api,
    worklist_pages,
)
from serving.web.page import error_page
from serving.web.view_log import ViewLog, Views

PAGES = (
    login_pages,
    worklist_pages,
    case_pages,
    decline_pages,
    round_pages,
    what_if_pages,
    supervisor_pages,
    exchange_pages,
    drift_pages,
    model_pages,
    trial_pages,
    time_pages,
    audit_pages,
)
STATIC = Path(__file__).parent / "static"


def now() -> datetime:
    """Return the present moment: the only clock of the product."""
    return datetime.now(UTC)


def build_app(
    settings: Settings,
    office: Office,
    clock: Clock = now,
    engine: Engine | None = None,
    former: Versions | None = None,
) -> FastAPI:
    """Build the service over one office; the worklist is prepared in the background once it runs.

    ``former``: what served until this one takes over; its worklist is kept. Raises Problem when the
    records cannot be opened.
    """
    store = engine if engine is not None else open_store(settings.records_url)
    journal = Journal(store, clock)
    worklist, seal = Worklist(store, office, former), Seal(journal, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        worklist.start()
        seal.start()
        yield
        await to_thread(worklist.stop)  # another application may be serving beside this one
        await to_thread(seal.stop)
        store.dispose()

    # The interactive documentation would load scripts from elsewhere: only the document itself is served.
    # A slash too many would be led to whatever host the request names: it is an address that is not there.
    app = FastAPI(
        title="tegakari",
        version=_version(),
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.journal = journal
    app.state.identity = Identity(store, journal, clock, settings)
    app.state.saved_views = SavedViews(store)
    app.state.desk = Desk(office, worklist, journal, clock, settings)
    app.state.exchange = open_exchange(
        office, journal, clock, settings, app.state.identity, scope=app.state.desk.scope
    )
    app.state.models = ModelLedger(journal, settings, office.versions)
    app.state.auditing = Auditing(office, journal, Trail(store, journal), seal)
    app.state.views = Views(journal)
    app.add_middleware(ViewLog, views=app.state.views)
    routing.install(app, error_page)
    # A request is held against one route after the other: those that somebody waits for come first.
    for part in (*PAGES, api, worklist_api, round_api, trial_api, exchange_api, audit_api):
        app.include_router(part.router)
    # Left alone, routes are put together at the first request, beside threads that are running by then; what
    # the framework does to keep that silent (warnings.catch_warnings) is not safe between threads.
    for _ in iter_route_contexts(app.routes):
        pass
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415

    return version("tegakari")
