"""What the API and the pages share: errors in one shape, who is asking, and the headers of every answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from serving.desk.auditing import Auditing
from serving.desk.desk import Desk
from serving.desk.exchange import Exchange
from serving.exchange.refused import FileFault, FileRefused
from serving.problems import Problem
from serving.records.identity import Identity
from serving.web.last_door import LastDoor
from serving.wording import refusal, wording

STATUS = {
    "invalid": 422,
    "login_needed": 401,
    "login_wrong": 401,
    "login_paused": 429,
    "login_busy": 429,
    "forbidden": 403,
    "form_expired": 403,
    "case_unknown": 404,
    "entry_unknown": 404,
    "not_found": 404,
    "method_wrong": 405,
    "case_routed": 409,
    "case_lapsed": 409,
    "recommendation_spent": 409,
    "recommendation_missing": 409,
    "recommendation_stale": 409,
    "target_not_shown": 422,
    "target_twice": 422,
    "reply_twice": 409,
    "target_unknown": 422,
    "target_kind_wrong": 422,
    "grounds_missing": 422,
    "reason_missing": 422,
    "choice_empty": 422,
    "supposed_nothing": 422,
    "reply_days": 422,
    "reply_early": 422,
    "reply_balance": 422,
    "reply_unknown": 409,
    "slots_wrong": 422,
    "audit_target": 422,
    "case_unopened": 409,
    "case_foreign": 403,
    "choice_foreign": 403,
    "batch_foreign": 403,
    "batch_mixed": 403,
    "case_protected": 403,
    "view_name": 422,
    "view_taken": 422,
    "view_many": 422,
    "blind_first": 409,
    "blind_both": 422,
    "blind_empty": 422,
    "trial_wrong": 422,
    "officer_gone": 422,
    "officer_unknown": 422,
    "officer_excluded": 422,
    "change_reason_missing": 422,
    "aside_reason": 422,
    "batch_empty": 409,
    "batch_unknown": 404,
    "choice_unknown": 409,
    "file_bomb": 422,
    "file_damaged": 422,
    "file_empty": 422,
    "file_entities": 422,
    "file_faulty": 422,
    "file_kind": 422,
    "file_known": 409,
    "file_large": 413,
    "file_locked": 422,
    "file_macro": 422,
    "file_missing": 422,
    "layout_unknown": 422,
    "layout_wrong": 500,
    "officer_same": 422,
    "board_changed": 409,
    "case_not_proposed": 422,
    "declines_open": 409,
    "decline_reason_missing": 422,
    "declined_already": 409,
    "decline_unknown": 409,
    "entry_damaged": 500,
    "internal": 500,
    "preparing": 503,
}
"""The HTTP status of each problem's code (any other: 400)."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class FaultTold(BaseModel):
    """A place in a file that cannot be taken in, and why."""

    sheet: str
    line: int
    column: str
    code: str
    message: str
    found: str
    wanted: str


class ErrorDetail(BaseModel):
    """What went wrong."""

    code: str = Field(description="stable and machine-readable")
    message: str = Field(description="one Japanese sentence, free of personal data")
    hint: str = Field(description="what to do about it; may be empty")
    faults: list[FaultTold] = Field(default_factory=list, description="of a refused file; else left out")


class ErrorBody(BaseModel):
    """The one shape of every error."""

    error: ErrorDetail


def error_docs(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of the error answers of a route."""
    meaning = {
        401: "Not logged in, or the login has expired",
        403: "The role does not allow it",
        404: "No such open case",
        409: "It does not fit what was shown or decided before",
        413: "The file is larger than allowed",
        422: "The request cannot be read",
        429: "Too many failed logins, or too many at once",
    }
    return {status: {"model": ErrorBody, "description": meaning[status]} for status in statuses}


# These only look something up: were they no coroutines, a thread would be asked for each of them.
async def desk_of(request: Request) -> Desk:
    """Return the desk that the composition root built."""
    return cast("Desk", request.app.state.desk)


async def auditing_of(request: Request) -> Auditing:
    """Return the auditor's use cases that the composition root built."""
    return cast("Auditing", request.app.state.auditing)


async def identity_of(request: Request) -> Identity:
    """Return the identity that the composition root built."""
    return cast("Identity", request.app.state.identity)


async def exchange_of(request: Request) -> Exchange:
    """Return the exchange that the composition root built."""
    return cast("Exchange", request.app.state.exchange)


def steadily(request: Request) -> AbstractContextManager[None]:
    """Within, a page is made of one state of the journal: what was asked once is not asked again."""
    return cast("AbstractContextManager[None]", request.app.state.journal.steady())


def client_of(request: Request) -> str:
    """Return the address the request came from, for the login pause alone."""
    return request.client.host if request.client else ""


def status_of(problem: Problem) -> int:
    """Return the HTTP status of a problem."""
    return STATUS.get(problem.code, 400)


def error_body(problem: Problem) -> dict[str, Any]:
    """Return a problem in the one error shape."""
    detail = ErrorDetail(code=problem.code, message=problem.sentence, hint=problem.hint)
    if isinstance(problem, FileRefused) and problem.faults:
        detail.faults = [_told(fault) for fault in problem.faults]
    return ErrorBody(error=detail).model_dump(exclude_unset=True)


def _told(fault: FileFault) -> FaultTold:
    message = wording("ja")(f"fault.{fault.code}")
    return FaultTold(
        sheet=fault.sheet,
        line=fault.line,
        column=fault.column,
        code=fault.code,
        message=message,
        found=fault.found,
        wanted=fault.wanted,
    )


def error_json(problem: Problem) -> JSONResponse:
    """Answer with a problem in the one error shape."""
    headers = {"WWW-Authenticate": "Bearer"} if status_of(problem) == 401 else None
    return JSONResponse(error_body(problem), status_of(problem), headers)


def install(app: FastAPI, error_page: Callable[[Request, Problem], Response]) -> None:
    """Turn every error into the one shape (API) or a page, and set the headers of every answer."""

    def answer(request: Request, problem: Problem) -> Response:
        if request.url.path.startswith(("/api/", "/healthz", "/openapi")):
            return error_json(problem)
        return error_page(request, problem)

    async def on_problem(request: Request, error: Exception) -> Response:
        return answer(request, cast("Problem", error))

    async def on_invalid(request: Request, error: Exception) -> Response:
        return answer(request, _invalid(cast("RequestValidationError", error)))

    async def on_http(request: Request, error: Exception) -> Response:
        code = {405: "method_wrong", 404: "not_found"}.get(
            cast("HTTPException", error).status_code, "invalid"
        )
        return answer(request, refusal(code))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_middleware(LastDoor, answer=lambda request: answer(request, refusal("internal")), headers=HEADERS)


def _invalid(error: RequestValidationError) -> Problem:
    # Only where it is wrong, never what was sent: that may be personal.
    places = sorted({".".join(str(part) for part in fault["loc"]) for fault in error.errors()})
    problem = refusal("invalid")
    return Problem(problem.sentence, f"{problem.hint}({'、'.join(places[:5])})", problem.code)
