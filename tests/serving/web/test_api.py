from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, Protocol

import pytest

from serving.records.journal import Journal

Client = Any
Headers = Callable[[str], dict[str, str]]


class Clock(Protocol):
    def pass_minutes(self, minutes: float) -> None: ...


CASES = "/api/v1/cases"
FIRST = f"{CASES}/000000000000001"
ROUTED = f"{CASES}/000000000000011"
UNKNOWN = f"{CASES}/999999999999999"
PLAN = [{"target_kind": "bank", "target_code": "0005"}, {"target_kind": "employer", "target_code": "E00001"}]
CHOSEN = {"accepted": PLAN, "grounds": "給与の支払がある。"}


def test_health_needs_no_login_and_names_versions(client: Client) -> None:
    body = client.get("/healthz").json()
    assert body["status"] == "ok"
    assert body["model_version"] == "tegakari/3"
    assert body["prepared"] == body["cases"] == 12


def test_worklist_is_ranked_by_yen_per_minute_with_routed_last(client: Client, bearer: Headers) -> None:
    body = client.get(CASES, params={"size": 50}, headers=bearer("officer")).json()
    assert body["ready"]
    assert body["total"] == 12
    worth = [c["expected_yen"] / (c["minutes"] or 30) for c in body["cases"] if not c["routed"]]
    assert worth == sorted(worth, reverse=True)
    assert body["cases"][-1]["routed"]


def test_pages_of_the_worklist_cover_it_once(client: Client, bearer: Headers) -> None:
    headers = bearer("officer")
    seen = [
        case["debtor_id"]
        for page in (1, 2, 3)
        for case in client.get(CASES, params={"page": page, "size": 5}, headers=headers).json()["cases"]
    ]
    assert len(seen) == len(set(seen)) == 12


@pytest.mark.parametrize(
    ("query", "count"),
    [({"show": "routed"}, 1), ({"show": "restricted"}, 1), ({"show": "ranked"}, 11),
     ({"find": "00000000000001"}, 3), ({"kind": "bank"}, 11), ({"staff_id": "T002"}, 6), ({"find": "%"}, 0)],
)  # fmt: skip
def test_filters(client: Client, bearer: Headers, query: dict[str, str], count: int) -> None:
    assert client.get(CASES, params=query, headers=bearer("officer")).json()["total"] == count


