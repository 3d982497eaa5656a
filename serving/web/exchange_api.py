"""The routes for programs about batches of inquiries and files of replies."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from serving.desk.exchange import Exchange
from serving.desk.inbox import Taken
from serving.desk.register import Batch
from serving.web.api import Asking
from serving.web.routing import error_docs, exchange_of
from serving.web.upload import sent_body

router = APIRouter()

AtExchange = Annotated[Exchange, Depends(exchange_of)]


class BatchWanted(BaseModel):
    """What to make a batch of: one choice (``decision_id``), or without it all ready, unprotected ones."""

    model_config = ConfigDict(extra="forbid")
    decision_id: int | None = Field(None, ge=1)


class InquiryTold(BaseModel):
    """One inquiry of a batch; ``means``: 1 paper, 2 electronic."""

    number: str
    debtor_id: str
    target_kind: str
    target_code: str
    means: str
    staff_id: str
    articles: str
    replied_on: date | None


class BatchTold(BaseModel):
    """A batch of inquiries that went out."""

    batch_id: int
    fiscal_year: int = Field(description="the year (from April) that numbers it; 0 before there were such")
    number: int = Field(description="its number within the fiscal year, by which people call it")
    requested_on: date
    made_by: str
    restricted: bool
    inquiries: list[InquiryTold]
    others: int = Field(description="inquiries about cases that you may not see, left out")


class FileTaken(BaseModel):
    """What became of a file of replies."""

    layout: str
    new: int = Field(description="replies that were not there before")
    replies: list[Taken]
    passed_over: list[str] = Field(description="sheets that hold no reply")


@router.post(
    "/api/v1/batches",
    summary="Make a batch of inquiries; a choice goes out once",
    status_code=201,
    responses=error_docs(401, 403, 409, 422),
    tags=["exchange"],
)
def make(wanted: BatchWanted, user: Asking, exchange: AtExchange) -> BatchTold:
    """Make a batch; for a choice that went out before, return the batch that it is in."""
    number = exchange.outbox.make(user, wanted.decision_id)
    return _told(exchange, exchange.outbox.batch(user, number, "api"))


@router.get(
    "/api/v1/batches/{batch_id}",
    summary="One batch",
    responses=error_docs(401, 403, 404, 422),
    tags=["exchange"],
)
def batch(batch_id: int, user: Asking, exchange: AtExchange) -> BatchTold:
    """Read one batch; the view is logged."""
    return _told(exchange, exchange.outbox.batch(user, batch_id, "api"))


@router.post(
    "/api/v1/replies/file",
    summary="Take in a file of replies (xlsx or CSV as the body), whole or not at all",
    status_code=201,
    responses=error_docs(401, 403, 409, 413, 422),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
    tags=["exchange"],
)
def take_in(user: Asking, content: Annotated[bytes, Depends(sent_body)], exchange: AtExchange) -> FileTaken:
    """Match the replies by 照会番号 and rank their cases anew."""
    done = exchange.inbox.take_in(user, content)
    return FileTaken(
        layout=done.layout, new=done.new, replies=list(done.replies), passed_over=list(done.passed_over)
    )


def _told(exchange: Exchange, batch: Batch) -> BatchTold:
    answered = exchange.outbox.answered(batch)
    return BatchTold(
        batch_id=batch.number,
        fiscal_year=batch.fiscal_year,
        number=batch.in_year or batch.number,
        requested_on=batch.requested_on,
        made_by=batch.actor,
        restricted=batch.restricted,
        inquiries=[
            InquiryTold(
                number=item.number,
                debtor_id=item.debtor_id,
                target_kind=item.target_kind,
                target_code=item.target_code,
                means=item.means,
                staff_id=item.staff_id,
                articles=item.articles,
                replied_on=answered.get(item.number),
            )
            for item in batch.items
        ],
        others=batch.others,
    )
