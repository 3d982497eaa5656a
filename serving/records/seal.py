"""Whether the journal is as it was written: checked in full once, then only what came since."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from threading import Lock, Thread

from serving.records.entry import GENESIS, Clock, Entry, first_break, instant
from serving.records.journal import Journal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sealed:
    """How far the chain was checked. ``full_at``: when it was last checked from its beginning ("": not yet).

    ``seq`` and ``digest`` are those of the last entry found whole; ``broken_at`` is the first that is not
    as it was written, or is missing (None: none).
    """

    seq: int = 0
    digest: str = GENESIS
    full_at: str = ""
    broken_at: int | None = None

    @property
    def whole(self) -> bool:
        """Whether everything that was checked is as it was written."""
        return self.broken_at is None


class Seal:
    """Watches over one journal for as long as the process lives.

    What was checked is remembered in memory, so a change made later to an entry checked before shows at the
    next full check alone: the page says when that was, and asks for a new one on demand.
    """

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._lock = Lock()
        self._state = Sealed()
        self._stop = False
        self._thread: Thread | None = None

    @property
    def state(self) -> Sealed:
        """What is known without checking anything."""
        return self._state

    def check(self, full: bool = False) -> Sealed:
        """Check what came since the last time; ``full``: everything from the first entry.

        While a first full check is under way in the background, what it has come to is returned at once.
        """
        if not full and self._lock.locked() and not self._state.full_at:
            return self._state
        with self._lock:
            if full or not self._state.full_at or not self._stands():
                self._from_the_beginning()
            elif self._state.whole:
                self._go_on()
            return self._state

    def start(self) -> None:
        """Check everything in the background, so that no page has to wait for it."""
        self._thread = Thread(target=self._quietly, name="seal", daemon=True)
        self._thread.start()

    def stop(self, wait_seconds: float = 10.0) -> None:
        """End the background check and wait for it."""
        self._stop = True
        if self._thread is not None:
            self._thread.join(wait_seconds)

    def _stands(self) -> bool:
        """Return whether the last entry found whole is still there, and the same."""
        if self._state.seq == 0:
            return True
        entry = self._journal.entry(self._state.seq)
        return entry is not None and entry.digest == self._state.digest

    def _from_the_beginning(self) -> None:
        known, began = self._state, instant(self._clock())
        self._state = replace(self._state, seq=0, digest=GENESIS, broken_at=None)
        self._go_on()
        if self._stop:
            return
        if self._state.whole and self._state.seq < known.seq:  # entries that were there are gone
            self._state = replace(self._state, broken_at=self._state.seq + 1)
        self._state = replace(self._state, full_at=began)

    def _go_on(self) -> None:
        start = self._state
        broken = first_break(self._noted(self._journal.stream(start.seq)), start.seq, start.digest)
        if broken is not None:
            self._state = replace(self._state, broken_at=broken)

    def _noted(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Pass entries on; one is noted as whole once the next is asked for."""
        for entry in entries:
            if self._stop:
                return
            yield entry
            self._state = replace(self._state, seq=entry.seq, digest=entry.digest)

    def _quietly(self) -> None:
        try:
            self.check(full=True)
        except Exception:
            log.exception("checking the journal failed")
