"""The routes for programs about the trial: the shares in force."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from serving.desk.trial_setting import LARGEST_BLIND, LARGEST_HIDDEN, TrialSetting
from serving.web.api import Asking, AtDesk
from serving.web.routing import error_docs

router = APIRouter()


class TrialGiven(BaseModel):
    """The share of cases to be chosen blind first, and of rankings whose reasons are folded away."""

    model_config = ConfigDict(extra="forbid")
    blind: float = Field(ge=0, le=LARGEST_BLIND)
    hidden: float = Field(ge=0, le=LARGEST_HIDDEN)
    ground: str = Field(min_length=1, max_length=500)


class TrialTold(BaseModel):
    """The shares in force, since when, by whom and why."""

    blind: float
    hidden: float
    set_at: str
    actor: str
    ground: str


@router.get(
    "/api/v1/trial", summary="The shares of the trial", responses=error_docs(401, 403), tags=["office"]
)
def trial(user: Asking, desk: AtDesk) -> TrialTold:
    """Return the shares in force; 0 is off. What the draws hang on is not told."""
    return _told(desk.trial.setting(user))


@router.put(
    "/api/v1/trial",
    summary="Set the shares of the trial",
    responses=error_docs(401, 403, 422),
    tags=["office"],
)
def set_trial(sent: TrialGiven, user: Asking, desk: AtDesk) -> TrialTold:
    """Journal new shares with their ground, for cases opened from now on."""
    desk.trial.set(user, sent.blind, sent.hidden, sent.ground)
    return _told(desk.trial.setting(user))


def _told(setting: TrialSetting) -> TrialTold:
    return TrialTold(
        blind=setting.blind,
        hidden=setting.hidden,
        set_at=setting.set_at,
        actor=setting.actor,
        ground=setting.ground,
    )
