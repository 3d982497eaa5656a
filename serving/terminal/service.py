"""What ``tegakari serve`` does: an office over a folder, opened behind an address that answers at once."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from serving.office.served import last_folder, remember
from serving.problems import Problem
from serving.settings import Settings
from serving.terminal.commands import read, require_folder, say

if TYPE_CHECKING:
    from fastapi import FastAPI

    from serving.office.office import Office
    from serving.succession import Succession


def open_office(settings: Settings, folder: Path) -> Office:
    """Return the office over a folder: its ledger, the champion bundle, the matching."""
    from serving.office.champion import champion_or_rules  # noqa: PLC0415
    from serving.office.former_models import former_models  # noqa: PLC0415
    from serving.office.office import Versions  # noqa: PLC0415
    from serving.office.opening import office_over  # noqa: PLC0415
    from serving.office.staff_key import known_key  # noqa: PLC0415
    from serving.terminal.case_list import chosen_cases  # noqa: PLC0415
    from serving.terminal.matching import declined_before  # noqa: PLC0415

    say("データを読んでいます…")
    reading = read(folder)
    bundle = champion_or_rules(settings, reading, say)
    declined = declined_before(settings, Versions(bundle.version, reading.ledger.fingerprint))
    kept = former_models(settings.home / "models", reading.ledger, known_key(settings))
    return office_over(reading.ledger, bundle, chosen_cases(reading.ledger, None), say, declined, kept=kept)


def serve_folder(
    settings: Settings, folder: Path | None, opener: Callable[[Settings, Path], Office] | None = None
) -> None:
    """Serve one folder until interrupted; without one, the folder served last.

    The address answers at once and says that it is being prepared until the office is open.
    """
    import uvicorn  # noqa: PLC0415

    from serving.app import build_app  # noqa: PLC0415
    from serving.office.rehearsal import look_through, rehearse_or_log  # noqa: PLC0415
    from serving.terminal.log_file import log_to  # noqa: PLC0415
    from serving.terminal.watching import watch  # noqa: PLC0415
    from serving.web.doorway import Doorway  # noqa: PLC0415
    from serving.web.translated import read_all  # noqa: PLC0415

    place = folder or last_folder(settings)
    require_folder(place)
    require_free(settings)
    log_to(settings.log_file)

    def build() -> FastAPI:
        office = (opener or open_office)(settings, place)
        rehearse_or_log(office)  # before the address says that it is ready
        read_all()
        app = build_app(settings, office)
        app.state.desk.trial.start()
        remember(settings, place)
        following.extend(watch(settings, office, doorway))
        Thread(target=look_through, args=(office,), name="lists", daemon=True).start()
        say(f"http://{settings.host}:{settings.port} で提供しています(Ctrl+C で終了)。")
        return app

    following: list[Succession] = []

    def give_up() -> None:
        server.should_exit = True

    doorway = Doorway(build, give_up)
    # No access log: its paths would name debtors.
    server = uvicorn.Server(
        uvicorn.Config(
            doorway,
            settings.host,
            settings.port,
            lifespan="on",
            ws="none",
            log_level="warning",
            access_log=False,
            # Anybody could claim another address in a header, and so escape the pause after failed logins.
            proxy_headers=False,
        )
    )
    try:
        server.run()
    finally:  # Ctrl+C is raised again once the last answer is out
        for succession in following:
            succession.stop()
    if doorway.failure is not None:
        raise doorway.failure


def require_free(settings: Settings) -> None:
    """Refuse a port that something else listens on."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            raise Problem(
                f"ポート {settings.port} は使用中か、使えないアドレスです。",
                "--port で別の番号を指定してください。",
                "port",
            ) from None
