"""A line of the worklist as it is read: every word chosen here, so that the template only sets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.advice import LIKELY
from serving.desk.listed_case import ListedCase
from serving.desk.worklist_filters import SILENT_DAYS, SOON_DAYS
from serving.wording import Wording

NONE = "―"


@dataclass(frozen=True)
class Tag:
    """A mark on a line; ``look`` is a class of the style sheet."""

    text: str
    look: str = ""


@dataclass(frozen=True)
class RowView:
    """One line in words. ``faded``: nothing is to be done now; ``whose`` says more about the officer."""

    debtor_id: str
    faded: bool
    tags: tuple[Tag, ...]
    arrears: str
    expected: str
    minutes: str
    top: str
    odds: str
    kind: str
    prescribes: str
    soon: str
    staff: str
    whose: str


def row_view(line: ListedCase, w: Wording, records: date, today: date, all_late: bool) -> RowView:
    """Lay out one line; ``all_late``: a 督促 that was sent late is marked (most cases have one)."""
    lapsed = line.lapses_on is not None and line.lapses_on <= today
    # What was forecast before the choice is no longer what the case page says; lapsed, it says nothing.
    begun = line.state != "open" or lapsed
    return RowView(
        debtor_id=line.debtor_id,
        faded=line.routed or lapsed or line.state in ("waiting", "settled"),
        tags=(
            *([Tag(w("list.state.lapsed"), "dark")] if lapsed else []),
            *([Tag(w("list.state.paid_up"), "dark")] if line.paid_up else []),
            *_state(line, w, today),
            *_gates(line, w),
            *_urgent(line, w, all_late),
        ),
        arrears=w.yen(line.arrears),
        expected=NONE if line.routed or begun or line.expected_yen is None else w.yen(line.expected_yen),
        minutes=NONE if line.minutes is None else f"{line.minutes:.0f}",
        top=NONE if begun or line.routed else w("list.withheld") if line.withheld else line.top_name or NONE,
        odds="" if begun or not line.top_name or line.probability is None else f"{line.probability:.0%}",
        kind=w.term("kind", line.top_kind) if line.top_name and not begun else "",
        prescribes=w.day(line.next_prescription),
        soon=soon(line.next_prescription, records, today, w),
        staff=line.staff_id or NONE,
        whose=_whose(line, w),
    )


def soon(day: date | None, records: date, today: date, w: Wording) -> str:
    """Return how near a prescription is: past by now, or near by the day of the records; "" for neither."""
    if day is None:
        return ""
    if day <= today:
        return w("list.past")
    return w("list.soon", days=SOON_DAYS) if (day - records).days <= SOON_DAYS else ""


def _state(line: ListedCase, w: Wording, today: date) -> list[Tag]:
    found = []
    if line.state == "replied":
        found.append(Tag(w("list.state.replied", replies=line.replies), "plan"))
    if line.state == "waiting":
        found.append(Tag(w("list.state.waiting", waiting=line.waiting, asked=line.asked)))
    if line.state == "settled":
        found.append(Tag(w("list.state.settled")))
    if line.waiting and line.decided_on and (today - line.decided_on).days >= SILENT_DAYS:
        found.append(Tag(w("list.state.silent", days=SILENT_DAYS), "warn"))
    return found


def _gates(line: ListedCase, w: Wording) -> list[Tag]:
    look = "dark" if line.routed else ""
    return [Tag(w.term("gate", gate), "bad" if gate == "protected" else look) for gate in line.gates]


def _urgent(line: ListedCase, w: Wording, all_late: bool) -> list[Tag]:
    found = []
    if line.unsent:
        found.append(Tag(w("list.state.unsent", count=line.unsent), "bad"))
    elif line.late and all_late:
        found.append(Tag(w("list.state.late")))
    if line.promise:
        look = "warn" if line.promise == "broken" else ""
        found.append(Tag(w(f"list.state.{line.promise}", day=w.day(line.promised_on)), look))
    if line.hardship is not None and line.hardship >= LIKELY:
        found.append(Tag(w("list.state.hardship", share=f"{line.hardship:.0%}"), "warn"))
    return found


def _whose(line: ListedCase, w: Wording) -> str:
    if line.proposed and line.proposed != line.staff_id:
        return w("list.changed", staff=line.proposed)
    return w("list.beside", staff=line.beside) if line.beside else ""
