"""The door of a batch: who may open it as what, and the journal of who did and who was refused."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from serving.desk.exchange_reach import ExchangeReach
from serving.desk.register import Batch
from serving.office.correspondence import Addressing
from serving.problems import Problem
from serving.records.exchange_events import BatchRefused, BatchTaken
from serving.records.identity import Role, User
from serving.records.journal import Journal
from serving.wording import refusal

LISTED = ("page", "api")
"""Forms of a batch that list it; the others are files to be sent."""

GROUNDS: Mapping[str, str] = MappingProxyType(
    {"forbidden": "protected", "batch_foreign": "foreign", "batch_mixed": "mixed"}
)
"""Why a batch is closed to somebody, by the code of the refusal."""


class BatchDoor:
    """Protected batches (支援措置) are open to their officer, supervisors and auditors alone."""

    def __init__(self, office: Addressing, journal: Journal, reach: ExchangeReach) -> None:
        self._office = office
        self._journal = journal
        self._reach = reach

    def open(self, user: User, batch: Batch, form: str, kind: str, code: str) -> Batch:
        """Return what somebody sees of a batch; that it was opened, or refused, is journalled.

        Refuses ``forbidden`` (protected), ``batch_foreign`` (nothing of it is the reader's), ``batch_mixed``
        (a file, of which the reader does not see all), ``batch_unknown`` (it holds nothing to be handed out
        so): of the last nothing is journalled, as nothing was asked for that there is.
        """
        protected = self._protected(batch)
        try:
            seen = self._seen(user, batch, form)
        except Problem as refused:
            ground = GROUNDS[refused.code]
            event = BatchRefused(_one_debtor(batch), batch.number, form, ground, protected)
            self._journal.append(user.name, event)
            raise
        if not seen.part(form, kind, code):
            raise refusal("batch_unknown")
        taken = BatchTaken(_one_debtor(seen), batch.number, form, kind, code, protected)
        self._journal.append(user.name, taken)
        return seen

    def may_open(self, user: User, batch: Batch) -> bool:
        """Return whether a batch may be opened as far as protected cases go."""
        if not self._protected(batch) or user.role is Role.AUDITOR:
            return True
        return any(may_see(user, actor) for actor in {batch.actor, *(item.actor for item in batch.items)})

    def _seen(self, user: User, batch: Batch, form: str) -> Batch:
        if not self.may_open(user, batch):
            raise refusal("forbidden")
        seen = self._reach.batches(user, [batch])
        if not seen:
            raise refusal("batch_foreign")
        if seen[0].others and form not in LISTED:
            raise refusal("batch_mixed")
        return seen[0]

    def _protected(self, batch: Batch) -> bool:
        """Return whether a batch is of protected cases; a case that was protected since makes it so."""
        restricted = self._office.correspondence.restricted
        return batch.restricted or any(item.debtor_id in restricted for item in batch.items)


def may_see(user: User, actor: str) -> bool:
    """Return whether somebody may send, or take the reply to, what ``actor`` chose about a protected case."""
    return user.name == actor or user.role is Role.SUPERVISOR


def _one_debtor(batch: Batch) -> str:
    debtors = {item.debtor_id for item in batch.items}
    return debtors.pop() if len(debtors) == 1 else ""
