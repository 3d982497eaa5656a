"""Whose inquiries and replies somebody sees: where officers see their own cases alone, no others'.

A batch may hold cases of several officers. Somebody else's are counted and not named, and its files, which
hold them all, are for those who see them all. Who made a batch opens it whole: what it held was theirs that
day, and somebody has to be able to send it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from serving.desk.register import Batch
from serving.desk.scope import Scope
from serving.records.identity import User


class ExchangeReach:
    """What the scope of a desk means for the exchange. Without a scope (at the terminal) all is seen."""

    def __init__(self, scope: Scope | None = None) -> None:
        self._scope = scope

    def own_only(self, user: User) -> bool:
        """Return whether somebody sees their own cases alone."""
        return self._scope is not None and not self._scope.reach(user).every

    def named(self, user: User, debtor_ids: Iterable[str]) -> frozenset[str]:
        """Return those of ``debtor_ids`` of which somebody sees what was asked and answered."""
        return frozenset(debtor_ids) if self._scope is None else self._scope.named(user, debtor_ids)

    def batches(self, user: User, batches: Iterable[Batch]) -> list[Batch]:
        """Return the batches of which somebody sees something, each with what they see of it."""
        made = list(batches)
        if not self.own_only(user):
            return made
        named = self.named(user, {item.debtor_id for batch in made for item in batch.items})
        return [batch for batch in (_seen(user, each, named) for each in made) if batch is not None]


def _seen(user: User, batch: Batch, named: frozenset[str]) -> Batch | None:
    if batch.actor == user.name:
        return batch
    items = tuple(item for item in batch.items if item.debtor_id in named)
    return replace(batch, items=items, others=len(batch.items) - len(items)) if items else None
