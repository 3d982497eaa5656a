"""Where a page leads: no link to an address that takes forms alone, no redirect to a foreign host."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest
from fastapi.testclient import TestClient

from serving.records.identity import form_token
from serving.records.journal import Journal
from serving.web.form_number import folded

Browse = Callable[[str], TestClient]


def test_a_page_that_answers_a_form_has_no_link_to_the_other_language(
    browse: Browse, town: ModuleType
) -> None:
    client = browse("officer")
    link = 'hreflang="en"'
    assert link in client.get("/cases").text
    assert link in client.get("/nowhere").text
    token = form_token(client.cookies["tegakari"])
    client.get(f"/cases/{town.RANKED}")
    faulty = {f"/cases/{town.RANKED}/replies": 422, f"/cases/{town.RANKED}/what-if": 422, "/batches": 409}
    for address, status in faulty.items():
        answer = client.post(address, data={"form_token": token, "note": "書きかけ"})
        assert (answer.status_code, link in answer.text) == (status, False), address


@pytest.mark.parametrize("address", ["/cases/", "/audit/", "/api/v1/cases/", "/batches/"])
def test_an_address_with_a_slash_too_many_leads_nowhere_else(browse: Browse, address: str) -> None:
    answer = browse("auditor").get(address, headers={"host": "elsewhere.example"})
    assert (answer.status_code, "location" in answer.headers) == (404, False)


@pytest.mark.parametrize(("text", "balance"), [("²", None), ("①０", None), ("５", 5), ("１，０００円", 1000)])
def test_a_balance_is_of_decimal_digits(
    browse: Browse, journal: Journal, town: ModuleType, text: str, balance: int | None
) -> None:
    client = browse("officer")
    sent = {
        "form_token": form_token(client.cookies["tegakari"]), "reply_kind": "bank", "reply_code": "0005",
        "requested_on": "2026-03-02", "replied_on": "2026-03-20", "result": "found", "balance": text,
    }  # fmt: skip
    status = client.post(f"/cases/{town.RANKED}/replies", data=sent).status_code
    kept = [entry.facts["balance"] for entry in journal.entries(kinds=("ReplyReceived",))]
    assert (status, kept) == ((422, []) if balance is None else (303, [balance]))


def test_only_decimal_digits_are_folded() -> None:
    assert folded("５，０００円²①") == "5,000円²①"
