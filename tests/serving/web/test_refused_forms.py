"""A form that is refused: what stood in the others stays, and what was typed is kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from serving.records.identity import form_token
from serving.records.journal import Journal
from serving.web.laid_out import laid_out

Client = Any
CASE = "/cases/000000000000001"
REPLY = {
    "reply_kind": "bank",
    "reply_code": "7777",
    "requested_on": "2026-04-01",
    "replied_on": "2026-04-01",
    "result": "none",
    "balance": "",
}


def _post(client: Client, path: str, **fields: object) -> Any:  # noqa: ANN401
    return client.post(path, data={"form_token": form_token(client.cookies["tegakari"]), **fields})


def _ticked(page: str) -> list[str]:
    return re.findall(r'name="accept" value="([^"]+)" checked', page)


@pytest.mark.parametrize(
    ("path", "sent"), [("/replies", REPLY), ("/what-if", {"fact": "account", "named": "どこにもない銀行"})]
)
def test_a_refused_reply_or_what_if_unticks_nothing(
    browse: Callable[[str], Client], path: str, sent: dict[str, str]
) -> None:
    client = browse("officer")
    planned = _ticked(client.get(CASE).text)
    refused = _post(client, CASE + path, **sent)
    assert refused.status_code == 422
    assert planned
    if 'name="accept"' in refused.text:  # a what-if may be answered by a page of its own
        assert _ticked(refused.text) == planned


def test_what_was_typed_comes_back_and_is_not_kept(browse: Callable[[str], Client]) -> None:
    client = browse("officer")
    page = client.get(CASE).text
    number = re.search(r'name="recommendation" value="(\d+)"', page)
    assert number
    key = _ticked(page)[0]
    fields = {f"drop:{key}": "ひみつの理由" * 10, "add:bank": "ひみつの銀行", "why:bank": "", "accept": "x|y"}
    before = laid_out.cache_info().currsize
    for turn in range(3):
        fields[f"drop:{key}"] += str(turn)
        refused = _post(client, f"{CASE}/decisions", recommendation=number[1], **fields)
        assert refused.status_code == 422
        assert fields[f"drop:{key}"] in refused.text
        assert "ひみつの銀行" in refused.text
    assert laid_out.cache_info().currsize <= before + 1


@pytest.mark.parametrize(
    ("kind", "name"),
    [("madeup", "株式会社山田"), ("zzz<script>", "=1+1"), ("bank", "株式会社\x0b山田"), ("vehicle", "\x02")],
)
def test_only_kinds_that_there_are_and_names_that_can_be_printed_may_be_added(
    browse: Callable[[str], Client], journal: Journal, kind: str, name: str
) -> None:
    client = browse("officer")
    number = re.search(r'name="recommendation" value="(\d+)"', client.get(CASE).text)
    assert number
    sent = {f"add:{kind}": name, f"why:{kind}": "電話で聞いた", "grounds": "聞取り"}
    refused = _post(client, f"{CASE}/decisions", recommendation=number[1], **sent)
    assert (refused.status_code, "照会先の一覧に見つかりません" in refused.text) == (422, True)
    assert journal.entries(("DecisionMade",)) == []
