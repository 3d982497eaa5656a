"""How a case stands by the journal: chosen or not, waiting for whom, what came in, whose it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from serving.desk.choice import TargetKey
from serving.desk.replies import standing
from serving.office.office import Versions
from serving.records.entry import Entry
from serving.records.events import AssignmentChanged, DecisionMade, ReplyReceived
from serving.wording import JAPAN

KINDS = (DecisionMade.__name__, ReplyReceived.__name__, AssignmentChanged.__name__)
"""The entries that a state rests on."""

STATES = ("replied", "open", "waiting", "settled")
REPLIED_BAND, OPEN_BAND, FINISHED_BAND, ROUTED_BAND = range(4)

AnsweredOn = Callable[[TargetKey, date], "date | None"]
"""What the records know of a target asked on a day or later: the day of the last answer."""


@dataclass(frozen=True)
class Hands:
    """Who is proposed for a case, and who has it in hand by the records ("" nobody)."""

    proposed: str = ""
    held: str = ""


@dataclass(frozen=True)
class CaseState:
    """``state``: open (nothing chosen), waiting, replied (since the choice), settled (nothing to wait for).

    ``asked``: targets chosen, ``waiting``: those without a reply, ``replies``: that came in since the last
    choice. ``holder``: whose case it is; ``beside``: who has it in hand though another is proposed.
    """

    state: str = "open"
    holder: str = ""
    beside: str = ""
    asked: int = 0
    waiting: int = 0
    replies: int = 0
    decided_on: date | None = None

    def band(self, routed: bool) -> int:
        """Return the part of the worklist a case stands in: replies, open work, finished, routed."""
        if routed:
            return ROUTED_BAND
        return {"replied": REPLIED_BAND, "open": OPEN_BAND}.get(self.state, FINISHED_BAND)


def state_of(
    entries: Sequence[Entry], hands: Hands, versions: Versions, answered_on: AnsweredOn
) -> CaseState:
    """Return the state of one case from its ``entries`` of ``KINDS``, oldest first."""
    holder, beside = hands_now(entries, hands, versions)
    replies = standing(entry for entry in entries if entry.kind == ReplyReceived.__name__)
    chosen = [entry for entry in entries if entry.kind == DecisionMade.__name__]
    if not chosen:
        return CaseState("replied" if replies else "open", holder, beside, replies=len(replies))
    last, when = chosen[-1], {entry.seq: _day(entry) for entry in chosen}
    asked = {target: entry for entry in chosen for target in _targets(entry)}
    told = {(each.target_kind, each.target_code): each.number for each in replies}  # the latest of each
    waiting, news = 0, sum(each.number > last.seq for each in replies)
    for target, entry in asked.items():
        if told.get(target, 0) > entry.seq:
            continue
        recorded = answered_on(target, when[entry.seq])
        waiting += recorded is None
        news += recorded is not None and recorded >= when[last.seq]
    state = "replied" if news else "waiting" if waiting else "settled"
    return CaseState(state, holder, beside, len(asked), waiting, news, when[last.seq])


def hands_now(entries: Sequence[Entry], hands: Hands, versions: Versions) -> tuple[str, str]:
    """Return whose the case is, and who has it in hand besides; a supervisor's last change overrides both.

    Changes of other proposals than those of ``versions`` are passed over.
    """
    changes = [
        entry.facts
        for entry in entries
        if entry.kind == AssignmentChanged.__name__ and _speaks_of(entry, versions)
    ]
    if hands.proposed and changes:
        return str(changes[-1]["staff_to"]), ""
    holder = hands.proposed or hands.held
    return holder, hands.held if hands.held != holder else ""


def _speaks_of(entry: Entry, versions: Versions) -> bool:
    return (entry.facts["model_version"], entry.facts["data_version"]) == (versions.model, versions.data)


def _targets(entry: Entry) -> list[TargetKey]:
    facts = entry.facts
    return [(each["target_kind"], each["target_code"]) for each in (*facts["accepted"], *facts["added"])]


def _day(entry: Entry) -> date:
    return datetime.fromisoformat(entry.facts["decided_at"]).astimezone(JAPAN).date()
