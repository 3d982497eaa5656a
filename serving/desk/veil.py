"""The veil: which lines of a list may not yet name their first target to somebody.

A case that may be drawn to be chosen before its ranking is seen must not tell it in the list. To veil the
drawn ones alone would tell who is drawn, and they could be passed over: so all are veiled until opened.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from serving.desk.trial_setting import in_force
from serving.desk.worklist_roll import Roll
from serving.records.events import BlindChoiceMade, CaseOpened, DecisionMade, RecommendationShown
from serving.records.identity import Right, User
from serving.records.journal import Journal

OPENED = CaseOpened.__name__
KINDS = (OPENED, BlindChoiceMade.__name__, RecommendationShown.__name__, DecisionMade.__name__)


@dataclass(frozen=True)
class Veil:
    """``drawing``: cases are drawn; ``seen``: their ranking was shown; ``pending``: opened and not shown."""

    drawing: bool = False
    seen: frozenset[str] = frozenset()
    pending: frozenset[str] = frozenset()

    def hides(self, debtor_id: str, state: str) -> bool:
        """Return whether the line of a case in a ``state`` of the worklist says nothing of its ranking."""
        untouched = state == "open" and debtor_id not in self.seen
        return debtor_id in self.pending or (self.drawing and untouched)

    def mask(self, roll: Roll) -> npt.NDArray[np.bool_]:
        """Return which lines say nothing of their ranking, (lines,)."""
        hidden = np.isin(roll["debtor_id"], sorted(self.pending))
        if self.drawing:
            hidden |= (roll["state"] == "open") & ~np.isin(roll["debtor_id"], sorted(self.seen))
        return np.asarray(hidden, dtype=bool)


class Veils:
    """The veil of each user, kept up entry by entry."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._kept: dict[str, tuple[int, dict[str, str]]] = {}

    def of(self, user: User) -> Veil:
        """Return the veil of a user; whoever cannot choose spoils no comparison and sees everything."""
        if not user.may(Right.DECIDE):
            return Veil()
        last = self._last(user.name)
        pending = frozenset(case for case, kind in last.items() if kind == OPENED)
        return Veil(in_force(self._journal).blind > 0, frozenset(last) - pending, pending)

    def _last(self, actor: str) -> dict[str, str]:
        """Return the kind of the last entry of ``KINDS`` that somebody made about each case."""
        seq, known = self._kept.get(actor, (0, {}))
        new = self._journal.outlines(KINDS, actor, since=seq + 1)
        if new:
            known = known | {debtor_id: kind for _, kind, debtor_id in new}
            self._kept[actor] = new[-1][0], known
        return known
