"""An entry of the journal: what it holds, and the chain of digests that ties it to the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from serving.wording import refusal

Clock = Callable[[], datetime]

GENESIS = "0" * 64
"""What the first entry calls the digest before it."""


@dataclass(frozen=True)
class Entry:
    """One line of the journal. ``digest`` covers every other field, ``previous`` included."""

    seq: int
    at: str
    kind: str
    actor: str
    debtor_id: str
    body: str
    previous: str
    digest: str

    @property
    def content(self) -> Content:
        """Return what the digest covers."""
        return (self.seq, self.at, self.kind, self.actor, self.debtor_id, self.body, self.previous)

    @property
    def intact(self) -> bool:
        """Whether it is as it was written, by its own digest; whether others are missing, it cannot tell."""
        return self.digest == digest_of(self.content)

    @property
    def readable(self) -> bool:
        """Whether its body can be read at all: one that was changed behind the program's back may not be."""
        return self._read is not None

    @property
    def facts(self) -> dict[str, Any]:
        """The event's fields: read once, for whoever asks; not to be written to.

        Refuses (``entry_damaged``) a body that cannot be read.
        """
        if self._read is None:
            raise refusal("entry_damaged")
        return self._read

    @cached_property
    def _read(self) -> dict[str, Any] | None:
        try:
            read = json.loads(self.body)
        except ValueError:
            return None
        return read if isinstance(read, dict) else None


def instant(moment: datetime) -> str:
    """Write a moment as ISO 8601 in UTC with milliseconds.

    >>> instant(datetime(2026, 4, 1, 9, 0, tzinfo=UTC))
    '2026-04-01T09:00:00.000+00:00'
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def canonical(facts: object) -> str:
    """Write facts as JSON in one way only: sorted keys, no spaces, dates in ISO form, records by field."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


Content = tuple[int, str, str, str, str, str, str]
"""seq, at, kind, actor, debtor_id, body and the digest before: what an entry's digest covers."""


def digest_of(content: Content) -> str:
    """Return the SHA-256 (hex) of an entry's content and of the digest before it."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def first_break(entries: Iterable[Entry], after: int = 0, previous: str = GENESIS) -> int | None:
    """Return the seq of the first entry that is not as it was written, None when all are.

    ``entries`` follow the entry ``after``, whose digest is ``previous``.
    """
    expected = after + 1
    for entry in entries:
        if (entry.seq, entry.previous) != (expected, previous) or not entry.intact:
            return expected
        previous, expected = entry.digest, expected + 1
    return None


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    raise TypeError(f"{type(value).__name__} cannot be journalled")
