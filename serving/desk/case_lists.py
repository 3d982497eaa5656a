"""The use cases of the worklist: a page of it, how many cases bear each mark; every view is journalled."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from serving.desk.listed_case import WorklistPage
from serving.desk.scope import Scope
from serving.desk.veil import Veils
from serving.desk.worklist import Worklist
from serving.desk.worklist_filters import Filters
from serving.records.entry import Clock
from serving.records.events import WorklistViewed
from serving.records.identity import Right, User
from serving.records.journal import Journal
from serving.wording import JAPAN


class CaseLists:
    """Every use case checks the right first, keeps to what the user may see, and journals the view."""

    def __init__(self, worklist: Worklist, scope: Scope, journal: Journal, clock: Clock) -> None:
        self._worklist = worklist
        self._scope = scope
        self._veils = Veils(journal)
        self._journal = journal
        self._clock = clock

    def page(
        self,
        user: User,
        filters: Filters,
        page: int,
        size: int,
        sort: str = "worth",
        *,
        nearest: bool = False,
    ) -> WorklistPage:
        """Return one page of the worklist; ``nearest``: the last page where there are fewer."""
        user.require(Right.CASES)
        found = self._worklist.page(
            filters,
            page,
            size,
            sort,
            reach=self._scope.reach(user),
            today=self.today,
            nearest=nearest,
            veil=self._veils.of(user),
        )
        asked = {name: value for name, value in asdict(filters).items() if value not in ("", None, "all")}
        self._journal.append(user.name, WorklistViewed("", asked, sort, found.page, len(found.lines)))
        return found

    def counts(self, user: User, staff_id: str = "") -> dict[str, int]:
        """Return how many of the cases (of ``staff_id``, "" of all) bear each mark."""
        user.require(Right.CASES)
        return self._worklist.counts(staff_id, reach=self._scope.reach(user), today=self.today)

    def tie(self, user: User) -> str:
        """Return how an account is tied to the records' staff: tied, none or unknown."""
        return self._scope.tie(user)

    @property
    def today(self) -> date:
        """The day it is in Japan."""
        return self._clock().astimezone(JAPAN).date()
