"""Watching over the model in use while the service runs."""

from __future__ import annotations

from fastapi import FastAPI

from serving.app import build_app, now
from serving.office.ledger_office import LedgerOffice
from serving.office.office import Office, Versions
from serving.office.staff_key import known_key
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings
from serving.succession import Succession
from serving.terminal.case_list import chosen_cases
from serving.web.doorway import Doorway


def watch(settings: Settings, office: Office, doorway: Doorway) -> list[Succession]:
    """Begin to follow the champion of the home for the service behind ``doorway`` and return who does.

    Nobody for an office that is no ledger's: there is nothing that another model could advise on.
    """
    if not isinstance(office, LedgerOffice):
        return []
    engine = open_store(settings.records_url)

    def open_app(successor: LedgerOffice, former: Versions) -> FastAPI:
        return build_app(settings, successor, former=former)

    succession = Succession(
        settings.home / "models",
        office.ledger,
        chosen_cases(office.ledger, None),
        engine,
        Journal(engine, now),
        serving=office.versions,
        key=known_key(settings),
        open_app=open_app,
        hand_over=doorway.hand_over,
    )
    succession.start()
    return [succession]
