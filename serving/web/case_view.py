"""How a case's targets are laid out: what speaks about each target, and once what speaks about all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from features.exemption import ARTICLE, Exemption, exemption_of
from features.profile import PROFILE_FEATURES
from models.advice import CaseAdvice, RankedTarget, Reason
from serving.desk.grounds import grounds_text, opening_line, target_line
from serving.office.office import CaseProfile

OWN = frozenset(feature.name for feature in PROFILE_FEATURES)
"""Features that rest on the case's own records alone."""

LEAST_TARGETS = 3
"""With fewer targets nothing is called common."""

KEPT = 1_000
"""Advices whose layout is kept: whoever works on a case opens it again, and others after them."""


@dataclass(frozen=True)
class DatedReason:
    """A reason, and the day of the record behind it; None where it rests on many cases, or on no day."""

    reason: Reason
    day: date | None


@dataclass(frozen=True)
class TargetView:
    """One target as shown. ``first`` are always seen, ``more`` when unfolded; ``common``: summed weight."""

    target: RankedTarget
    first: tuple[DatedReason, ...]
    more: tuple[DatedReason, ...]
    common: float

    def __hash__(self) -> int:
        """Hash the target alone, from which the rest follows; equality compares everything."""
        return hash(self.target)


@dataclass(frozen=True)
class CaseView:
    """Targets in order of rank; ``common`` are sentences given for most of them; ``scale``: longest bar."""

    targets: tuple[TargetView, ...]
    common: tuple[DatedReason, ...]
    scale: float


def case_view(advice: CaseAdvice, newest: Mapping[str, date] | None = None) -> CaseView:
    """Lay out an advice. A sentence given for more than half of the targets is told once, for the case.

    Of the others the strongest for and the strongest against a target come first. ``newest``: the day of the
    case's latest record by table.
    """
    return _case_view(advice, tuple(sorted((newest or {}).items())))


@lru_cache(maxsize=KEPT)
def _case_view(advice: CaseAdvice, newest: tuple[tuple[str, date], ...]) -> CaseView:
    told = Counter((r.feature, r.sentence) for target in advice.targets for r in target.reasons)
    enough = max(LEAST_TARGETS, len(advice.targets) // 2 + 1)
    shared = {fact for fact, count in told.items() if count >= enough}
    days = dict(newest)
    views = tuple(_target(target, shared, days) for target in advice.targets)
    common = {_fact(r): _dated(r, days) for t in advice.targets for r in t.reasons if _fact(r) in shared}
    longest = max((abs(r.reason.weight) for view in views for r in (*view.first, *view.more)), default=0.0)
    scale = max([longest, *(abs(view.common) for view in views)], default=0.0)
    return CaseView(views, tuple(common.values()), scale or 1.0)


@dataclass(frozen=True)
class ProposedGrounds:
    """The grounds as the form proposes them: for each target its line, and the text of the planned ones."""

    opening: str
    lines: Mapping[tuple[str, str], str]
    text: str


@lru_cache(maxsize=KEPT)
def proposed_grounds(advice: CaseAdvice) -> ProposedGrounds:
    """Return the proposed grounds of an advice, in Japanese: they go into the office's file."""
    opening = opening_line(advice.arrears)
    lines = {(each.target_kind, each.target_code): target_line(each) for each in advice.targets}
    planned = [lines[each.target_kind, each.target_code] for each in advice.targets if each.in_plan]
    return ProposedGrounds(opening, lines, grounds_text(opening, planned))


def exemptions_of(profile: CaseProfile) -> tuple[Exemption, ...]:
    """Return what the law leaves of a month's wage and pension, by the latest slip of the case."""
    if not profile.incomes:
        return ()
    slip, people = profile.incomes[0], None
    if "household" in profile.opt_in:
        people = profile.dependents or 0
    return tuple(
        exemption_of(source, slip.tax_year, yen, people) for source, yen in slip.sources if source in ARTICLE
    )


def _target(target: RankedTarget, shared: set[tuple[str, str]], days: Mapping[str, date]) -> TargetView:
    own = [reason for reason in target.reasons if _fact(reason) not in shared]
    favour = [reason for reason in own if reason.weight >= 0]
    against = [reason for reason in own if reason.weight < 0]
    first = [*favour[:1], *against[:1]]
    first += [reason for reason in own if reason not in first][: 2 - len(first)]
    common = sum(reason.weight for reason in target.reasons if _fact(reason) in shared)
    more = (reason for reason in own if reason not in first)
    return TargetView(
        target, tuple(_dated(r, days) for r in first), tuple(_dated(r, days) for r in more), common
    )


def _dated(reason: Reason, days: Mapping[str, date]) -> DatedReason:
    own = days.get(reason.record) if reason.feature in OWN else None
    return DatedReason(reason, reason.record_day or own)


def _fact(reason: Reason) -> tuple[str, str]:
    return reason.feature, reason.sentence
