from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from features.answers import answers_of, first_replies
from features.ledger.snapshot import Ledger, Municipality, ledger_of

ASKED = {"inquiry_id": "1", "debtor_id": "a", "target_kind": "bank", "target_code": "0001",
         "means": "1", "requested_on": date(2025, 5, 10)}  # fmt: skip


def ledger(*replies: dict[str, Any]) -> Ledger:
    rows = [{"inquiry_id": "1", **reply} for reply in replies]
    frames = {"inquiries": pd.DataFrame([ASKED]), "replies": pd.DataFrame(rows)}
    return ledger_of(Municipality("132080", "試験市", date(2026, 4, 1)), frames)


def test_the_first_reply_counts_whatever_comes_later() -> None:
    late = {"replied_on": date(2025, 7, 1), "result": "1", "balance": 90_000}
    soon = {"replied_on": date(2025, 6, 1), "result": "2"}
    assert first_replies(ledger(late, soon))["result"].tolist() == ["2"]


def test_on_one_day_the_greatest_balance_counts() -> None:
    day = {"replied_on": date(2025, 6, 1), "result": "1"}
    found = first_replies(ledger({**day, "balance": 5}, {**day, "balance": 70_000}))
    assert found["balance"].tolist() == [70_000]


def test_an_answer_is_not_known_before_the_question() -> None:
    found = answers_of(ledger({"replied_on": date(2025, 5, 1), "result": "2"}))
    assert found["known_on"].dt.date.tolist() == [date(2025, 5, 10)]


def test_a_question_without_a_reply_is_no_answer() -> None:
    empty = Municipality("132080", "試験市", date(2026, 4, 1))
    assert answers_of(ledger_of(empty, {"inquiries": pd.DataFrame([ASKED])})).empty
