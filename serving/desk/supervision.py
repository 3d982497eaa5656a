"""The supervisor's use cases: the board of proposals, changes with a reason, accepting all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from serving.desk.board import Acceptance, Board, Declined, Load
from serving.desk.declines import KINDS, standing
from serving.office.office import Office, Proposal
from serving.office.oversight import Solved
from serving.office.reminders import LateReminder
from serving.records.entry import Entry
from serving.records.events import AssignmentChanged, AssignmentsAccepted
from serving.records.identity import Right, User
from serving.records.journal import Journal
from serving.wording import refusal

UNEVEN = 0.2
"""Somebody whose load per FTE is further from the office's than this is marked."""
HARD_LEVEL = 5
LONGEST_REASON = 500
BOARD_KINDS = (*KINDS, AssignmentsAccepted.__name__)
"""The entries that a board rests on, besides the records and the proposals."""


class Supervision:
    """Every use case checks the right first, then acts, and journals what happened."""

    def __init__(self, office: Office, journal: Journal) -> None:
        self._office = office
        self._journal = journal
        self._boards: dict[tuple[int, bool], Board] = {}

    def board(self, user: User) -> Board:
        """Return the proposals with what was changed since, and what they mean for each officer.

        Who would be the next best for a declined case is told to those alone who give cases.
        """
        user.require(Right.ASSIGNMENTS)
        latest = self._journal.entries(BOARD_KINDS, latest=1)
        asked = (latest[0].seq if latest else 0, user.may(Right.ASSIGN))
        known = self._boards.get(asked)
        if known is None:
            known = self._board(asked[1])
            # A board of an earlier journal is of no use to anybody.
            self._boards = {key: each for key, each in self._boards.items() if key[0] == asked[0]}
            self._boards[asked] = known
        return known

    def _board(self, may_assign: bool) -> Board:
        rows, changes = self._standing()
        loads = self._loads(rows)
        declined = self._declined(rows)
        if may_assign:
            declined = self._with_next_best(declined, loads)
        changed = int((rows["staff_id"] != rows["proposed"]).sum())
        return Board(loads, rows, changed, self._accepted(changes), declined, _last(changes))

    def proposal(self, debtor_id: str) -> Proposal | None:
        """Return who is to take a case: as a supervisor last changed it, else as proposed (None: nobody)."""
        proposed = self._office.proposal(debtor_id)
        entries = self._journal.entries(kinds=(AssignmentChanged.__name__,), debtor_id=debtor_id)
        changes = [entry.facts for entry in entries if self._current(entry)]
        if proposed is None or not changes:
            return proposed
        return replace(proposed, staff_id=changes[-1]["staff_to"], reasons=changes[-1]["reason"], english="")

    def officers_of(self, user: User, debtor_ids: Iterable[str]) -> dict[str, str]:
        """Return who is to take each of some cases, by debtor_id; of nobody's there is none."""
        rows = self.board(user).rows
        wanted = rows[rows["debtor_id"].isin(list(debtor_ids))]
        return dict(zip(wanted["debtor_id"].astype(str), wanted["staff_id"].astype(str), strict=True))

    def change(self, user: User, debtor_id: str, staff_id: str, reason: str) -> Entry:
        """Give a case to somebody else for a stated reason; it stands in the journal, the proposal stays.

        Given to the officer who declined it, it is theirs nevertheless.
        """
        user.require(Right.ASSIGN)
        return self._journal.append(user.name, lambda: self._changed(debtor_id, staff_id, reason.strip()))

    def below(self, user: User, seq: int) -> bool:
        """Return whether the user's own change ``seq`` gave a case to somebody below the level it asks for.

        Only those who may see proficiency are told.
        """
        entry = self._journal.entry(seq)
        if entry is None or entry.kind != AssignmentChanged.__name__ or entry.actor != user.name:
            return False
        proposed = self._office.proposal(entry.debtor_id)
        level = self._office.oversight.levels.get(entry.facts["staff_to"])
        if proposed is None or level is None or not user.may(Right.PROFICIENCY):
            return False
        return level < proposed.required_level

    def accept(self, user: User, seen: int) -> Acceptance:
        """Accept every proposal as it stands; accepted again, nothing is written and what stands is told.

        ``seen``: that of the board that was confirmed; refuses ``board_changed`` when it has changed since.
        """
        user.require(Right.ASSIGN)
        try:
            return Acceptance(self._journal.append(user.name, lambda: self._accepting(seen)), anew=True)
        except _StandsError as accepted:
            return Acceptance(accepted.entry, anew=False)

    def late_reminders(self, user: User) -> tuple[LateReminder, ...]:
        """Return whose 督促 is late."""
        user.require(Right.ASSIGNMENTS)
        return self._office.oversight.late_reminders

    def casebook(self, user: User) -> tuple[Solved, ...]:
        """Return the hard cases that were solved, for everybody who works on cases."""
        user.require(Right.CASES)
        return self._office.oversight.casebook

    def _standing(self) -> tuple[pd.DataFrame, list[Entry]]:
        """Return the proposals with the changes made to them, and these; a changed row has its own reason."""
        proposed = self._office.assignments()
        changes = self._changes()
        latest = {entry.facts["debtor_id"]: entry.facts | {"by": entry.actor} for entry in changes}
        ids = proposed["debtor_id"].tolist()
        to = [latest[each]["staff_to"] if each in latest else None for each in ids]
        staff = pd.Series(to, index=proposed.index, dtype="str").fillna(proposed["staff_id"])
        why, by = (
            [latest[each][name] if each in latest else "" for each in ids] for name in ("reason", "by")
        )
        stands = staff == proposed["staff_id"]
        rows = proposed.assign(
            proposed=proposed["staff_id"],
            staff_id=staff,
            changed_by=by,
            change_reason=why,
            reasons=proposed["reasons"].where(stands, ""),
            english=proposed["english"].where(stands, ""),
            restricted=proposed["debtor_id"].isin(self._office.oversight.protected),
        )
        return rows, changes

    def _changed(self, debtor_id: str, staff_id: str, reason: str) -> AssignmentChanged:
        rows, _ = self._standing()
        row = rows[rows["debtor_id"] == debtor_id]
        if row.empty:
            raise refusal("case_not_proposed" if debtor_id in self._office.case_ids else "case_unknown")
        oversight = self._office.oversight
        if staff_id not in {officer.staff_id for officer in oversight.officers}:
            raise refusal("officer_gone" if staff_id in oversight.known_staff else "officer_unknown")
        if (debtor_id, staff_id) in oversight.excluded:
            raise refusal("officer_excluded")
        present = str(row["staff_id"].iloc[0])
        if staff_id == present and all(each.decline.debtor_id != debtor_id for each in self._declined(row)):
            raise refusal("officer_same")
        if not reason:
            raise refusal("change_reason_missing")
        versions = self._office.versions
        return AssignmentChanged(
            debtor_id, present, staff_id, reason[:LONGEST_REASON], versions.model, versions.data
        )

    def _accepting(self, seen: int) -> AssignmentsAccepted:
        rows, changes = self._standing()
        if _last(changes) != seen:
            raise refusal("board_changed")
        if self._declined(rows):
            raise refusal("declines_open")
        accepted = self._accepted(changes)
        if accepted is not None:
            raise _StandsError(accepted)
        changed = int((rows["staff_id"] != rows["proposed"]).sum())
        versions = self._office.versions
        return AssignmentsAccepted("", len(rows), changed, versions.model, versions.data)

    def _declined(self, rows: pd.DataFrame) -> tuple[Declined, ...]:
        """Return the declines of those of ``rows`` that are still with the officer who declined them."""
        holder = dict(zip(rows["debtor_id"], rows["staff_id"], strict=True))
        stand = standing(self._journal.entries(kinds=KINDS))
        return tuple(Declined(each, "", ()) for each in stand if holder.get(each.debtor_id) == each.staff_id)

    def _with_next_best(
        self, declined: tuple[Declined, ...], loads: tuple[Load, ...]
    ) -> tuple[Declined, ...]:
        """Name who could take each case: first the quickest among those who do not hold too much already."""
        every = {(each.debtor_id, each.staff_id) for each in standing(self._journal.entries(kinds=KINDS))}
        laden = {load.officer.staff_id for load in loads if load.uneven > 0}
        takers = self._office.oversight.takers([each.decline.debtor_id for each in declined])
        found = []
        for each in declined:
            debtor = each.decline.debtor_id
            able = [name for name in takers[debtor] if (debtor, name) not in every]
            best = next((name for name in able if name not in laden), able[0] if able else "")
            others = tuple(sorted(name for name in able if name != best))
            found.append(replace(each, next_best=best, others=others))
        return tuple(found)

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


def _last(changes: list[Entry]) -> int:
    return changes[-1].seq if changes else 0


class _StandsError(Exception):
    """The proposals are accepted as they stand."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry


def _uneven(load: int, usual: float) -> int:
    """Return whether a load is far from the usual one.

    >>> _uneven(130, 100), _uneven(100, 100), _uneven(70, 100)
    (1, 0, -1)
    """
    if load > usual * (1 + UNEVEN) + 1:
        return 1
    return -1 if load < usual * (1 - UNEVEN) - 1 else 0
