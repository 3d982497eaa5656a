"""The shelf of advice: kept for the latest cases, and prepared for those likely to be asked for next.

One case costs 0.15 to 0.25 seconds, most of it the fixed cost of its tables; ten at once cost little more.
So the cases of a list that somebody looks at are advised on in the background, some at a time.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock, Thread
from typing import Protocol

from models.advice import CaseAdvice
from models.slots import Slots

AT_ONCE = 10
"""Cases advised on together in the background: few, so that a request meanwhile does not wait long."""

log = logging.getLogger(__name__)

Key = tuple[str, Slots | None]


class Advising(Protocol):
    """What gives advice about cases."""

    def advise(
        self, debtor_ids: Sequence[str], top: int = 10, slots: Slots | None = None
    ) -> list[CaseAdvice]:
        """Return the advice for the given cases, in their order."""


class AdviceShelf:
    """The advice about the ``kept`` latest cases of one adviser, as the records stood at the export."""

    def __init__(self, adviser: Advising, top: int, kept: int) -> None:
        self._adviser = adviser
        self._top = top
        self._kept = kept
        self._lock = Lock()
        self._advice: OrderedDict[Key, CaseAdvice] = OrderedDict()
        self._wanted: list[Key] = []
        self._thread: Thread | None = None

    def advice(self, debtor_id: str, slots: Slots | None = None) -> CaseAdvice:
        """Return the advice about one case."""
        with self._lock:
            found = self._advice.get((debtor_id, slots))
            if found is not None:
                self._advice.move_to_end((debtor_id, slots))
                return found
        (found,) = self._adviser.advise([debtor_id], self._top, slots)
        self._keep([debtor_id], slots, [found])
        return found

    def expect(self, debtor_ids: Sequence[str], slots: Slots | None = None) -> None:
        """Prepare the advice for ``debtor_ids`` in the background; what was wanted before is given up."""
        with self._lock:
            self._wanted = [(each, slots) for each in debtor_ids if (each, slots) not in self._advice]
            if self._wanted and self._thread is None:
                self._thread = Thread(target=self._prepare, name="advice", daemon=True)
                self._thread.start()

    def wait(self, seconds: float = 10.0) -> None:
        """Wait until what is wanted is there."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _prepare(self) -> None:
        while True:
            with self._lock:
                wanted = [key for key in self._wanted if key not in self._advice]
                now, self._wanted = wanted[:AT_ONCE], wanted[AT_ONCE:]
                if not now:
                    self._thread = None
                    return
            slots = now[0][1]
            ids = [debtor_id for debtor_id, _ in now]
            try:
                self._keep(ids, slots, self._adviser.advise(ids, self._top, slots))
            except Exception:  # the page of the case itself will say so; nobody waits for this
                log.exception("preparing advice failed")

    def _keep(self, ids: Sequence[str], slots: Slots | None, advice: Sequence[CaseAdvice]) -> None:
        with self._lock:
            for debtor_id, each in zip(ids, advice, strict=True):
                self._advice[debtor_id, slots] = each
            while len(self._advice) > self._kept:
                self._advice.popitem(last=False)
