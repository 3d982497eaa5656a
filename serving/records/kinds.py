"""Every kind of event that a journal may hold."""

from __future__ import annotations

from serving.records import exchange_events, model_events  # noqa: F401 - a kind is known once it is defined
from serving.records.events import Event


def event_kinds() -> tuple[str, ...]:
    """Return the names of all kinds, in alphabetical order.

    >>> "CaseViewed" in event_kinds()
    True
    """
    return tuple(sorted(each.__name__ for each in Event.__subclasses__()))
