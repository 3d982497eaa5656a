"""A case as it is read, and a recommendation as it was shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from models.advice import CaseAdvice
from serving.desk.inputs import Inputs
from serving.desk.replies import ReplyKept
from serving.desk.waiting import Waiting
from serving.office.lapses import Lapse
from serving.office.office import CaseProfile, Proposal


@dataclass(frozen=True)
class CaseFile:
    """A case as it is read: what is on record, what is advised, who is proposed to take it.

    ``lapse``: what could be pursued on the day of the records and has lapsed by today (None: nothing has).
    ``paid_up``: no principal is left, due or not, on the records' day. ``inputs``: what went into the advice
    besides records and model.
    """

    profile: CaseProfile
    advice: CaseAdvice
    proposal: Proposal | None
    replies: tuple[ReplyKept, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    lapse: Lapse | None = None
    paid_up: bool = False
    inputs: Inputs = field(default_factory=Inputs)

    @property
    def lapsed(self) -> bool:
        """Whether nothing of the case can be pursued any more: nobody is asked about it, nothing ranked."""
        return self.lapse is not None and self.lapse.everything

    @property
    def closed(self) -> bool:
        """Whether nobody may be chosen: a gate of law stops the case, or it has lapsed since the records."""
        return self.advice.routed or self.lapsed


@dataclass(frozen=True)
class Shown:
    """A recommendation that was shown. ``number`` names it in a decision; the clock runs since then."""

    number: int
    opened_at: str
    advice: CaseAdvice


def same_ranking(kept: Mapping[str, Any], advice: CaseAdvice) -> bool:
    """Return whether a journalled advice shows the same targets in the same round as ``advice``."""
    before = [(target["target_kind"], target["target_code"]) for target in kept["targets"]]
    now = [(target.target_kind, target.target_code) for target in advice.targets]
    return before == now and kept.get("round", 1) == advice.round


def unranked(advice: CaseAdvice) -> CaseAdvice:
    """Return an advice without anything that tells where property may be: its gates and notes alone."""
    return replace(advice, targets=(), forecasts=(), hardship=None, finding=None)
