"""The trial: some cases are chosen before the ranking is seen, some rankings come without their reasons."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any

from serving.desk.activity import Measured, Sign, measure
from serving.desk.blind_choice import BlindChoice, check, chosen_keys
from serving.desk.choice import TargetKey
from serving.desk.rankings import last_but_read
from serving.desk.scope import Scope
from serving.desk.trial_setting import TrialSetting, in_force, newly_set, start
from serving.office.office import Office
from serving.records.entry import Clock, Entry
from serving.records.events import (
    BlindChoiceMade,
    CaseOpened,
    CaseViewed,
    DecisionMade,
    ReasonsOpened,
    RecommendationShown,
    ReplyReceived,
)
from serving.records.identity import Right, User
from serving.records.journal import Journal
from serving.settings import Settings
from serving.wording import JAPAN, refusal

OPENED, CHOSEN, SHOWN = CaseOpened.__name__, BlindChoiceMade.__name__, RecommendationShown.__name__
DECIDED = DecisionMade.__name__
TELLING_VIEWS = frozenset({"record", "hardship"})
"""Views of a case that tell what the ranking says."""

DAYS_A_MONTH = 30.4375


@dataclass(frozen=True)
class ShownAs:
    """How a ranking is shown: reasons folded away or not, after which blind choice (None: after none)."""

    folded: bool = False
    chosen: tuple[TargetKey, ...] | None = None
    grounds: str = ""


class Trial:
    """Who is in which arm, and how long each choice took. The arm is drawn once, from the journal alone."""

    def __init__(
        self, office: Office, journal: Journal, clock: Clock, settings: Settings, scope: Scope
    ) -> None:
        self._office = office
        self._journal = journal
        self._clock = clock
        self._settings = settings
        self._scope = scope
        self._one_at_a_time = Lock()

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Within, nobody else opens a case and the journal is read as it stands: two clicks open once."""
        with self._one_at_a_time, self._journal.afresh():
            yield

    def start(self) -> None:
        """Journal the shares that a service starts with, once."""
        start(self._journal)

    def setting(self, user: User) -> TrialSetting:
        """Return the shares in force."""
        user.require(Right.SETTINGS)
        return in_force(self._journal)

    def set(self, user: User, blind: float, hidden: float, ground: str) -> Entry:
        """Set the shares for cases opened from now on; an opened case keeps its arm."""
        user.require(Right.TRIAL)
        return self._journal.append(user.name, newly_set(blind, hidden, ground))

    def waiting(self, user: User, debtor_id: str) -> Entry | None:
        """Return the opening of a case whose blind choice is still to be made, None where none is."""
        last = self._last(user, debtor_id)
        return last if last and last.kind == OPENED and last.facts["arm"] == "blind" else None

    def under_way(self, user: User, debtor_id: str) -> bool:
        """Return whether this user has opened a case and no blind choice of theirs is still to be made."""
        return self._last(user, debtor_id) is not None and self.waiting(user, debtor_id) is None

    def guard(self, user: User, debtor_id: str) -> None:
        """Refuse (``blind_first``) to show anything of the ranking before the blind choice is made."""
        if self.waiting(user, debtor_id):
            raise refusal("blind_first")

    def begin_blind(self, user: User, debtor_id: str, arrears: int) -> Entry | None:
        """Return the opening of a case that this user chooses blind first; None where the ranking is shown.

        What is drawn is journalled at once, so that neither a reload nor a new setting draws again.
        """
        if self._last(user, debtor_id) is not None:
            return self.waiting(user, debtor_id)
        with self.opening():
            if self._last(user, debtor_id) is not None:
                return self.waiting(user, debtor_id)
            event = self._opening(user, debtor_id, arrears)
            return self._journal.append(user.name, event) if event.arm == "blind" else None

    def opened(self, user: User, debtor_id: str, arrears: int, program: bool = False) -> Entry:
        """Return the opening that a ranking belongs to: that of the blind choice just made, or a new one.

        ``program``: it is asked for through the API, whose minutes are not an officer's: outside the trial.
        """
        self.guard(user, debtor_id)
        last = self._last(user, debtor_id)
        if last and last.kind == CHOSEN:
            opened = self._journal.entry(last.facts["opened"])
            if opened:
                return opened
        return self._journal.append(user.name, self._opening(user, debtor_id, arrears, program))

    def require_opened(self, user: User, debtor_id: str) -> None:
        """Refuse a ranking to whoever may decide and has not opened the case: the arm is drawn at opening."""
        self.guard(user, debtor_id)
        if user.may(Right.DECIDE) and self._last(user, debtor_id) is None:
            raise refusal("case_unopened")

    def choose_blind(self, user: User, debtor_id: str, choice: BlindChoice) -> Entry:
        """Journal a choice made before the ranking was seen; refuse one that does not fit or came before."""
        user.require(Right.DECIDE)
        self._scope.require(user, debtor_id)
        if self._office.correspondence.lapses.everything(debtor_id, self._today):
            raise refusal("case_lapsed")
        return self._journal.append(user.name, lambda: self._chosen(user, debtor_id, choice))

    def shown_as(self, user: User, debtor_id: str, recommendation: int) -> ShownAs:
        """Return how a ranking that was shown is to look."""
        shown = self._journal.entry(recommendation)
        opened = self._journal.entry(shown.facts["opened"]) if shown else None
        if opened is None:
            return ShownAs()
        made = self._journal.entries((CHOSEN,), debtor_id, user.name, since=opened.seq, latest=1)
        folded = opened.facts.get("reasons") == "hidden"
        folded = folded and not self._asked(user, debtor_id, recommendation)
        if not made or made[0].facts["opened"] != opened.seq:
            return ShownAs(folded)
        return ShownAs(folded, chosen_keys(made[0].facts), made[0].facts["grounds"])

    def open_reasons(self, user: User, debtor_id: str, recommendation: int) -> None:
        """Journal, once, that somebody asked for the reasons of what is shown."""
        user.require(Right.DECIDE)
        self._scope.require(user, debtor_id)
        last = self._last(user, debtor_id)
        if last is None or (last.kind, last.seq) != (SHOWN, recommendation):
            raise refusal("recommendation_spent")
        if not self._asked(user, debtor_id, recommendation):
            event = ReasonsOpened(debtor_id, recommendation, last.facts["opened"])
            self._journal.append(user.name, event)

    def measure(self, user: User, begun: Entry, now: datetime, marks: tuple[int, ...]) -> Measured:
        """Measure what a user did on a case since an entry."""
        after = self._journal.entries(actor=user.name, since=begun.seq + 1)
        signs = [Sign(datetime.fromisoformat(each.at), each.debtor_id == begun.debtor_id) for each in after]
        start = datetime.fromisoformat(begun.at)
        return measure(start, now, signs, marks, self._settings.idle_minutes)

    def timed(self, user: User, shown: Entry, now: datetime, marks: tuple[int, ...]) -> dict[str, Any]:
        """Return the fields of a decision that tell its active minutes."""
        took = self.measure(user, shown, now, marks)
        idle = self._settings.idle_minutes
        return {
            "active_minutes": took.active_minutes,
            "idle_minutes": idle,
            "marks": took.marks,
            "opened": shown.facts["opened"],
        }

    def _chosen(self, user: User, debtor_id: str, choice: BlindChoice) -> BlindChoiceMade:
        opened = self.waiting(user, debtor_id)
        if opened is None:
            raise refusal("recommendation_spent")
        check(choice, self._office.directory())
        took = self.measure(user, opened, self._clock(), choice.marks)
        return BlindChoiceMade(
            debtor_id,
            opened.seq,
            tuple({"target_kind": kind, "target_code": code} for kind, code in choice.chosen),
            choice.nothing,
            choice.grounds.strip(),
            took.minutes,
            took.active_minutes,
            self._settings.idle_minutes,
            took.marks,
        )

    def _opening(self, user: User, debtor_id: str, arrears: int, program: bool = False) -> CaseOpened:
        setting = in_force(self._journal)
        outside = "program" if program else self._outside(user, debtor_id, setting)
        arm = "" if outside else ("blind" if setting.draws_blind(debtor_id, user.name) else "open")
        reasons = ""
        if setting.hidden > 0 and not program:
            reasons = "hidden" if setting.draws_hidden(debtor_id, user.name) else "shown"
        return CaseOpened(
            debtor_id,
            arrears,
            arm,
            outside,
            setting.blind,
            reasons,
            setting.hidden,
            setting.number,
            self._months(user),
        )

    def _outside(self, user: User, debtor_id: str, setting: TrialSetting) -> str:
        """Return why a case is no part of the trial: only a first look at an untouched case compares."""
        if setting.blind <= 0:
            return "off"
        if self._journal.entries((DECIDED, ReplyReceived.__name__), debtor_id, latest=1):
            return "decided"
        looks = self._journal.entries((SHOWN, CaseViewed.__name__), debtor_id, user.name)
        if any(look.kind == SHOWN or look.facts["view"] in TELLING_VIEWS for look in looks):
            return "seen"
        return ""

    @property
    def _today(self) -> date:
        return self._clock().astimezone(JAPAN).date()

    def _months(self, user: User) -> float | None:
        joined = self._office.oversight.joined_on.get(user.staff_id)
        if joined is None:
            return None
        return round(max((self._today - joined).days, 0) / DAYS_A_MONTH, 1)

    def _last(self, user: User, debtor_id: str) -> Entry | None:
        kinds = (OPENED, CHOSEN, SHOWN, DECIDED)
        return last_but_read(self._journal, kinds, debtor_id, user.name)

    def _asked(self, user: User, debtor_id: str, recommendation: int) -> bool:
        asked = self._journal.entries((ReasonsOpened.__name__,), debtor_id, user.name, since=recommendation)
        return any(each.facts["recommendation"] == recommendation for each in asked)
