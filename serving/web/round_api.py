"""The routes for programs about replies, and about the slots drawn at random."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from models.slots import LARGEST
from serving.desk.replies import LARGEST_BALANCE, ReplyKept, ReplySent
from serving.desk.slot_setting import SlotSetting
from serving.web.api import Asking, AtDesk
from serving.web.routing import error_docs

router = APIRouter()


class ReplyGiven(BaseModel):
    """A reply to an inquiry, or the correction of one that was entered."""

    model_config = ConfigDict(extra="forbid")
    target_kind: str = Field(min_length=1, max_length=64)
    target_code: str = Field(max_length=64)
    requested_on: date
    replied_on: date
    result: Literal["found", "none"]
    balance: int | None = Field(None, ge=0, le=LARGEST_BALANCE, description="yen; needed where found")
    asset_kind: str = Field("", max_length=64)
    corrects: int = Field(0, ge=0, description="number of the reply that this one stands in for")


class ReplyEntered(BaseModel):
    """The journal entry of a reply; the case is in its second round."""

    reply_id: int
    entered_at: datetime
    round: int


class SlotsGiven(BaseModel):
    """The share of targets that is to be drawn at random; 0 turns it off."""

    model_config = ConfigDict(extra="forbid")
    share: float = Field(ge=0, le=LARGEST)
    ground: str = Field(min_length=1, max_length=500)


@router.get(
    "/api/v1/cases/{debtor_id}/replies",
    summary="Replies that came in since the export",
    responses=error_docs(401, 403, 404, 422),
    tags=["cases"],
)
def replies(debtor_id: str, user: Asking, desk: AtDesk) -> list[ReplyKept]:
    """List the replies that stand; the view is logged."""
    return list(desk.case(user, debtor_id).replies)


@router.post(
    "/api/v1/cases/{debtor_id}/replies",
    summary="Enter a reply; the case is ranked anew with it",
    status_code=201,
    responses=error_docs(401, 403, 404, 409, 422),
    tags=["cases"],
)
def enter(debtor_id: str, sent: ReplyGiven, user: Asking, desk: AtDesk) -> ReplyEntered:
    """Journal a reply; a correction names the one it stands in for, which stays in the journal."""
    entry = desk.reply(user, debtor_id, ReplySent(**sent.model_dump()))
    again = desk.case(user, debtor_id).advice
    return ReplyEntered(reply_id=entry.seq, entered_at=datetime.fromisoformat(entry.at), round=again.round)


@router.delete(
    "/api/v1/cases/{debtor_id}/replies",
    summary="Take back a reply that was entered by mistake",
    responses=error_docs(401, 403, 404, 409, 422),
    tags=["cases"],
)
def withdraw(
    debtor_id: str, user: Asking, desk: AtDesk, reply_id: Annotated[int, Query(ge=1)]
) -> ReplyEntered:
    """Journal that a reply is taken back; what was entered stays in the journal."""
    entry = desk.reply(user, debtor_id, ReplySent("", "", None, None, "", corrects=reply_id, withdrawn=True))
    again = desk.case(user, debtor_id).advice
    return ReplyEntered(reply_id=entry.seq, entered_at=datetime.fromisoformat(entry.at), round=again.round)


@router.get(
    "/api/v1/slots",
    summary="The share of targets drawn at random",
    responses=error_docs(401, 403),
    tags=["office"],
)
def slots(user: Asking, desk: AtDesk) -> SlotSetting:
    """Return the setting in force; a share of 0 is off."""
    return desk.slots(user)


@router.put(
    "/api/v1/slots",
    summary="Set the share of targets drawn at random",
    responses=error_docs(401, 403, 422),
    tags=["office"],
)
def set_slots(sent: SlotsGiven, user: Asking, desk: AtDesk) -> SlotSetting:
    """Journal a new setting with its ground."""
    desk.set_slots(user, sent.share, sent.ground)
    return desk.slots(user)
