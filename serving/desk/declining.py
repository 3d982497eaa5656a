"""Declining: the officer to whom a case is proposed says that they cannot take it."""

from __future__ import annotations

from dataclasses import dataclass

from serving.desk.declines import KINDS, Decline, standing
from serving.desk.supervision import LONGEST_REASON, Supervision
from serving.office.office import Office
from serving.records.entry import Entry
from serving.records.events import CaseDeclined
from serving.records.identity import Right, User
from serving.records.journal import Journal
from serving.wording import refusal


@dataclass(frozen=True)
class DeclineView:
    """For whom a case can be declined ("": nobody), and the declines that stand and can be taken back."""

    staff_id: str
    standing: tuple[Decline, ...]


class Declining:
    """Every use case checks the right first, then acts, and journals what happened."""

    def __init__(self, office: Office, journal: Journal, supervision: Supervision) -> None:
        self._office = office
        self._journal = journal
        self._supervision = supervision

    def of_case(self, user: User, debtor_id: str) -> list[Decline]:
        """Return the declines of a case that stand."""
        user.require(Right.CASES)
        return standing(self._journal.entries(kinds=KINDS, debtor_id=debtor_id))

    def may(self, user: User, staff_id: str) -> bool:
        """Return whether ``user`` may speak for an officer: themselves, or a supervisor for everybody."""
        own = bool(user.staff_id) and user.staff_id == staff_id
        return user.may(Right.ASSIGN) or (own and user.may(Right.DECIDE))

    def view(self, user: User, debtor_id: str) -> DeclineView:
        """Return what ``user`` may say about taking a case; why somebody else declined is not told."""
        proposal = self._supervision.proposal(debtor_id)
        stand = [each for each in self.of_case(user, debtor_id) if self.may(user, each.staff_id)]
        staff_id = proposal.staff_id if proposal and self.may(user, proposal.staff_id) else ""
        return DeclineView("" if staff_id in {each.staff_id for each in stand} else staff_id, tuple(stand))

    def decline(self, user: User, debtor_id: str, reason: str) -> Entry:
        """Journal that the officer to whom a case is proposed cannot take it, and why."""
        user.require(Right.CASES)
        return self._journal.append(user.name, lambda: self._declined(user, debtor_id, reason.strip()))

    def withdraw(self, user: User, debtor_id: str, staff_id: str) -> Entry:
        """Journal that a decline is taken back."""
        user.require(Right.CASES)
        return self._journal.append(user.name, lambda: self._withdrawn(user, debtor_id, staff_id))

    def _declined(self, user: User, debtor_id: str, reason: str) -> CaseDeclined:
        if debtor_id not in self._office.case_ids:
            raise refusal("case_unknown")
        proposal = self._supervision.proposal(debtor_id)
        if proposal is None:
            raise refusal("case_not_proposed")
        if not self.may(user, proposal.staff_id):
            raise refusal("forbidden")
        if any(each.staff_id == proposal.staff_id for each in self.of_case(user, debtor_id)):
            raise refusal("declined_already")
        if not reason:
            raise refusal("decline_reason_missing")
        return self._event(debtor_id, proposal.staff_id, reason[:LONGEST_REASON], withdrawn=False)

    def _withdrawn(self, user: User, debtor_id: str, staff_id: str) -> CaseDeclined:
        if not self.may(user, staff_id):
            raise refusal("forbidden")
        if all(each.staff_id != staff_id for each in self.of_case(user, debtor_id)):
            raise refusal("decline_unknown")
        return self._event(debtor_id, staff_id, "", withdrawn=True)

    def _event(self, debtor_id: str, staff_id: str, reason: str, *, withdrawn: bool) -> CaseDeclined:
        versions = self._office.versions
        return CaseDeclined(debtor_id, staff_id, reason, withdrawn, versions.model, versions.data)
