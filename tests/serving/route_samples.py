"""Every route of the service with sample values: a route added later fails the tests that walk them all until
it has a sample here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

CASE = "000000000000001"
ALONE = {"/": "leads on to another page", "/openapi.json": "no page"}
"""Routes to GET that show nothing themselves."""

PAGES: Mapping[str, tuple[str, ...]] = {
    "/login": ("/login",),
    "/cases": ("/cases", "/cases?show=routed", "/cases?find=none"),
    "/cases/{debtor_id}": (
        f"/cases/{CASE}",
        "/cases/000000000000011",
        "/cases/000000000000012",
        "/cases/{blind}",
    ),
    "/cases/{debtor_id}/hardship": (f"/cases/{CASE}/hardship",),
    "/slots": ("/slots",),
    "/batches": ("/batches",),
    "/batches/{number}": ("/batches/{batch}",),
    "/batches/{number}/letters": ("/batches/{batch}/letters?kind=bank&code=0005",),
    "/replies": ("/replies",),
    "/assignments": ("/assignments", "/assignments?staff=T002"),
    "/assignments/accept": ("/assignments/accept",),
    "/reminders": ("/reminders",),
    "/casebook": ("/casebook",),
    "/time-saved": ("/time-saved",),
    "/trial": ("/trial",),
    "/models": ("/models",),
    "/drift": ("/drift",),
    "/audit": ("/audit", "/audit?only=overrides&target_kind=bank", "/audit?case=nobody"),
    "/audit/{seq}": (
        "/audit/1",
        "/audit/{batch}",
        "/audit/{decision}",
        "/audit/{shown}",
        "/audit/{shown}?recompute=1",
    ),
}
"""Addresses to look at, by route; numbers in braces are those that ``happen`` returns."""

FILES: Mapping[str, tuple[str, ...]] = {
    "/batches/{number}/request.csv": ("/batches/{batch}/request.csv?kind=bank&code=0005",),
    "/batches/{number}/request.xlsx": ("/batches/{batch}/request.xlsx?kind=bank&code=0005",),
    "/replies/sample.xlsx": ("/replies/sample.xlsx?layout=一覧",),
    "/replies/sample.csv": ("/replies/sample.csv?layout=一覧",),
    "/time-saved.csv": ("/time-saved.csv",),
    "/audit/export.csv": ("/audit/export.csv",),
    "/audit/export.jsonl": ("/audit/export.jsonl?only=holds",),
}
"""What is downloaded, not shown."""

PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "/healthz": ("/healthz",),
    "/api/v1/cases": ("/api/v1/cases",),
    "/api/v1/cases/{debtor_id}": (f"/api/v1/cases/{CASE}",),
    "/api/v1/cases/{debtor_id}/replies": (f"/api/v1/cases/{CASE}/replies",),
    "/api/v1/assignments": ("/api/v1/assignments",),
    "/api/v1/time-saved": ("/api/v1/time-saved",),
    "/api/v1/batches/{batch_id}": ("/api/v1/batches/{batch}",),
    "/api/v1/slots": ("/api/v1/slots",),
    "/api/v1/trial": ("/api/v1/trial",),
    "/api/v1/audit": ("/api/v1/audit",),
    "/api/v1/audit/{seq}": ("/api/v1/audit/1",),
}

CHANGES: Mapping[tuple[str, str], tuple[str, object]] = {
    ("POST", "/cases/{debtor_id}/decisions"): (f"/cases/{CASE}/decisions", {"accept": "bank|0005"}),
    ("POST", "/cases/{debtor_id}/replies"): (
        f"/cases/{CASE}/replies",
        {"reply_kind": "bank", "reply_code": "0005", "requested_on": "2026-03-01",
         "replied_on": "2026-03-20", "result": "none"},
    ),
    ("POST", "/slots"): ("/slots", {"share": "0.1", "ground": "試行"}),
    ("POST", "/cases/{debtor_id}/decline"): (f"/cases/{CASE}/decline", {"reason": "親族のため"}),
    ("POST", "/batches"): ("/batches", {}),
    ("POST", "/batches/aside"): ("/batches/aside", {"decision": "1", "reason": "調整"}),
    ("POST", "/api/v1/batches"): ("/api/v1/batches", {}),
    ("POST", "/api/v1/replies/file"): ("/api/v1/replies/file", {}),
    ("POST", "/trial"): ("/trial", {"blind": "0.1", "hidden": "0.0", "ground": "試行"}),
    ("PUT", "/api/v1/trial"): ("/api/v1/trial", {"blind": 0.1, "hidden": 0.0, "ground": "試行"}),
    ("POST", "/cases/{debtor_id}/blind"): (f"/cases/{CASE}/blind", {"nothing": "1"}),
    ("POST", "/cases/{debtor_id}/reasons"): (f"/cases/{CASE}/reasons", {"recommendation": "1"}),
    ("POST", "/assignments/{debtor_id}"): (f"/assignments/{CASE}", {"staff_id": "T003", "reason": "調整"}),
    ("POST", "/assignments"): ("/assignments", {}),
    ("POST", "/api/v1/cases/{debtor_id}/recommendations"): (f"/api/v1/cases/{CASE}/recommendations", None),
    ("POST", "/api/v1/cases/{debtor_id}/decisions"): (
        f"/api/v1/cases/{CASE}/decisions", {"accepted": [{"target_kind": "bank", "target_code": "0005"}]},
    ),
    ("POST", "/api/v1/cases/{debtor_id}/replies"): (
        f"/api/v1/cases/{CASE}/replies",
        {"target_kind": "bank", "target_code": "0005", "requested_on": "2026-03-01",
         "replied_on": "2026-03-20", "result": "none"},
    ),
    ("DELETE", "/api/v1/cases/{debtor_id}/replies"): (f"/api/v1/cases/{CASE}/replies?reply_id=1", None),
    ("PUT", "/api/v1/slots"): ("/api/v1/slots", {"share": 0.1, "ground": "試行"}),
}  # fmt: skip
"""What changes something: method and route, an address, and what is sent (a form, or JSON to the API)."""

OWN_DESK = {
    ("POST", "/login"),
    ("POST", "/logout"),
    ("POST", "/api/v1/login"),
    ("POST", "/cases/{debtor_id}/what-if"),
    ("POST", "/worklist/views"),
    ("POST", "/worklist/views/{number}/delete"),
}
"""What changes only one's own login or kept filters, or only asks (a note belongs in no address)."""