def test_a_decision_is_timed_and_versioned(client: Client, bearer: Headers, clock: Clock) -> None:
    headers = bearer("officer")
    shown = client.post(f"{FIRST}/recommendations", headers=headers)
    assert shown.status_code == 201
    assert len(shown.json()["advice"]["targets"]) == 10
    clock.pass_minutes(3.5)
    again = client.post(f"{FIRST}/recommendations", headers=headers)
    assert again.json()["recommendation_id"] == shown.json()["recommendation_id"]
    sent = {
        "recommendation_id": shown.json()["recommendation_id"],
        "accepted": PLAN,
        "dropped": [{"target_kind": "bank", "target_code": "9900", "reason": "解約済み"}],
        "added": [{"target_kind": "employer", "target_code": "X9", "reason": "本人の申出"}],
        "grounds": "給与の支払がある。",
    }
    refused = client.post(f"{FIRST}/decisions", json=sent, headers=headers)
    assert refused.json()["error"]["code"] == "target_unknown"
    sent["added"] = []
    kept = client.post(f"{FIRST}/decisions", json=sent, headers=headers)
    assert kept.status_code == 201, kept.text
    assert kept.json()["minutes"] == 3.5
    assert kept.json()["model_version"] == "tegakari/3"
    twice = client.post(f"{FIRST}/decisions", json=sent, headers=headers)
    assert (twice.status_code, twice.json()["error"]["code"]) == (409, "recommendation_spent")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({}, 422, "choice_empty"),
        ({"accepted": [{"target_kind": "bank", "target_code": "7777"}]}, 422, "target_not_shown"),
        ({"accepted": [PLAN[0], PLAN[0]]}, 422, "target_twice"),
        ({"dropped": [{**PLAN[0], "reason": " "}]}, 422, "reason_missing"),
        ({"dropped": [PLAN[0]]}, 422, "invalid"),
        ({"chosen": []}, 422, "invalid"),
        ({"recommendation_id": 1, "accepted": PLAN}, 409, "recommendation_spent"),
    ],
)
def test_a_choice_that_does_not_fit_is_refused_whole(
    *, client: Client, bearer: Headers, journal: Journal, sent: dict[str, Any], status: int, code: str
) -> None:
    headers = bearer("officer")
    client.post(f"{FIRST}/recommendations", headers=headers)
    answer = client.post(f"{FIRST}/decisions", json=sent, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert journal.entries(kinds=("DecisionMade",)) == []


def test_deciding_without_a_recommendation_conflicts(client: Client, bearer: Headers) -> None:
    answer = client.post(f"{FIRST}/decisions", json=CHOSEN, headers=bearer("officer"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "recommendation_missing")


def test_a_routed_case_is_never_ranked_nor_decided(client: Client, bearer: Headers) -> None:
    headers = bearer("officer")
    shown = client.post(f"{ROUTED}/recommendations", headers=headers).json()
    assert shown["advice"]["targets"] == []
    assert shown["advice"]["gates"][0]["article"]
    answer = client.post(f"{ROUTED}/decisions", json=CHOSEN, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "case_routed")


def test_what_programs_choose_is_outside_the_measured_minutes(
    client: Client, bearer: Headers, clock: Clock
) -> None:
    headers = bearer("officer")
    for case, minutes in (("01", 4), ("02", 6), ("03", 600)):
        path = f"{CASES}/0000000000000{case}"
        client.post(f"{path}/recommendations", headers=headers)
        clock.pass_minutes(minutes)
        headers = bearer("officer")
        assert client.post(f"{path}/decisions", json=CHOSEN, headers=headers).status_code == 201
    report = client.get("/api/v1/time-saved", headers=headers).json()
    assert report["outside"] == [["program", 3]]
    assert (report["enough"], report["saved"]) == (False, None)
    assert (report["office_cases"], report["office_median"]) == (24, 31.5)


ROUTES = [
    ("GET", CASES, {"officer", "supervisor", "auditor"}),
    ("GET", FIRST, {"officer", "supervisor", "auditor"}),
    ("POST", f"{FIRST}/recommendations", {"officer", "supervisor"}),
    ("POST", f"{FIRST}/decisions", {"officer", "supervisor"}),
    ("GET", "/api/v1/assignments", {"supervisor", "auditor"}),
    ("GET", "/api/v1/trial", {"supervisor", "auditor"}),
    ("PUT", "/api/v1/trial", {"supervisor"}),
    ("GET", "/api/v1/time-saved", {"officer", "supervisor", "auditor", "data"}),
]


@pytest.mark.parametrize("role", ["officer", "supervisor", "data", "auditor"])
@pytest.mark.parametrize(("method", "path", "allowed"), ROUTES)
def test_roles(
    *, client: Client, bearer: Headers, role: str, method: str, path: str, allowed: set[str]
) -> None:
    json: dict[str, Any] | None = {"accepted": PLAN} if path.endswith("decisions") else None
    if method == "PUT":
        json = {"blind": 0.2, "hidden": 0.0, "ground": "試行"}
    answer = client.request(method, path, json=json, headers=bearer(role))
    if role in allowed:
        assert answer.status_code in {200, 201, 409}
    else:
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "forbidden"


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in ROUTES])
def test_every_route_needs_a_login_and_errors_have_one_shape(client: Client, method: str, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}):
        answer = client.request(method, path, json={}, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert set(answer.json()) == {"error"}
        assert set(answer.json()["error"]) == {"code", "message", "hint"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", UNKNOWN, 404), ("POST", f"{UNKNOWN}/recommendations", 404), ("GET", "/api/v1/nothing", 404),
     ("DELETE", CASES, 405), ("GET", f"{CASES}?page=0", 422), ("GET", f"{CASES}?size=100000", 422)],
)  # fmt: skip
def test_what_is_not_there_is_said_in_one_sentence_without_personal_data(
    client: Client, bearer: Headers, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path, headers=bearer("officer"))
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message", "hint"}
    assert "999999999999999" not in answer.text
    assert answer.json()["error"]["message"].endswith("。")


def test_a_broken_model_answers_with_a_sentence_and_no_traceback(
    client: Client, bearer: Headers, caplog: pytest.LogCaptureFixture
) -> None:
    client.app.state.desk.office._adviser.fails = True
    answer = client.get(f"{CASES}/000000000000002", headers=bearer("officer"))
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert "Traceback" not in answer.text
    assert "000000000000002" not in caplog.text


def test_the_document_describes_every_error(client: Client) -> None:
    document = client.get("/openapi.json").json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    schema = answer["content"]["application/json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/ErrorBody"}, (method, path, status)
    assert {"401", "403", "404", "409", "422"} <= set(
        document["paths"]["/api/v1/cases/{debtor_id}/decisions"]["post"]["responses"]
    )


def test_every_answer_forbids_foreign_content(client: Client) -> None:
    for path in ("/healthz", "/login", "/static/tegakari.css", "/nothing"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_a_protected_case_shows_no_address_and_its_view_is_logged(
    client: Client, bearer: Headers, town: ModuleType, journal: Journal
) -> None:
    answer = client.get(f"{CASES}/{town.PROTECTED}", headers=bearer("officer"))
    assert f'"{town.SECRET_POSTCODE}"' not in answer.text
    assert town.SECRET_NOTE not in answer.text
    assert answer.json()["profile"]["area"] is None
    for target in answer.json()["advice"]["targets"]:
        assert not any("area" in reason["feature"] for reason in target["reasons"])
        told = sum(reason["weight"] for reason in target["reasons"])
        assert abs(target["base"] + target["rest"] + told - target["score"]) < 1e-9
    (view,) = journal.entries(kinds=("CaseViewed",), debtor_id=town.PROTECTED)
    assert view.facts["restricted"]
