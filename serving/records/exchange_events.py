"""What went out and came in, as small frozen records in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from serving.records.events import Event


@dataclass(frozen=True)
class BatchMade(Event):
    """Inquiries of finished choices went out together; each choice goes out once.

    ``items`` hold {number, decision, debtor_id, target_kind, target_code, means, actor, staff_id,
    articles}.
    ``restricted``: of protected cases, to be seen by few. ``in_year``: the number of the batch within
    ``fiscal_year`` (from April), from 1; 0 in entries from before batches were numbered by year.
    """

    requested_on: str = ""
    staff_id: str = ""
    items: tuple[dict[str, Any], ...] = ()
    restricted: bool = False
    fiscal_year: int = 0
    in_year: int = 0


@dataclass(frozen=True)
class BatchTaken(Event):
    """Somebody opened a batch or took a file of it. ``form`` is page, api, command, csv, xlsx or letters.

    ``restricted``: of protected cases; False in entries from before it was kept.
    """

    batch: int = 0
    form: str = ""
    target_kind: str = ""
    target_code: str = ""
    restricted: bool = False


@dataclass(frozen=True)
class BatchRefused(Event):
    """Somebody was refused a batch. ``ground`` is protected, foreign or mixed (a file with others' cases)."""

    batch: int = 0
    form: str = ""
    ground: str = ""
    restricted: bool = False


@dataclass(frozen=True)
class ChoiceSetAside(Event):
    """The inquiries of a choice are not sent from here; ``reason`` says why."""

    decision: int = 0
    reason: str = ""


@dataclass(frozen=True)
class ReplyFileImported(Event):
    """A file of replies was read; ``replies`` of them are new, ``known`` stood in the journal before."""

    digest: str = ""
    layout: str = ""
    replies: int = 0
    known: int = 0


@dataclass(frozen=True)
class ReplyFileRefused(Event):
    """A file of replies was refused and nothing of it kept; ``ground`` is the code of the reason."""

    digest: str = ""
    ground: str = ""
    faults: int = 0