UPLOADS = {("POST", "/replies"): "/replies"}
"""What takes a file: it is sent as one."""


@dataclass(frozen=True)
class Route:
    method: str
    path: str


def routes_of(app: FastAPI) -> set[Route]:
    """Every method and path that the service answers to, static files aside."""
    found = set()
    for each in iter_route_contexts(app.routes):
        methods = getattr(each, "methods", None) or ()
        found |= {Route(method, each.path) for method in set(methods) - {"HEAD", "OPTIONS"}}
    return found


def without_sample(app: FastAPI) -> list[Route]:
    """Return the routes that no sample stands for."""
    known = {Route("GET", path) for path in (*ALONE, *PAGES, *FILES, *PROGRAMS)}
    known |= {Route(*each) for each in (*CHANGES, *UPLOADS, *OWN_DESK)}
    return sorted(routes_of(app) - known, key=lambda route: (route.path, route.method))


def happen(client: Any, headers: dict[str, str]) -> dict[str, int | str]:  # noqa: ANN401
    """Let a supervisor choose, send a batch and open a case blind; return their numbers."""
    case = f"/api/v1/cases/{CASE}"
    shown = client.post(f"{case}/recommendations", headers=headers).json()["recommendation_id"]
    sent = {
        "accepted": [{"target_kind": "bank", "target_code": "0005"}],
        "dropped": [{"target_kind": "bank", "target_code": "9900", "reason": "解約済みと本人談"}],
        "grounds": "給与の支払がある。",
    }
    decision = client.post(f"{case}/decisions", json=sent, headers=headers).json()["decision_id"]
    made = client.post("/api/v1/batches", json={"decision_id": decision}, headers=headers)
    numbers = {"shown": shown, "decision": decision, "batch": made.json()["batch_id"]}
    return numbers | {"blind": open_blind(client, headers)}


def open_blind(client: Any, headers: dict[str, str]) -> str:  # noqa: ANN401
    """Open cases, half of them drawn to be chosen blind, until one is; then set the shares back.

    The draw hangs on the journal: once in 500 runs it falls on none of nine, and the last stands for it.
    """
    before = client.get("/api/v1/trial", headers=headers).json()
    shares = {name: before[name] for name in ("blind", "hidden")}
    half = {**shares, "blind": 0.5, "ground": "見本"}
    assert client.put("/api/v1/trial", json=half, headers=headers).status_code == 200
    cookie = {"Cookie": f"tegakari={headers['Authorization'].removeprefix('Bearer ')}"}
    case = ""
    for number in range(2, 11):
        case = f"{number:015d}"
        if f'action="/cases/{case}/blind"' in client.get(f"/cases/{case}", headers=cookie).text:
            break
    client.put("/api/v1/trial", json={**shares, "ground": "見本の終わり"}, headers=headers)
    return case


def read_addresses(numbers: Mapping[str, int | str], *groups: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Every address that shows or tells something (of ``groups`` alone, where given), but the login page."""
    asked = groups or (PAGES, FILES, PROGRAMS)
    found = [each for group in asked for all_of in group.values() for each in all_of]
    return [address.format(**numbers) for address in found if address != "/login"]
