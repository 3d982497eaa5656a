"""The supervisor's use cases: the board of proposals, changes with a reason, accepting all."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from serving.office.office import Office, Proposal
from serving.office.oversight import LateReminder, Officer, Solved
from serving.records.events import AssignmentChanged, AssignmentsAccepted
from serving.records.identity import Right, User
from serving.records.journal import Entry, Journal
from serving.wording import refusal

UNEVEN = 0.2
"""Somebody whose load per FTE is further from the office's than this is marked."""
HARD_LEVEL = 5
LONGEST_REASON = 500


@dataclass(frozen=True)
class Load:
    """What an officer holds now and would hold; ``uneven``: -1 far below the usual load per FTE, 1 above."""

    officer: Officer
    after: int
    hard: int
    standard_hours: float
    uneven: int


@dataclass(frozen=True)
class Board:
    """The proposals as they stand.

    ``rows``: the columns of ``tegakari match``, proposed (staff_id) and change_reason.
    ``accepted``: the entry by which they were accepted as they stand now (None: not yet).
    """

    loads: tuple[Load, ...]
    rows: pd.DataFrame
    changed: int
    accepted: Entry | None

    @property
    def longest(self) -> int:
        """Return the largest load on the board, at least 1: the length of a full bar."""
        return max([1, *(max(load.after, load.officer.held) for load in self.loads)])


class Supervision:
    """Every use case checks the right first, then acts, and journals what happened."""

    def __init__(self, office: Office, journal: Journal) -> None:
        self._office = office
        self._journal = journal

    def board(self, user: User) -> Board:
        """Return the proposals with what was changed since, and what they mean for each officer."""
        user.require(Right.ASSIGNMENTS)
        proposed = self._office.assignments()
        changes = self._changes()
        latest = {entry.facts["debtor_id"]: entry.facts for entry in changes}
        ids = proposed["debtor_id"].tolist()
        to = [latest[each]["staff_to"] if each in latest else None for each in ids]
        rows = proposed.assign(
            proposed=proposed["staff_id"],
            staff_id=pd.Series(to, index=proposed.index, dtype="str").fillna(proposed["staff_id"]),
            change_reason=[latest[each]["reason"] if each in latest else "" for each in ids],
        )
        changed = int((rows["staff_id"] != rows["proposed"]).sum())
        return Board(self._loads(rows), rows, changed, self._accepted(changes))

    def proposal(self, debtor_id: str) -> Proposal | None:
        """Return who is to take a case: as a supervisor last changed it, else as proposed (None: nobody)."""
        proposed = self._office.proposal(debtor_id)
        entries = self._journal.entries(kinds=(AssignmentChanged.__name__,), debtor_id=debtor_id)
        changes = [entry.facts for entry in entries if self._current(entry)]
        if proposed is None or not changes:
            return proposed
        return replace(proposed, staff_id=changes[-1]["staff_to"], reasons=changes[-1]["reason"])

    def change(self, user: User, debtor_id: str, staff_id: str, reason: str) -> Entry:
        """Give a case to somebody else for a stated reason; it stands in the journal, the proposal stays."""
        user.require(Right.ASSIGN)
        board = self.board(user)
        row = board.rows[board.rows["debtor_id"] == debtor_id]
        if row.empty:
            raise refusal("case_unknown")
        oversight = self._office.oversight
        if staff_id not in {officer.staff_id for officer in oversight.officers}:
            raise refusal("officer_gone" if staff_id in oversight.known_staff else "officer_unknown")
        if (debtor_id, staff_id) in oversight.excluded:
            raise refusal("officer_excluded")
        if not reason.strip():
            raise refusal("change_reason_missing")
        event = AssignmentChanged(
            debtor_id,
            staff_from=str(row["staff_id"].iloc[0]),
            staff_to=staff_id,
            reason=reason.strip()[:LONGEST_REASON],
            model_version=self._office.versions.model,
            data_version=self._office.versions.data,
        )
        return self._journal.append(user.name, event)

    def accept(self, user: User) -> Entry:
        """Accept every proposal as it stands."""
        user.require(Right.ASSIGN)
        board = self.board(user)
        event = AssignmentsAccepted(
            cases=len(board.rows),
            changed=board.changed,
            model_version=self._office.versions.model,
            data_version=self._office.versions.data,
        )
        return self._journal.append(user.name, event)

    def late_reminders(self, user: User) -> tuple[LateReminder, ...]:
        """Return whose 督促 is late."""
        user.require(Right.ASSIGNMENTS)
        return self._office.oversight.late_reminders

    def casebook(self, user: User) -> tuple[Solved, ...]:
        """Return the hard cases that were solved, for everybody who works on cases."""
        user.require(Right.CASES)
        return self._office.oversight.casebook

    def _changes(self) -> list[Entry]:
        """Return the changes of these proposals: a new model or new records begin anew."""
        entries = self._journal.entries(kinds=(AssignmentChanged.__name__,))
        return [entry for entry in entries if self._current(entry)]

    def _accepted(self, changes: list[Entry]) -> Entry | None:
        entries = self._journal.entries(kinds=(AssignmentsAccepted.__name__,))
        last = next((entry for entry in reversed(entries) if self._current(entry)), None)
        later = last is not None and any(change.seq > last.seq for change in changes)
        return None if later else last

    def _current(self, entry: Entry) -> bool:
        versions = self._office.versions
        return (entry.facts["model_version"], entry.facts["data_version"]) == (versions.model, versions.data)

    def _loads(self, rows: pd.DataFrame) -> tuple[Load, ...]:
        oversight = self._office.oversight
        besides = oversight.held[~oversight.held.index.isin(rows["debtor_id"])].value_counts()
        cases, by = rows["staff_id"].value_counts(), rows.groupby("staff_id")
        hard = rows[rows["difficulty_level"] >= HARD_LEVEL]["staff_id"].value_counts()
        minutes = by["expected_minutes"].sum()
        after = {
            each.staff_id: int(cases.get(each.staff_id, 0) + besides.get(each.staff_id, 0))
            for each in oversight.officers
        }
        fte = sum(each.fte for each in oversight.officers)
        usual = sum(after.values()) / fte if fte else 0.0
        return tuple(
            Load(
                each,
                after[each.staff_id],
                int(hard.get(each.staff_id, 0)),
                round(float(minutes.get(each.staff_id, 0.0)) / 60, 1),
                _uneven(after[each.staff_id], each.fte * usual),
            )
            for each in oversight.officers
        )


def _uneven(load: int, usual: float) -> int:
    """Return whether a load is far from the usual one.

    >>> _uneven(130, 100), _uneven(100, 100), _uneven(70, 100)
    (1, 0, -1)
    """
    if load > usual * (1 + UNEVEN) + 1:
        return 1
    return -1 if load < usual * (1 - UNEVEN) - 1 else 0
