"""What the intake has to say of a folder: cells it could not read, values it restored, reasons to refuse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

WHOLE_ROW = "(row)"
"""Stands for the column of a fault that concerns the row as such (too few or too many fields)."""


@dataclass(frozen=True)
class Fault:
    """A cell for which a row was set aside.

    ``line`` is the 1-based physical line of the file on which the row begins; ``column`` is the contract's
    name (or ``WHOLE_ROW``); ``found`` is that one cell and no other; ``wanted`` says in Japanese what
    would have been read.
    """

    table: str
    line: int
    column: str
    found: str
    wanted: str


@dataclass(frozen=True)
class Repair:
    """Something that was restored without doubt: ``count`` cells of ``column`` ("": rows)."""

    table: str
    column: str
    count: int
    sentence: str


class FolderRefused(ValueError):  # noqa: N818 (reads as what happened)
    """The folder cannot be used; ``refusals`` holds every reason as one Japanese sentence each.

    >>> str(FolderRefused(["一つ目。", "二つ目。"])).splitlines()
    ['一つ目。', '二つ目。']
    """

    def __init__(self, refusals: Iterable[str]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("\n".join(self.refusals))
