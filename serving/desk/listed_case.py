"""A line of the worklist with how its case stands, and a page of such lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from serving.office.office import CaseLine


@dataclass(frozen=True)
class ListedCase(CaseLine):
    """A line with how the case stands. ``staff_id`` is whose it is now, ``proposed`` who was proposed.

    ``beside`` has it in hand though another is proposed; the rest is as in ``CaseState``. ``withheld``: what
    the ranking says is told when the case is opened.
    """

    proposed: str = ""
    beside: str = ""
    state: str = "open"
    asked: int = 0
    waiting: int = 0
    replies: int = 0
    decided_on: date | None = None
    withheld: bool = False

    def __hash__(self) -> int:
        """Hash what tells lines apart, not each of their columns; equality compares everything."""
        return hash((self.debtor_id, self.state, self.asked, self.replies, self.withheld))

    def veiled(self) -> ListedCase:
        """Return the line without its first target; the yen of the case name none, and order the list."""
        return replace(self, withheld=True, top_kind="", top_name="", probability=None)


@dataclass(frozen=True)
class WorklistPage:
    """One page of the worklist; ``total`` counts every page.

    ``drawing``: cases are drawn, so what its reader has not opened names no target.
    """

    lines: tuple[ListedCase, ...]
    page: int
    size: int
    total: int
    drawing: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))
