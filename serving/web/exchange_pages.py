"""The pages of the exchange: what is ready to go out, the batches with their files, replies that come in."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from serving.batch_wording import batch_file
from serving.desk.exchange import Exchange
from serving.desk.inbox import Imported
from serving.desk.outbox import by_institution
from serving.desk.register import Batch
from serving.exchange.inquiry import PAPER
from serving.exchange.refused import FileRefused
from serving.exchange.samples import ENDINGS, sample_file
from serving.exchange.spreadsheet import csv_bytes, xlsx_bytes
from serving.problems import Problem
from serving.records.identity import Right, User
from serving.web.form_number import whole
from serving.web.letters import letter_facts
from serving.web.page import Asking, Sent, render
from serving.web.page_route import PageRoute
from serving.web.routing import exchange_of, status_of
from serving.web.upload import SentFile
from serving.wording import refusal

router = APIRouter(include_in_schema=False, route_class=PageRoute)

AtExchange = Annotated[Exchange, Depends(exchange_of)]
PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
Word = Annotated[str, Query(max_length=64)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/batches")
def batches_page(
    request: Request, user: Asking, exchange: AtExchange, page: PageNumber = 1, made: PageNumber = 1
) -> Response:
    """Show the choices that are ready to go out, and the batches that went."""
    return _batches(request, user, exchange, page=page, made=made)


@router.post("/batches")
def make_batch(request: Request, form: Sent, user: Asking, exchange: AtExchange) -> Response:
    """Make a batch of one choice or of all ready ones, and show it."""
    text = str(form.get("decision", ""))
    decision = whole(text)
    if text and decision is None:
        raise refusal("invalid")
    try:
        number = exchange.outbox.make(user, decision)
    except Problem as problem:
        return _refused(request, user, exchange, problem)
    return RedirectResponse(f"/batches/{number}", 303)


@router.post("/batches/aside")
def set_aside(request: Request, form: Sent, user: Asking, exchange: AtExchange) -> Response:
    """Take a choice off the list, with a reason."""
    decision = whole(form.get("decision"))
    try:
        if decision is None:
            raise refusal("invalid")
        exchange.outbox.set_aside(user, decision, str(form.get("reason", "")))
    except Problem as problem:
        return _refused(request, user, exchange, problem)
    return RedirectResponse("/batches", 303)


@router.get("/batches/{number}")
def batch_page(request: Request, number: int, user: Asking, exchange: AtExchange) -> Response:
    """Show one batch: its institutions with their files, and what was answered."""
    batch = exchange.outbox.batch(user, number, "page")
    parts = by_institution(batch.items)
    facts: dict[str, Any] = {
        "batch": batch,
        "parts": parts,
        "paper": PAPER,
        "names": {key: exchange.name_of(*key) for key in parts},
        "query": {key: urlencode({"kind": key[0], "code": key[1]}) for key in parts},
        "on_paper": sum(item.means == PAPER for item in batch.items),
        "answered": exchange.outbox.answered(batch),
        "open_cases": exchange.office.correspondence.cases,
    }
    return render(request, "batch.html", user, **facts)


@router.get("/batches/{number}/request.csv")
def request_csv(number: int, user: Asking, exchange: AtExchange, kind: Word, code: Word = "") -> Response:
    """Hand out the request file to one institution as CSV."""
    batch = exchange.outbox.batch(user, number, "csv", kind, code)
    content = csv_bytes(exchange.request(batch.of(kind, code), batch.restricted))
    return _file(content, "text/csv; charset=utf-8", _name(batch, kind, code, "csv"))


@router.get("/batches/{number}/request.xlsx")
def request_xlsx(number: int, user: Asking, exchange: AtExchange, kind: Word, code: Word = "") -> Response:
    """Hand out the request file to one institution as a workbook."""
    batch = exchange.outbox.batch(user, number, "xlsx", kind, code)
    content = xlsx_bytes(exchange.request(batch.of(kind, code), batch.restricted), "照会")
    return _file(content, XLSX, _name(batch, kind, code, "xlsx"))


@router.get("/batches/{number}/letters")
def letters(
    *,
    request: Request,
    number: int,
    user: Asking,
    exchange: AtExchange,
    kind: Word = "",
    code: Word = "",
    download: Annotated[bool, Query()] = False,
) -> Response:
    """Show the letters of a batch to be printed, one a page; of one institution where it is named."""
    batch = exchange.outbox.batch(user, number, "letters", kind, code)
    facts = letter_facts(exchange, batch, batch.part("letters", kind, code), download)
    response = render(request, "letters.html", user, **facts)
    if download:
        response.headers["Content-Disposition"] = _attachment(_name(batch, kind, code, "html"))
    return response


@router.get("/replies")
def replies_page(request: Request, user: Asking, exchange: AtExchange) -> Response:
    """Show the form for a file of replies, and what came in."""
    return _replies(request, user, exchange)


@router.get("/replies/sample.xlsx")
def sample_xlsx(user: Asking, exchange: AtExchange, layout: Word) -> Response:
    """Hand out a workbook with invented replies in one layout."""
    return _sample(user, exchange, layout, "xlsx", XLSX)


@router.get("/replies/sample.csv")
def sample_csv(user: Asking, exchange: AtExchange, layout: Word) -> Response:
    """Hand out a CSV with invented replies in one layout."""
    return _sample(user, exchange, layout, "csv", "text/csv; charset=utf-8")


@router.post("/replies")
def take_in(request: Request, content: SentFile, user: Asking, exchange: AtExchange) -> Response:
    """Take in a file of replies and show the result, or every fault."""
    try:
        imported = exchange.inbox.take_in(user, content)
    except Problem as problem:
        if status_of(problem) not in {409, 413, 422}:
            raise
        return _replies(request, user, exchange, problem=problem)
    return _replies(request, user, exchange, imported=imported)


def _batches(
    request: Request,
    user: User,
    exchange: Exchange,
    *,
    page: int = 1,
    made: int = 1,
    problem: Problem | None = None,
) -> Response:
    waiting, batches = exchange.outbox.waiting(user), exchange.outbox.batches(user)
    size = request.app.state.settings.page_size
    shown, went = waiting[(page - 1) * size : page * size], batches[(made - 1) * size : made * size]
    ready = [each for each in waiting if each.mine and not each.restricted and each.ready]
    return render(
        request,
        "batches.html",
        user,
        status_of(problem) if problem else 200,
        waiting=shown,
        total=len(waiting),
        ready=len(ready),
        ready_lines=sum(len(each.ready) for each in ready),
        names=exchange.office.directory(),
        paper=PAPER,
        open_cases=exchange.office.correspondence.cases,
        batches=went,
        batches_total=len(batches),
        answered={batch.number: len(exchange.outbox.answered(batch)) for batch in went},
        own_only=exchange.reach.own_only(user),
        problem=problem,
        pagers=(
            _pager(page, len(waiting), size, "page", {"made": made}),
            _pager(made, len(batches), size, "made", {"page": page}),
        ),
    )


def _refused(request: Request, user: User, exchange: Exchange, problem: Problem) -> Response:
    if status_of(problem) not in {409, 422}:
        raise problem
    return _batches(request, user, exchange, problem=problem)


def _replies(
    request: Request,
    user: User,
    exchange: Exchange,
    *,
    problem: Problem | None = None,
    imported: Imported | None = None,
) -> Response:
    return render(
        request,
        "replies.html",
        user,
        status_of(problem) if problem else 200,
        problem=problem,
        faults=problem.faults if isinstance(problem, FileRefused) else (),
        at=problem.at if isinstance(problem, FileRefused) else "",
        imported=imported,
        names=exchange.office.directory(),
        open_cases=exchange.office.correspondence.cases,
        files=exchange.inbox.files(user),
        own_only=exchange.reach.own_only(user),
        layouts=exchange.inbox.layouts(),
        endings=ENDINGS,
        most=exchange.settings.upload_megabytes,
    )


def _sample(user: User, exchange: Exchange, name: str, ending: str, media: str) -> Response:
    user.require(Right.CASES)
    layout = next((each for each in exchange.inbox.layouts() if each.name == name), None)
    if layout is None:
        raise refusal("not_found")
    return _file(sample_file(layout, ending), media, f"mihon-{name}.{ending}")


def _pager(page: int, total: int, size: int, name: str, kept: dict[str, int]) -> dict[str, Any]:
    def link(number: int) -> str:
        return "/batches?" + urlencode(kept | {name: number})

    return {"page": page, "pages": max(1, -(-total // size)), "link": link}


def _name(batch: Batch, kind: str, code: str, form: str) -> str:
    return batch_file(batch, kind, code, form)


def _file(content: bytes, media: str, name: str) -> Response:
    return Response(content, media_type=media, headers={"Content-Disposition": _attachment(name)})


def _attachment(name: str) -> str:
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-.") else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
