"""The routes for programs: JSON in and out, a bearer token, one error shape."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from models.advice import CaseAdvice
from serving.desk.choice import Choice, Reasoned
from serving.desk.desk import Desk
from serving.desk.time_figures import TimeSaved
from serving.office.office import CaseProfile, Proposal
from serving.records.identity import Identity, Role, User
from serving.web.routing import client_of, desk_of, error_docs, identity_of
from serving.wording import refusal

router = APIRouter()
bearer = HTTPBearer(auto_error=False, description="the token of POST /api/v1/login")

LARGEST_PAGE = 500
LONGEST_REASON = 500


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Credentials(_Closed):
    """A name and a password."""

    name: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=256)


class TokenTold(BaseModel):
    """A bearer token, told once."""

    token: str
    role: Role
    expires_at: datetime


class Health(BaseModel):
    """That the service is up and what it speaks for."""

    status: Literal["ok"] = "ok"
    model_version: str
    data_version: str
    prepared: int = Field(description="cases on the worklist so far")
    cases: int = Field(description="open cases")


class CaseRecord(BaseModel):
    """One case: what is on record, what is advised, who is proposed."""

    profile: CaseProfile
    advice: CaseAdvice
    proposal: Proposal | None


class Recommendation(BaseModel):
    """A recommendation as shown. A decision names it by ``recommendation_id``."""

    recommendation_id: int
    opened_at: datetime
    advice: CaseAdvice


class TargetNamed(_Closed):
    """A target by kind and code."""

    target_kind: str = Field(min_length=1, max_length=64)
    target_code: str = Field(max_length=64)


class TargetReasoned(TargetNamed):
    """A target with the reason it is added or dropped for."""

    reason: str = Field(max_length=LONGEST_REASON, description="required: why")


class DecisionSent(_Closed):
    """A finished choice. Without ``recommendation_id`` it is about the latest one shown to the user."""

    recommendation_id: int | None = None
    accepted: list[TargetNamed] = Field(default_factory=list, max_length=100)
    added: list[TargetReasoned] = Field(default_factory=list, max_length=100)
    dropped: list[TargetReasoned] = Field(default_factory=list, max_length=100)
    grounds: str = Field("", max_length=4000)


class DecisionKept(BaseModel):
    """The journal entry of a decision."""

    decision_id: int
    recommendation_id: int
    minutes: float = Field(description="from opening the case to the finished choice")
    decided_at: datetime
    model_version: str
    data_version: str


class Assignment(BaseModel):
    """Who is to take a case: as a supervisor last changed it, else as proposed; the board shows the same."""

    debtor_id: str
    staff_id: str
    proposed_staff_id: str = Field(description="as the matching proposed it")
    changed_by: str = Field(description="the supervisor who changed it; empty: as proposed")
    change_reason: str = Field(description="the supervisor's own words; empty: as proposed")
    expected_minutes: float
    difficulty_level: int
    required_level: int
    reasons: str


class Assignments(BaseModel):
    """One page of the proposed assignments."""

    assignments: list[Assignment]
    page: int
    size: int
    total: int


def user_of(
    request: Request,
    told: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    identity: Annotated[Identity, Depends(identity_of)],
) -> User:
    """Return who the bearer token belongs to; refuse with ``login_needed``."""
    user = identity.user_of(told.credentials if told else None)
    if user is None:
        raise refusal("login_needed")
    request.state.user = user
    return user


Asking = Annotated[User, Depends(user_of)]
AtDesk = Annotated[Desk, Depends(desk_of)]
PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
PageSize = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]


@router.get("/healthz", summary="Whether the service is up", responses=error_docs(), tags=["health"])
def healthz(desk: AtDesk) -> Health:
    """Answer without a login; holds no personal data."""
    versions, progress = desk.office.versions, desk.progress
    return Health(
        model_version=versions.model,
        data_version=versions.data,
        prepared=progress.done,
        cases=progress.total,
    )


@router.post(
    "/api/v1/login", summary="Get a bearer token", responses=error_docs(401, 422, 429), tags=["login"]
)
def login(
    sent: Credentials, request: Request, identity: Annotated[Identity, Depends(identity_of)]
) -> TokenTold:
    """Check a name and a password; the token expires."""
    told = identity.log_in(sent.name, sent.password, client_of(request))
    return TokenTold(token=told.token, role=told.user.role, expires_at=told.expires_at)


@router.get(
    "/api/v1/cases/{debtor_id}",
    summary="One case",
    responses=error_docs(401, 403, 404, 409, 422),
    tags=["cases"],
)
def case(debtor_id: str, user: Asking, desk: AtDesk) -> CaseRecord:
    """Read one case; the view is logged, and the ranking as it was shown."""
    file = desk.case(user, debtor_id)
    desk.read_ranking(user, debtor_id, file)
    advice = desk.scope.anonymised(user, file.advice)
    return CaseRecord(profile=file.profile, advice=advice, proposal=file.proposal)


@router.post(
    "/api/v1/cases/{debtor_id}/recommendations",
    summary="Show the recommendation and start the clock",
    status_code=201,
    responses=error_docs(401, 403, 404, 409, 422),
    tags=["cases"],
)
def recommend(debtor_id: str, user: Asking, desk: AtDesk) -> Recommendation:
    """Show the ranked targets. Until it is decided, asking again returns the same recommendation_id."""
    shown = desk.recommend(user, debtor_id, program=True)
    return Recommendation(
        recommendation_id=shown.number,
        opened_at=datetime.fromisoformat(shown.opened_at),
        advice=desk.scope.anonymised(user, shown.advice),
    )


@router.post(
    "/api/v1/cases/{debtor_id}/decisions",
    summary="Accept, add and drop targets",
    status_code=201,
    responses=error_docs(401, 403, 404, 409, 422),
    tags=["cases"],
)
def decide(debtor_id: str, sent: DecisionSent, user: Asking, desk: AtDesk) -> DecisionKept:
    """Journal a choice with its minutes and versions."""
    entry = desk.decide(user, debtor_id, _choice(sent))
    facts = entry.facts
    return DecisionKept(
        decision_id=entry.seq,
        recommendation_id=facts["recommendation"],
        minutes=facts["minutes"],
        decided_at=facts["decided_at"],
        model_version=facts["model_version"],
        data_version=facts["data_version"],
    )


@router.get(
    "/api/v1/assignments",
    summary="Who is to take which case, supervisors' changes included",
    responses=error_docs(401, 403, 422),
    tags=["office"],
)
def assignments(user: Asking, desk: AtDesk, page: PageNumber = 1, size: PageSize = 50) -> Assignments:
    """List the assignments as they stand now, in the order of the matching."""
    frame = desk.assignments(user).rename(columns={"proposed": "proposed_staff_id"})
    part = frame[list(Assignment.model_fields)].iloc[(page - 1) * size : page * size]
    rows = [
        Assignment(**{str(name): value for name, value in row.items()}) for row in part.to_dict("records")
    ]
    return Assignments(assignments=rows, page=page, size=size, total=len(frame))


@router.get(
    "/api/v1/time-saved",
    summary="Measured minutes of choosing, with the ranking and before it was seen",
    responses=error_docs(401, 403),
    tags=["office"],
)
def saved(user: Asking, desk: AtDesk) -> TimeSaved:
    """State figures only of groups with enough choices and officers behind them; nobody is named."""
    return desk.time_saved(user)


def _choice(sent: DecisionSent) -> Choice:
    return Choice(
        accepted=tuple((target.target_kind, target.target_code) for target in sent.accepted),
        added=tuple(Reasoned(t.target_kind, t.target_code, t.reason) for t in sent.added),
        dropped=tuple(Reasoned(t.target_kind, t.target_code, t.reason) for t in sent.dropped),
        grounds=sent.grounds,
        recommendation=sent.recommendation_id,
    )
