"""The use cases: what an officer, a supervisor and an auditor do, free of HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from features.ledger.told import Told
from models.advice import CaseAdvice
from serving.desk.case_lists import CaseLists
from serving.desk.choice import Choice, check, parts
from serving.desk.declining import Declining
from serving.desk.doubts import first_record
from serving.desk.inputs import Inputs
from serving.desk.replies import ReplyKept, ReplySent, received, standing, told_of
from serving.desk.scope import Scope
from serving.desk.slot_setting import SlotSetting, in_force, newly_set
from serving.desk.supervision import Supervision
from serving.desk.supposing import Supposed, WhatIf, said_of
from serving.desk.time_figures import TimeSaved
from serving.desk.trial import Trial
from serving.desk.trial_report import TrialReport
from serving.desk.waiting import Waiting, asked_of, chosen_and_waiting, still_waiting
from serving.desk.worklist import Progress, Worklist
from serving.office.office import CaseProfile, Office, Proposal
from serving.records.events import CaseViewed, DecisionMade, RecommendationShown, ReplyReceived, WhatIfAsked
from serving.records.identity import Right, User
from serving.records.journal import Clock, Entry, Journal, instant
from serving.settings import Settings
from serving.wording import JAPAN, refusal


@dataclass(frozen=True)
class CaseFile:
    """A case as it is read: what is on record, what is advised, who is proposed to take it."""

    profile: CaseProfile
    advice: CaseAdvice
    proposal: Proposal | None
    replies: tuple[ReplyKept, ...] = ()
    waiting: tuple[Waiting, ...] = ()


@dataclass(frozen=True)
class Shown:
    """A recommendation that was shown. ``number`` names it in a decision; the clock runs since then."""

    number: int
    opened_at: str
    advice: CaseAdvice


class Desk:
    """Every use case checks the right first, then acts, and journals what happened."""

    def __init__(
        self, office: Office, worklist: Worklist, journal: Journal, clock: Clock, settings: Settings
    ) -> None:
        self.office = office
        self.supervision = Supervision(office, journal)
        self.scope = Scope(office, journal, settings)
        self.lists = CaseLists(worklist, self.scope, journal, clock)
        self.trial = Trial(office, journal, clock, settings, self.scope)
        self._time_report = TrialReport(journal, office, settings)
        self.declining = Declining(office, journal, self.supervision)
        self._worklist = worklist
        self._journal = journal
        self._clock = clock
        self._settings = settings

    @property
    def today(self) -> date:
        """The present day in Japan."""
        return self._clock().astimezone(JAPAN).date()

    @property
    def progress(self) -> Progress:
        """How far the worklist is prepared."""
        return self._worklist.progress

    def expect(self, debtor_ids: Sequence[str]) -> None:
        """Have the advice of cases that may be opened next prepared in the background."""
        self.office.expect(debtor_ids, in_force(self._journal).slots)

    def case(self, user: User, debtor_id: str, view: str = "record") -> CaseFile:
        """Return one case; the view is journalled. Refuses an unknown case (``case_unknown``)."""
        self.scope.require(user, debtor_id)
        file = self._file(debtor_id)
        self.trial.guard(user, debtor_id)
        self._journal.append(
            user.name, CaseViewed(debtor_id, view, file.advice.restricted, file.advice.routed)
        )
        return file

    def blind_case(self, user: User, debtor_id: str) -> CaseFile | None:
        """Return a case that is to be chosen before its ranking is seen; None for any other."""
        self.scope.require(user, debtor_id)
        if not user.may(Right.DECIDE) or self.trial.under_way(user, debtor_id):
            return None
        file = self._file(debtor_id)
        if file.advice.routed or self.trial.begin_blind(user, debtor_id, file.advice.arrears) is None:
            return None
        self._journal.append(user.name, CaseViewed(debtor_id, "blind", file.advice.restricted))
        return replace(file, advice=unranked(file.advice))

    def reply(self, user: User, debtor_id: str, sent: ReplySent) -> Entry:
        """Journal a reply that came in, or the correction of one; the case is ranked anew with it.

        Refuses what cannot be; then nothing is written.
        """
        user.require(Right.DECIDE)
        self.scope.require(user, debtor_id)
        earliest = first_record(self._file(debtor_id).profile)
        if not sent.withdrawn and not self.office.knows(sent.target_kind, sent.target_code):
            raise refusal("target_unknown")
        return self._journal.append(
            user.name, lambda: received(debtor_id, sent, self._replies(debtor_id), self.today, earliest)
        )

    def ranks_before(self, user: User, debtor_id: str) -> dict[tuple[str, str], int]:
        """Return the rank that each target had before any reply came in; unknown cases have none."""
        self.scope.require(user, debtor_id)
        first = self.office.advise(debtor_id)
        return {(target.target_kind, target.target_code): target.rank for target in first.targets}

    def slots(self, user: User) -> SlotSetting:
        """Return the share of targets that is drawn at random."""
        user.require(Right.SETTINGS)
        return in_force(self._journal)

    def set_slots(self, user: User, share: float, ground: str) -> Entry:
        """Set the share of targets that is drawn at random; 0 turns it off."""
        user.require(Right.SLOTS)
        head, _ = self._journal.head()
        return self._journal.append(user.name, newly_set(share, head, ground))

    def recommend(self, user: User, debtor_id: str, program: bool = False) -> Shown:
        """Show the recommendation to somebody who may decide; the minutes of the choice start here.

        What was shown before and is not yet decided is shown again, so that a reload starts no new clock.
        """
        user.require(Right.DECIDE)
        self.scope.require(user, debtor_id)
        inputs = self._inputs(debtor_id)
        advice = self._advised(debtor_id, inputs)
        pending = self._pending(user, debtor_id)
        if pending is not None and self._current(pending) and _same(pending.facts["advice"], advice):
            return Shown(pending.seq, self._opened_at(pending), advice)
        opened = self.trial.opened(user, debtor_id, advice.arrears, program)
        versions = self.office.versions
        event = RecommendationShown(
            debtor_id, opened.seq, versions.model, versions.data, asdict(advice), inputs.kept
        )
        return Shown(self._journal.append(user.name, event).seq, opened.at, advice)

    def what_if(self, user: User, debtor_id: str, supposed: Supposed) -> WhatIf:
        """Return a case as it would be ranked; that it was asked is journalled, what was supposed is not."""
        self.scope.require(user, debtor_id)
        self.trial.require_opened(user, debtor_id)
        said, file = said_of(supposed), self._file(debtor_id)
        if not all(self.office.knows(each.target_kind, each.target_code) for each in said):
            raise refusal("target_unknown")
        after = self.office.suppose(debtor_id, said, supposed.note, self._told(debtor_id))
        versions = self.office.versions
        event = WhatIfAsked(debtor_id, supposed.fact, versions.model, versions.data)
        self._journal.append(user.name, event)
        return WhatIf(file.profile, file.advice, after)

    def decide(self, user: User, debtor_id: str, choice: Choice) -> Entry:
        """Journal a finished choice with its minutes and versions; refuse one that does not fit."""
        user.require(Right.DECIDE)
        self.scope.require(user, debtor_id)
        advice = self._advice(debtor_id)
        if advice.routed:
            raise refusal("case_routed")
        return self._journal.append(user.name, lambda: self._decided(user, debtor_id, choice, advice))

    def _decided(self, user: User, debtor_id: str, choice: Choice, advice: CaseAdvice) -> DecisionMade:
        """Return the event of a choice among what was shown; refuse one that does not fit or came before."""
        shown = self._shown(user, debtor_id, choice)
        if not _same(shown.facts["advice"], advice):
            raise refusal("recommendation_stale")
        facts = shown.facts
        check(choice, facts["advice"], self.office.directory())
        opened_at = self._opened_at(shown)
        now = self._clock()
        return DecisionMade(
            debtor_id=debtor_id,
            recommendation=shown.seq,
            **parts(choice, facts["advice"]),
            grounds=choice.grounds.strip(),
            opened_at=opened_at,
            decided_at=instant(now),
            minutes=round((now - datetime.fromisoformat(opened_at)).total_seconds() / 60, 2),
            model_version=facts["model_version"],
            data_version=facts["data_version"],
            **self.trial.timed(user, shown, now, choice.marks),
        )

    def decisions(self, user: User, debtor_id: str) -> list[Entry]:
        """Return what was decided in a case so far, oldest first."""
        self.scope.require(user, debtor_id)
        return self._journal.entries(kinds=(DecisionMade.__name__,), debtor_id=debtor_id)

    def assignments(self, user: User) -> pd.DataFrame:
        """Return the proposed assignments: the columns of ``tegakari match``."""
        user.require(Right.ASSIGNMENTS)
        return self.office.assignments()

    def time_saved(self, user: User) -> TimeSaved:
        """Return the minutes measured with the ranking and before it was seen."""
        user.require(Right.TIME_SAVED)
        return self._time_report.current()

    def _file(self, debtor_id: str) -> CaseFile:
        try:
            replies, chosen = self._replies(debtor_id), self._chosen(debtor_id)
            advice = self._advice(debtor_id)
            profile = self.office.profile(debtor_id, advice.day)
            waiting = still_waiting(chosen, profile.history, replies)
            return CaseFile(profile, advice, self.supervision.proposal(debtor_id), replies, waiting)
        except KeyError:
            raise refusal("case_unknown") from None

    def _replies(self, debtor_id: str) -> tuple[ReplyKept, ...]:
        """Return the replies about a case that stand now."""
        kinds = (ReplyReceived.__name__,)
        return tuple(standing(self._journal.entries(kinds=kinds, debtor_id=debtor_id)))

    def _advice(self, debtor_id: str) -> CaseAdvice:
        return self._advised(debtor_id, self._inputs(debtor_id))

    def _inputs(self, debtor_id: str) -> Inputs:
        """Return what goes into the advice besides the records and the model."""
        return Inputs(self._told(debtor_id), in_force(self._journal).slots)

    def _advised(self, debtor_id: str, inputs: Inputs) -> CaseAdvice:
        try:
            return self.office.advise(debtor_id, inputs.told, inputs.slots)
        except KeyError:
            raise refusal("case_unknown") from None

    def _told(self, debtor_id: str) -> tuple[Told, ...]:
        """Return what was asked and answered since the export."""
        replies = told_of(debtor_id, self._replies(debtor_id))
        return (*replies, *asked_of(debtor_id, self._chosen(debtor_id)))

    def _chosen(self, debtor_id: str) -> tuple[Waiting, ...]:
        """Return what was chosen for a case and waits for its reply."""
        made = self._journal.entries(kinds=(DecisionMade.__name__,), debtor_id=debtor_id)
        return chosen_and_waiting(
            made, self._replies(debtor_id), self.today, self._settings.waiting_days, self.office.knows
        )

    def _shown(self, user: User, debtor_id: str, choice: Choice) -> Entry:
        shown = self._pending(user, debtor_id)
        if choice.recommendation is not None and (shown is None or shown.seq != choice.recommendation):
            raise refusal("recommendation_spent")
        if shown is None:
            raise refusal("recommendation_missing")
        if not self._current(shown):
            raise refusal("recommendation_stale")
        return shown

    def _pending(self, user: User, debtor_id: str) -> Entry | None:
        kinds = (RecommendationShown.__name__, DecisionMade.__name__)
        latest = self._journal.entries(kinds=kinds, debtor_id=debtor_id, actor=user.name, latest=1)
        if latest and latest[0].kind == RecommendationShown.__name__:
            return latest[0]
        return None

    def _current(self, shown: Entry) -> bool:
        versions = self.office.versions
        return (shown.facts["model_version"], shown.facts["data_version"]) == (versions.model, versions.data)

    def _opened_at(self, shown: Entry) -> str:
        opened = self._journal.entry(shown.facts["opened"])
        return opened.at if opened else shown.at


def _same(kept: dict[str, Any], advice: CaseAdvice) -> bool:
    """Return whether a journalled advice shows the same targets in the same round as ``advice``."""
    before = [(target["target_kind"], target["target_code"]) for target in kept["targets"]]
    now = [(target.target_kind, target.target_code) for target in advice.targets]
    return before == now and kept.get("round", 1) == advice.round


def unranked(advice: CaseAdvice) -> CaseAdvice:
    """Return an advice without anything that tells where property may be: its gates and notes alone."""
    return replace(advice, targets=(), forecasts=(), hardship=None, finding=None)
