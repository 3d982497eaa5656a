"""Whose cases somebody may see: the one rule behind the worklist, the case page, a choice, a reply."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.advice import CaseAdvice, RankedTarget
from serving.desk.case_state import Hands, hands_now
from serving.desk.worklist_filters import Reach
from serving.office.office import Office
from serving.records.entry import Entry
from serving.records.events import AssignmentChanged, CaseRefused
from serving.records.identity import Right, Role, User
from serving.records.journal import Journal
from serving.settings import Settings
from serving.wording import refusal

CHANGES = (AssignmentChanged.__name__,)


class Scope:
    """An officer sees the office's cases (its team), or with ``officer_scope`` own only the officer's own.

    A case is an officer's own when it is proposed for or in the hands of the officer's staff_id; what a
    supervisor last changed overrides both. A case with support measures is open to its own officer,
    supervisors and auditors alone, whatever the setting.
    """

    def __init__(self, office: Office, journal: Journal, settings: Settings) -> None:
        self._office = office
        self._journal = journal
        self._own_only = settings.officer_scope == "own"

    def reach(self, user: User) -> Reach:
        """Return which cases are listed for somebody."""
        if user.role is not Role.OFFICER:
            return Reach()
        return Reach(user.staff_id, every=not self._own_only, protected=False)

    def tie(self, user: User) -> str:
        """Return how an account is tied to the records' staff: tied, none or unknown."""
        if not user.staff_id:
            return "none"
        return "tied" if user.staff_id in self._office.oversight.known_staff else "unknown"

    def require(self, user: User, debtor_id: str) -> None:
        """Refuse somebody who may not see a case, and journal the refusal.

        What was typed and is no case is not journalled. Where all cases are open to somebody, an unknown
        one is not refused here: whoever reads it next finds that there is none.
        """
        user.require(Right.CASES)
        reach = self.reach(user)
        shielded = not reach.protected and debtor_id in self._office.protected_ids
        if (reach.every and not shielded) or self._is_own(user, debtor_id):
            return
        code = "case_protected" if shielded else "case_foreign"
        if self._is_case(debtor_id):
            self._journal.append(user.name, CaseRefused(debtor_id, code.removeprefix("case_"), shielded))
        raise refusal(code)

    def named(self, user: User, debtor_ids: Iterable[str]) -> frozenset[str]:
        """Return those of ``debtor_ids`` whose number somebody may read where they are an example.

        Where officers see their own cases alone, an example of another's case says what happened, not whose
        it is (地方税法 22: no more than the work needs).
        """
        wanted = frozenset(debtor_ids)
        return wanted if self.reach(user).every else self._own_among(user, wanted)

    def anonymised(self, user: User, advice: CaseAdvice) -> CaseAdvice:
        """Return an advice whose precedents name only debtors that somebody may read the number of."""
        examples = frozenset(past.debtor_id for each in advice.targets for past in each.precedents)
        named = self.named(user, examples)
        if named == examples:
            return advice
        return replace(advice, targets=tuple(_anonymised(target, named) for target in advice.targets))

    def _is_case(self, debtor_id: str) -> bool:
        ids = self._office.case_ids  # ascending
        place = bisect_left(ids, debtor_id)
        return place < len(ids) and ids[place] == debtor_id

    def _is_own(self, user: User, debtor_id: str) -> bool:
        return bool(user.staff_id) and user.staff_id in self._hands(
            debtor_id, self._journal.entries(kinds=CHANGES, debtor_id=debtor_id)
        )

    def _own_among(self, user: User, debtor_ids: frozenset[str]) -> frozenset[str]:
        """Return which of many cases are somebody's own; the journal is asked once for all."""
        if not user.staff_id or not debtor_ids:
            return frozenset()
        changes: dict[str, list[Entry]] = {}
        for entry in self._journal.entries(kinds=CHANGES):
            changes.setdefault(entry.debtor_id, []).append(entry)
        return frozenset(
            each for each in debtor_ids if user.staff_id in self._hands(each, changes.get(each, ()))
        )

    def _hands(self, debtor_id: str, changes: Sequence[Entry]) -> tuple[str, str]:
        proposal = self._office.proposal(debtor_id)
        held = str(self._office.oversight.held.get(debtor_id, ""))
        return hands_now(changes, Hands(proposal.staff_id if proposal else "", held), self._office.versions)


def _anonymised(target: RankedTarget, named: frozenset[str]) -> RankedTarget:
    past = (each if each.debtor_id in named else replace(each, debtor_id="") for each in target.precedents)
    return replace(target, precedents=tuple(past))
