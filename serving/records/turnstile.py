"""A turnstile: one goes through at a time, a few wait, and whoever comes then is sent away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from serving.wording import refusal


class Turnstile:
    """Lets one thread through at a time; ``places`` counts that one and those who may wait."""

    def __init__(self, places: int) -> None:
        self._places = BoundedSemaphore(places)
        self._one_at_a_time = Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn. Raises Problem ``login_busy`` at once where no place is left to wait in.

        Who waits holds a thread that the pages need: a crowd must not take them all.
        """
        if not self._places.acquire(blocking=False):
            raise refusal("login_busy")
        try:
            with self._one_at_a_time:
                yield
        finally:
            self._places.release()
