"""The report about time, from the journal and the records."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from serving.desk.choice_record import KINDS, choice_records
from serving.desk.replies import standing
from serving.desk.time_figures import TimeSaved
from serving.desk.time_saved import time_saved
from serving.office.office import Office
from serving.records.entry import Entry
from serving.records.events import ReplyReceived
from serving.records.journal import Journal
from serving.settings import Settings


class TrialReport:
    """The report as of the journal's last choice or reply; it is counted anew when one was added."""

    def __init__(self, journal: Journal, office: Office, settings: Settings) -> None:
        self._journal = journal
        self._office = office
        self._settings = settings
        self._counted: tuple[int, TimeSaved] | None = None

    def current(self) -> TimeSaved:
        """Return what was measured so far; nothing in it names anybody."""
        latest = self._journal.entries((*KINDS, ReplyReceived.__name__), latest=1)
        last = latest[0].seq if latest else 0
        if self._counted is None or self._counted[0] != last:
            self._counted = last, self._count()
        return self._counted[1]

    def _count(self) -> TimeSaved:
        entries = self._journal.entries(kinds=KINDS)
        answers = _answers(self._journal, self._office, {entry.debtor_id for entry in entries})
        records = choice_records(entries, answers)
        few, idle = self._settings.few_choices, self._settings.idle_minutes
        return time_saved(records, self._office.selecting_minutes(), few, idle)


def _answers(
    journal: Journal, office: Office, debtor_ids: Collection[str]
) -> dict[tuple[str, str, str], set[tuple[date, int]]]:
    """Return the answers of the records, and those entered since; the same inquiry counts once."""
    recorded = office.results.about(debtor_ids)
    found = {target: {(a.requested_on, a.yen) for a in answers} for target, answers in recorded.items()}
    entered: dict[str, list[Entry]] = {}
    for entry in journal.entries((ReplyReceived.__name__,)):
        entered.setdefault(entry.debtor_id, []).append(entry)
    for debtor_id, entries in entered.items():
        for reply in standing(entries):
            known = found.setdefault((debtor_id, reply.target_kind, reply.target_code), set())
            if all(day != reply.requested_on for day, _ in known):
                known.add((reply.requested_on, reply.balance or 0))
    return found
