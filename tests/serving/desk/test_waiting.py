from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import pytest
from fastapi.testclient import TestClient


class Clock(Protocol):
    def pass_minutes(self, minutes: float) -> None: ...


Bearer = Callable[[str], dict[str, str]]
PLAN = [{"target_kind": "bank", "target_code": "0005"}, {"target_kind": "employer", "target_code": "E00001"}]
CHOSEN = {"accepted": PLAN, "grounds": "還付口座と給与の支払がある。"}
CASE = "/api/v1/cases/000000000000002"


def shown(client: TestClient, who: dict[str, str]) -> list[tuple[str, str]]:
    targets = client.get(CASE, headers=who).json()["advice"]["targets"]
    return [(each["target_kind"], each["target_code"]) for each in targets]


def choose(client: TestClient, who: dict[str, str], **other: object) -> Any:  # noqa: ANN401
    client.post(f"{CASE}/recommendations", headers=who)
    return client.post(f"{CASE}/decisions", json=CHOSEN | other, headers=who)


def test_what_was_chosen_is_not_proposed_again_until_it_replies(
    client: TestClient, bearer: Bearer, clock: Clock
) -> None:
    who = bearer("officer")
    assert choose(client, who).status_code == 201
    assert not {("bank", "0005"), ("employer", "E00001")} & set(shown(client, who))
    assert client.get(CASE, headers=who).json()["advice"]["round"] == 1
    clock.pass_minutes(60 * 24 * 5)
    who = bearer("officer")
    reply = {"target_kind": "bank", "target_code": "0005", "requested_on": "2026-04-02",
             "replied_on": "2026-04-05", "result": "none"}  # fmt: skip
    assert client.post(f"{CASE}/replies", json=reply, headers=who).json()["round"] == 2
    desk = client.app.state.desk  # type: ignore[attr-defined]
    user = client.app.state.identity.user_of(who["Authorization"].removeprefix("Bearer "))  # type: ignore[attr-defined]
    assert [each.key for each in desk.case(user, CASE[-15:]).waiting] == [("employer", "E00001")]


def test_a_chosen_target_is_proposed_again_when_the_time_is_up(
    client: TestClient, bearer: Bearer, clock: Clock
) -> None:
    choose(client, bearer("officer"))
    clock.pass_minutes(60 * 24 * 90)
    assert ("bank", "0005") not in shown(client, bearer("officer"))
    clock.pass_minutes(60 * 24)
    assert ("bank", "0005") in shown(client, bearer("officer"))


def test_an_added_target_waits_too_and_another_officer_sees_it(client: TestClient, bearer: Bearer) -> None:
    who = bearer("officer")
    client.post(f"{CASE}/recommendations", headers=who)
    # All ten are proposed in the tiny town: drop one by choosing it, then add it again later.
    choose(client, who)
    added = [{**PLAN[0], "reason": "本人の申出"}]
    assert choose(client, who, accepted=[], added=added).status_code == 201
    assert ("bank", "0005") not in shown(client, bearer("supervisor"))


def test_a_choice_of_targets_without_grounds_is_refused(client: TestClient, bearer: Bearer) -> None:
    who = bearer("officer")
    for grounds in ("", " \n"):
        assert choose(client, who, grounds=grounds).json()["error"]["code"] == "grounds_missing"
    only_dropped = {"accepted": [], "dropped": [{**PLAN[0], "reason": "解約済み"}], "grounds": ""}
    assert choose(client, who, **only_dropped).status_code == 201


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [("bank", "E00001", "target_kind_wrong"), ("employer", "ゆうちょ銀行", "target_kind_wrong"),
     ("bank", "7777", "target_unknown"), ("bank", "", "target_unknown")],
)  # fmt: skip
def test_an_added_target_of_another_kind_gets_a_sentence_of_its_own(
    *, client: TestClient, bearer: Bearer, kind: str, text: str, code: str
) -> None:
    added = [{"target_kind": kind, "target_code": text, "reason": "本人の申出"}]
    assert choose(client, bearer("officer"), added=added).json()["error"]["code"] == code


def test_an_inquiry_of_the_ledger_without_a_reply_waits_as_well(client: TestClient, bearer: Bearer) -> None:
    desk = client.app.state.desk  # type: ignore[attr-defined]
    token = bearer("officer")["Authorization"].removeprefix("Bearer ")
    user = client.app.state.identity.user_of(token)  # type: ignore[attr-defined]
    (waiting,) = desk.case(user, "000000000000001").waiting
    assert (waiting.key, waiting.decision) == (("bank", "0009"), 0)
