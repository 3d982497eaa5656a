"""Rankings that were shown: every one has its entry in the journal, once, and is found again by it."""

from __future__ import annotations

from dataclasses import asdict

from models.advice import CaseAdvice
from serving.desk.case_file import same_ranking
from serving.desk.inputs import Inputs
from serving.office.office import Office
from serving.records.entry import Entry
from serving.records.events import DecisionMade, RecommendationShown
from serving.records.identity import User
from serving.records.journal import Journal

SHOWN, DECIDED = RecommendationShown.__name__, DecisionMade.__name__


class Rankings:
    """Journals what is shown to somebody, unless it is what was last shown to the same person."""

    def __init__(self, office: Office, journal: Journal) -> None:
        self._office = office
        self._journal = journal

    def offer(self, user: User, debtor_id: str, opened: Entry, advice: CaseAdvice, inputs: Inputs) -> Entry:
        """Journal a ranking from which may be chosen; ``opened`` is where the minutes of the choice start."""
        return self._append(user, debtor_id, opened.seq, advice, inputs, offered=True)

    def read(self, user: User, debtor_id: str, advice: CaseAdvice, inputs: Inputs) -> None:
        """Journal a ranking that is shown to be read alone: it starts no clock, and nothing is chosen."""
        if not advice.targets:
            return
        latest = self._journal.entries((SHOWN, DECIDED), debtor_id, user.name, latest=1)
        last = latest[0] if latest else None
        if last is None or last.kind != SHOWN or not self.says(last, advice):
            self._append(user, debtor_id, 0, advice, inputs, offered=False)

    def pending(self, user: User, debtor_id: str) -> Entry | None:
        """Return the ranking from which a user may choose and has not yet; None where there is none."""
        latest = last_but_read(self._journal, (SHOWN, DECIDED), debtor_id, user.name)
        return latest if latest is not None and latest.kind == SHOWN else None

    def current(self, shown: Entry) -> bool:
        """Return whether the model and the records behind a ranking are those of now."""
        versions = self._office.versions
        return (shown.facts["model_version"], shown.facts["data_version"]) == (versions.model, versions.data)

    def says(self, shown: Entry, advice: CaseAdvice) -> bool:
        """Return whether a ranking that was shown is the one of ``advice``, by what serves now."""
        return self.current(shown) and same_ranking(shown.facts["advice"], advice)

    def opened_at(self, shown: Entry) -> str:
        """Return the moment from which the minutes of a choice count."""
        opened = self._journal.entry(shown.facts["opened"])
        return opened.at if opened else shown.at

    def _append(
        self, user: User, debtor_id: str, opened: int, advice: CaseAdvice, inputs: Inputs, *, offered: bool
    ) -> Entry:
        versions = self._office.versions
        event = RecommendationShown(
            debtor_id, opened, versions.model, versions.data, asdict(advice), inputs.kept, offered
        )
        return self._journal.append(user.name, event)


def last_but_read(journal: Journal, kinds: tuple[str, ...], debtor_id: str, actor: str) -> Entry | None:
    """Return somebody's latest entry of ``kinds`` about a case, but for rankings shown to be read alone."""
    before: int | None = None
    while latest := journal.entries(kinds, debtor_id, actor, before=before, latest=1):
        if latest[0].kind != SHOWN or latest[0].facts.get("offered", True):
            return latest[0]
        before = latest[0].seq
    return None
