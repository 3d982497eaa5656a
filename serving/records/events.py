"""What happened, as small frozen records in the past tense."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Event:
    """Something that happened; ``debtor_id`` is empty where no case was concerned."""

    debtor_id: str = ""


@dataclass(frozen=True)
class LoggedIn(Event):
    """A user logged in. ``manner`` is page or token."""

    manner: str = ""


@dataclass(frozen=True)
class LoggedOut(Event):
    """A user ended their login."""


@dataclass(frozen=True)
class LoginRefused(Event):
    """A login was refused. ``ground`` is wrong or paused; what was typed is not kept."""

    ground: str = ""


@dataclass(frozen=True)
class UserAdded(Event):
    """An account was created."""

    name: str = ""
    role: str = ""


@dataclass(frozen=True)
class UserClosed(Event):
    """An account was closed and its logins were ended."""

    name: str = ""


@dataclass(frozen=True)
class UserReopened(Event):
    """A closed account was opened again."""

    name: str = ""


@dataclass(frozen=True)
class PasswordChanged(Event):
    """An account was given another password and its logins were ended."""

    name: str = ""


@dataclass(frozen=True)
class AssignmentChanged(Event):
    """A supervisor gave a case to somebody else than proposed; ``reason`` is theirs."""

    staff_from: str = ""
    staff_to: str = ""
    reason: str = ""
    model_version: str = ""
    data_version: str = ""


@dataclass(frozen=True)
class AssignmentsAccepted(Event):
    """A supervisor accepted all proposals as they stood, ``changed`` of them changed before."""

    cases: int = 0
    changed: int = 0
    model_version: str = ""
    data_version: str = ""


@dataclass(frozen=True)
class CaseDeclined(Event):
    """An officer declined the case proposed to them and said why; ``withdrawn``: they took that back."""

    staff_id: str = ""
    reason: str = ""
    withdrawn: bool = False
    model_version: str = ""
    data_version: str = ""


@dataclass(frozen=True)
class CaseViewed(Event):
    """Somebody looked at a case. ``view`` is page, record, recommendation or hardship.

    ``routed``: a gate of law kept the case from being ranked.
    """

    view: str = ""
    restricted: bool = False
    routed: bool = False


@dataclass(frozen=True)
class PageViewed(Event):
    """Somebody looked at a page (or asked a route) about the office as a whole; ``filters`` as asked for."""

    page: str = ""
    filters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseRefused(Event):
    """Somebody was refused a case. ``ground`` is foreign or protected."""

    ground: str = ""
    restricted: bool = False


@dataclass(frozen=True)
class WorklistViewed(Event):
    """Somebody looked at a page of the worklist: one entry a page, whatever number of ``lines`` it showed.

    ``filters`` holds those that were set, ``sort`` the order.
    """

    filters: dict[str, Any] | None = None
    sort: str = ""
    page: int = 1
    lines: int = 0


@dataclass(frozen=True)
class WhatIfAsked(Event):
    """Somebody looked at what the ranking would be; ``fact`` is the kind of what was supposed, no more."""

    fact: str = ""
    model_version: str = ""
    data_version: str = ""


@dataclass(frozen=True)
class CaseOpened(Event):
    """Somebody who may decide began choosing; the clock of the choice starts here.

    ``arm`` is blind, open, or empty where the case is outside the trial, and then ``outside`` says why (off,
    seen, decided, program). ``share`` is the chance of blind, ``reasons`` shown, hidden or empty (not drawn),
    ``hidden`` the chance of hidden, ``setting`` the number of the TrialSet that drew. ``months`` in post of
    who began (None: not known).
    """

    arrears: int = 0
    arm: str = ""
    outside: str = ""
    share: float = 0.0
    reasons: str = ""
    hidden: float = 0.0
    setting: int = 0
    months: float | None = None


@dataclass(frozen=True)
class RecommendationShown(Event):
    """The advice exactly as it was shown, with the model and the records behind it.

    ``inputs``: what went into it besides them (``serving.desk.inputs``; None: not kept at the time).
    ``offered``: it was shown to be chosen from; else to be read alone, and no ``opened`` starts its clock.
    """

    opened: int = 0
    model_version: str = ""
    data_version: str = ""
    advice: dict[str, Any] | None = None
    inputs: dict[str, Any] | None = None
    offered: bool = True


@dataclass(frozen=True)
class DecisionMade(Event):
    """What was chosen from a recommendation, why, and how long it took.

    ``accepted`` and ``left`` hold {target_kind, target_code, rank}; ``added`` and ``dropped`` a reason
    besides. ``left`` are proposals that were neither accepted nor dropped. ``minutes`` are by the clock since
    ``opened_at``; ``active_minutes`` since the ranking was shown, with pauses cut at ``idle_minutes``;
    ``marks`` how many signs of work the page itself gave. ``opened`` is the number of its CaseOpened.
    """

    recommendation: int = 0
    accepted: tuple[dict[str, Any], ...] = ()
    added: tuple[dict[str, Any], ...] = ()
    dropped: tuple[dict[str, Any], ...] = ()
    left: tuple[dict[str, Any], ...] = ()
    grounds: str = ""
    opened_at: str = ""
    decided_at: str = ""
    minutes: float = 0.0
    model_version: str = ""
    data_version: str = ""
    active_minutes: float | None = None
    idle_minutes: float = 0.0
    marks: int = 0
    opened: int = 0


@dataclass(frozen=True)
class BlindChoiceMade(Event):
    """What was chosen before the ranking was seen: {target_kind, target_code} each, none where ``nothing``.

    ``opened`` is the number of its CaseOpened; minutes as in DecisionMade, both since the case was opened.
    """

    opened: int = 0
    chosen: tuple[dict[str, Any], ...] = ()
    nothing: bool = False
    grounds: str = ""
    minutes: float = 0.0
    active_minutes: float = 0.0
    idle_minutes: float = 0.0
    marks: int = 0


@dataclass(frozen=True)
class ReasonsOpened(Event):
    """Somebody asked to see the reasons that were folded away."""

    recommendation: int = 0
    opened: int = 0


@dataclass(frozen=True)
class TrialSet(Event):
    """The shares of the trial were set, and why: ``blind`` choices and ``hidden`` reasons, each from 0.

    The digest of the entry is the seed of the draws: known to an auditor, not to who opens a case.
    """

    blind: float = 0.0
    hidden: float = 0.0
    ground: str = ""


@dataclass(frozen=True)
class ReplyReceived(Event):
    """A reply to an inquiry came in. ``result`` is found or none; days are ISO, ``balance`` yen of a find.

    ``corrects`` is the seq of an earlier entry that this one stands in for (0: none); ``withdrawn``: what
    that entry said is taken back and nothing stands in for it. A reply that came in as a file names the
    ``inquiry`` it answers, the ``file`` (SHA-256) and the ``accounts`` {kind, balance} that are summed up.
    """

    target_kind: str = ""
    target_code: str = ""
    requested_on: str = ""
    replied_on: str = ""
    result: str = ""
    balance: int | None = None
    asset_kind: str = ""
    corrects: int = 0
    withdrawn: bool = False
    inquiry: str = ""
    file: str = ""
    accounts: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class SlotsSet(Event):
    """A supervisor set the share of shown targets that is drawn at random (0: none), and why."""

    share: float = 0.0
    seed: int = 0
    ground: str = ""


@dataclass(frozen=True)
class RecommendationRecomputed(Event):
    """An auditor had a past recommendation computed again.

    ``outcome`` is same, differs, needs (the records or the model of then are not at hand), or moved (it was
    reckoned on a later day than that of the records, which is no longer done);
    ``differences`` name the places that came out differently.
    """

    recommendation: int = 0
    outcome: str = ""
    differences: tuple[str, ...] = ()
    model_version: str = ""
    data_version: str = ""
