"""Succession: the running service takes up another champion, and another shadow, without a restart."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from fastapi import FastAPI
from sqlalchemy import Engine

from features.ledger.snapshot import Ledger
from models.bundle import Bundle, BundleProblem, load_bundle
from serving.desk.declines import declined_pairs
from serving.desk.shadow import PLACES, Shadow
from serving.desk.worklist import Worklist
from serving.office.former_models import former_models
from serving.office.ledger_office import LedgerOffice
from serving.office.office import Versions
from serving.office.opening import office_over, shadow_over
from serving.office.rehearsal import look_through, rehearse
from serving.records.journal import Journal
from serving.records.model_events import ModelRefused, ModelServed
from training.copies import POINTER, SHADOW, Pointer, pointed, unharmed

LOOK_SECONDS = 2.0
ACTOR = "service"

log = logging.getLogger(__name__)

_AGAIN = {
    POINTER: (
        "tegakari serve を起動し直すと登録先の写しで置き換えます。"
        "前の版に戻すには tegakari rollback を使ってください。"
    ),
    SHADOW: "tegakari shadow をやり直すと登録先の写しで置き換えます。",
}
"""What fetches a damaged copy anew, by the pointer that named it."""

Open = Callable[[LedgerOffice, Versions], FastAPI]
"""Builds the application over an office that takes over from the one with the given versions."""

HandOver = Callable[[FastAPI], None]


class Succession:
    """Looks every few seconds at which model is in use and which is the shadow.

    A new champion is loaded, checked and its worklist prepared while the old one serves; then one takes over
    from the other. One that cannot be used is refused and journalled, and the old one goes on.
    """

    def __init__(
        self,
        store: Path,
        ledger: Ledger,
        debtor_ids: list[str],
        engine: Engine,
        journal: Journal,
        *,
        serving: Versions,
        key: str,
        open_app: Open,
        hand_over: HandOver,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._debtor_ids = debtor_ids
        self._engine = engine
        self._journal = journal
        self._open_app = open_app
        self._hand_over = hand_over
        self._serving = serving
        self._key = key
        self._refused: dict[str, tuple[Pointer, int]] = {}
        self._shadow: Shadow | None = None
        self._stop = Event()
        self._thread: Thread | None = None

    @property
    def serving(self) -> Versions:
        """Which model and records answer now."""
        return self._serving

    def start(self, seconds: float = LOOK_SECONDS) -> None:
        """Look in the background."""
        self._thread = Thread(target=self._watch, args=(seconds,), name="succession", daemon=True)
        self._thread.start()

    def stop(self, wait_seconds: float = 10.0) -> None:
        """Stop looking."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(wait_seconds)

    def look(self) -> None:
        """Look once; whatever fails is journalled or logged and leaves the service as it is."""
        for name, take_up in ((POINTER, self._take_up), (SHADOW, self._take_up_shadow)):
            try:
                self._follow(name, take_up)
            except Exception:
                log.exception("a model could not be taken up")
        try:
            while self._shadow is not None and not self._stop.is_set() and self._shadow.score_new():
                pass
        except Exception:
            log.exception("the shadow failed and is let go")
            self._shadow = None

    def _watch(self, seconds: float) -> None:
        while not self._stop.wait(seconds):
            self.look()

    def _follow(self, name: str, take_up: Callable[[Bundle], None]) -> None:
        pointer = pointed(self._store, name)
        if name == SHADOW and pointer is None:
            self._shadow = None
        now = self._shadow.version if name == SHADOW and self._shadow else self._serving.model
        if pointer is None or str(pointer.version) == now:
            return
        told = (pointer, _changed(self._store / name))
        if self._refused.get(name) == told:
            return
        self._refused[name] = told  # until it has gone well: not tried again every few seconds
        try:
            take_up(self._bundle(pointer, name))
        except Exception as why:
            known = isinstance(why, BundleProblem)
            ground = str(why) if known else f"モデルを使えません({type(why).__name__})。"
            self._journal.append(ACTOR, ModelRefused("", str(pointer.version), ground))
            if not known:
                raise
        else:
            del self._refused[name]

    def _bundle(self, pointer: Pointer, name: str) -> Bundle:
        folder = unharmed(self._store, pointer)
        if folder is None:
            raise BundleProblem(
                f"モデル第{pointer.version}版の手元のファイルが登録時と異なります(破損の疑い)。{_AGAIN[name]}"
            )
        return load_bundle(folder, folder.name, self._key)

    def _take_up(self, bundle: Bundle) -> None:
        former = self._serving
        versions = Versions(bundle.version, self._ledger.fingerprint)
        declined = declined_pairs(self._journal, versions)
        kept = former_models(self._store, self._ledger, self._key)
        office = office_over(self._ledger, bundle, self._debtor_ids, declined=declined, kept=kept)
        Worklist(self._engine, office, former).prepare()
        rehearse(office)
        look_through(office)
        self._hand_over(self._open_app(office, former))
        self._serving = office.versions
        if self._shadow is not None and self._shadow.version == bundle.version:
            self._shadow = None
        self._journal.append(
            ACTOR, ModelServed("", office.versions.model, office.versions.data, former.model)
        )

    def _take_up_shadow(self, bundle: Bundle) -> None:
        self._shadow = Shadow(self._journal, shadow_over(self._ledger, bundle, PLACES))


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
