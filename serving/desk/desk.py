"""The use cases: what an officer, a supervisor and an auditor do, free of HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import pandas as pd

from features.ledger.told import Told
from models.advice import CaseAdvice
from serving.desk.case_file import CaseFile, Shown, same_ranking, unranked
from serving.desk.case_lists import CaseLists
from serving.desk.choice import Choice, check, parts
from serving.desk.declining import Declining
from serving.desk.doubts import first_record
from serving.desk.inputs import Inputs
from serving.desk.rankings import Rankings
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
from serving.office.office import Office
from serving.records.entry import Clock, Entry, instant
from serving.records.events import CaseViewed, DecisionMade, ReplyReceived, WhatIfAsked
from serving.records.identity import Right, User
from serving.records.journal import Journal
from serving.settings import Settings
from serving.wording import JAPAN, refusal


class Desk:
    """Every use case checks the right first, then acts, and journals what happened."""

    def __init__(
        self, office: Office, worklist: Worklist, journal: Journal, clock: Clock, settings: Settings
    ) -> None:
        self.office = office
        self.supervision = Supervision(office, journal)
        self.rankings = Rankings(office, journal)
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
        if not file.lapsed:
            self.trial.guard(user, debtor_id)
        if view == "hardship" and file.advice.finding is None:
            raise refusal("case_routed")
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
        if file.closed or self.trial.begin_blind(user, debtor_id, file.advice.arrears) is None:
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
        self._require_alive(debtor_id)
        inputs = self._inputs(debtor_id)
        advice = self._advised(debtor_id, inputs)
        known = self._shown_already(user, debtor_id, advice)
        if known is not None:
            return known
        with self.trial.opening():
            known = self._shown_already(user, debtor_id, advice)
            if known is not None:
                return known
            opened = self.trial.opened(user, debtor_id, advice.arrears, program)
            shown = self.rankings.offer(user, debtor_id, opened, advice, inputs)
            return Shown(shown.seq, opened.at, advice)

    def _shown_already(self, user: User, debtor_id: str, advice: CaseAdvice) -> Shown | None:
        pending = self.rankings.pending(user, debtor_id)
        if pending is None or not self.rankings.says(pending, advice):
            return None
        return Shown(pending.seq, self.rankings.opened_at(pending), advice)

    def read_ranking(self, user: User, debtor_id: str, file: CaseFile) -> None:
        """Journal that the ranking of a case just read is shown where nothing can be chosen from it."""
        self.scope.require(user, debtor_id)
        self.rankings.read(user, debtor_id, file.advice, file.inputs)

    def what_if(self, user: User, debtor_id: str, supposed: Supposed) -> WhatIf:
        """Return a case as it would be ranked; that it was asked is journalled, what was supposed is not."""
        self.scope.require(user, debtor_id)
        self._require_alive(debtor_id)
        self.trial.require_opened(user, debtor_id)
        said, file = said_of(supposed), self._file(debtor_id)
        if not all(self.office.knows(each.target_kind, each.target_code) for each in said):
            raise refusal("target_unknown")
        self.rankings.read(user, debtor_id, file.advice, file.inputs)
        after = self.office.suppose(debtor_id, said, supposed.note, self._told(debtor_id))
        versions = self.office.versions
        event = WhatIfAsked(debtor_id, supposed.fact, versions.model, versions.data)
        self._journal.append(user.name, event)
        return WhatIf(file.profile, file.advice, after, self.office.read_in(supposed.note))

    def decide(self, user: User, debtor_id: str, choice: Choice) -> Entry:
        """Journal a finished choice with its minutes and versions; refuse one that does not fit."""
        user.require(Right.DECIDE)
        self.scope.require(user, debtor_id)
        self._require_alive(debtor_id)
        advice = self._advice(debtor_id)
        if advice.routed:
            raise refusal("case_routed")
        return self._journal.append(user.name, lambda: self._decided(user, debtor_id, choice, advice))

    def _decided(self, user: User, debtor_id: str, choice: Choice, advice: CaseAdvice) -> DecisionMade:
        """Return the event of a choice among what was shown; refuse one that does not fit or came before."""
        shown = self._shown(user, debtor_id, choice)
        if not same_ranking(shown.facts["advice"], advice):
            raise refusal("recommendation_stale")
        facts = shown.facts
        check(choice, facts["advice"], self.office.directory())
        opened_at = self.rankings.opened_at(shown)
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
        """Return the proposals as they stand now: the rows of the supervisor's board."""
        return self.supervision.board(user).rows

    def time_saved(self, user: User) -> TimeSaved:
        """Return the minutes measured with the ranking and before it was seen."""
        user.require(Right.TIME_SAVED)
        return self._time_report.current()

    def _file(self, debtor_id: str) -> CaseFile:
        try:
            replies, chosen = self._replies(debtor_id), self._chosen(debtor_id)
            inputs = self._inputs(debtor_id)
            advice = self._advised(debtor_id, inputs)
            profile = self.office.profile(debtor_id, advice.day)
            waiting = still_waiting(chosen, profile.history, replies)
            lapse = self.office.correspondence.lapses.since(debtor_id, self.today)
            proposal = self.supervision.proposal(debtor_id)
            paid = debtor_id in self.office.correspondence.paid_up
            file = CaseFile(profile, advice, proposal, replies, waiting, lapse, paid, inputs)
            return replace(file, advice=unranked(advice)) if file.lapsed else file
        except KeyError:
            raise refusal("case_unknown") from None

    def _require_alive(self, debtor_id: str) -> None:
        """Refuse (``case_lapsed``) where all that could be pursued has lapsed since the records."""
        if self.office.correspondence.lapses.everything(debtor_id, self.today):
            raise refusal("case_lapsed")

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
        shown = self.rankings.pending(user, debtor_id)
        if choice.recommendation is not None and (shown is None or shown.seq != choice.recommendation):
            raise refusal("recommendation_spent")
        if shown is None:
            raise refusal("recommendation_missing")
        if not self.rankings.current(shown):
            raise refusal("recommendation_stale")
        return shown
