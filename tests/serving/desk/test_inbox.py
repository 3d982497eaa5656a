from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from types import ModuleType
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from hypothesis import HealthCheck, given
from hypothesis import settings as terms
from hypothesis import strategies as st
from openpyxl import load_workbook

from serving.exchange.answers import read_answers
from serving.exchange.layout import fitting, read_layouts
from serving.exchange.number import InquiryNumber
from serving.exchange.sheets import sheets_of
from serving.records.identity import Identity, Role
from serving.records.journal import Journal
from serving.settings import Settings

Bearer = Callable[[str], dict[str, str]]
LAYOUTS = ("表紙と明細", "一覧", "調査回答書")
BANKS = [{"target_kind": "bank", "target_code": code} for code in ("0005", "9900")]


@pytest.fixture
def officer(bearer: Bearer) -> dict[str, str]:
    return bearer("officer")


@pytest.fixture
def numbers(client: TestClient, officer: dict[str, str], town: ModuleType) -> list[str]:
    """The numbers of four inquiries that went out on 2 April: two banks about two debtors."""
    for debtor in town.IDS[:2]:
        client.post(f"/api/v1/cases/{debtor}/recommendations", headers=officer)
        client.post(
            f"/api/v1/cases/{debtor}/decisions",
            json={"accepted": BANKS, "grounds": "記録による"},
            headers=officer,
        )
    told = client.post("/api/v1/batches", json={}, headers=officer).json()
    return [each["number"] for each in told["inquiries"]]


def sent(client: TestClient, who: dict[str, str], content: bytes) -> Response:
    return client.post("/api/v1/replies/file", content=content, headers=who)


def refused(client: TestClient, who: dict[str, str], content: bytes, journal: Journal) -> dict[str, Any]:
    """Send a file that has to be refused; nothing of it may be kept."""
    answer = sent(client, who, content)
    assert answer.status_code in (409, 413, 422), answer.text
    assert journal.entries(kinds=("ReplyReceived", "ReplyFileImported")) == []
    told: dict[str, Any] = answer.json()["error"]
    return told


def codes(told: dict[str, Any]) -> list[str]:
    return [fault["code"] for fault in told.get("faults", [])]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_comes_in_and_brings_the_second_round(
    client: TestClient, officer: dict[str, str], numbers: list[str], files: ModuleType, journal: Journal,
    town: ModuleType, layout: str,
) -> None:  # fmt: skip
    answers = [
        files.Answered(numbers[0], (("普通", 12_300), ("定期", 1_000_000))),
        files.Answered(numbers[1]),
        files.Answered(numbers[2], (("普通", 0),)),
    ]
    answer = sent(client, officer, files.LAYOUTS[layout](answers))
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["layout"], told["new"]) == (layout, 3)
    assert [(r["result"], r["balance"], r["accounts"]) for r in told["replies"]] == [
        ("found", 1_012_300, 2),
        ("none", None, 0),
        ("found", 0, 1),
    ]
    first = journal.entries(kinds=("ReplyReceived",))[0].facts
    assert first["accounts"] == [{"kind": "普通", "balance": 12_300}, {"kind": "定期", "balance": 1_000_000}]
    assert (first["inquiry"], first["requested_on"], first["replied_on"]) == (
        numbers[0],
        "2026-04-02",
        "2026-04-02",
    )
    assert client.get(f"/api/v1/cases/{town.IDS[0]}", headers=officer).json()["advice"]["round"] == 2
    batch = client.get(
        f"/api/v1/batches/{journal.entries(kinds=('BatchMade',))[0].seq}", headers=officer
    ).json()
    assert [each["replied_on"] for each in batch["inquiries"]] == ["2026-04-02"] * 3 + [None]
    assert journal.verify() is None


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_file_counts_once_however_often_it_comes(
    client: TestClient,
    officer: dict[str, str],
    numbers: list[str],
    files: ModuleType,
    journal: Journal,
    layout: str,
) -> None:
    one, two = files.Answered(numbers[0], (("普通", 500),)), files.Answered(numbers[3])
    assert sent(client, officer, files.LAYOUTS[layout]([one])).status_code == 201
    again = sent(client, officer, files.LAYOUTS[layout]([one])).json()["error"]
    assert again["code"] == "file_known"
    more = sent(client, officer, files.LAYOUTS[layout]([one, two])).json()
    assert (more["new"], [reply["known"] for reply in more["replies"]]) == (1, [True, False])
    other = files.Answered(numbers[0], (("普通", 501),))
    assert codes(sent(client, officer, files.LAYOUTS[layout]([other])).json()["error"]) == ["replied_before"]
    assert len(journal.entries(kinds=("ReplyReceived",))) == 2


def test_the_same_file_says_when_it_was_taken_in(
    client: TestClient, officer: dict[str, str], numbers: list[str], files: ModuleType
) -> None:
    content = files.flat_rows([files.Answered(numbers[0])])
    assert sent(client, officer, content).status_code == 201
    assert "R8.4.2 09:30" in sent(client, officer, content).json()["error"]["hint"]


def test_a_reply_taken_back_may_come_in_again(
    client: TestClient,
    officer: dict[str, str],
    numbers: list[str],
    files: ModuleType,
    town: ModuleType,
    journal: Journal,
) -> None:
    content = files.flat_rows([files.Answered(numbers[0])])
    sent(client, officer, content)
    number = journal.entries(kinds=("ReplyReceived",))[0].seq
    place = f"/api/v1/cases/{town.IDS[0]}/replies"
    assert client.delete(place, params={"reply_id": number}, headers=officer).status_code == 200
    assert sent(client, officer, content).json()["new"] == 1


def test_a_reply_entered_by_hand_is_known_to_the_file(
    client: TestClient, officer: dict[str, str], numbers: list[str], files: ModuleType, town: ModuleType
) -> None:
    entered = {"target_kind": "bank", "target_code": "0005", "requested_on": "2026-04-02",
               "replied_on": "2026-04-02", "result": "none"}  # fmt: skip
    place = f"/api/v1/cases/{town.IDS[0]}/replies"
    assert client.post(place, json=entered, headers=officer).status_code == 201
    same = sent(client, officer, files.flat_rows([files.Answered(numbers[0])]))
    assert same.json()["error"]["code"] == "file_known"
    other = sent(client, officer, files.flat_rows([files.Answered(numbers[0], (("普通", 1),))]))
    assert codes(other.json()["error"]) == ["replied_before"]


def row(number: str, **other: str) -> bytes:
    cells = {"照会番号": number, "回答日": "R8.4.2", "該当有無": "有", "種別": "普通", "残高": "1,000",
             "宛名番号": "", "金融機関コード": ""} | other  # fmt: skip
    return ("\n".join([",".join(cells), ",".join(f'"{cell}"' for cell in cells.values())])).encode()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"残高": "-5"}, "negative"),
        ({"残高": "△1,000"}, "negative"),
        ({"残高": "不明"}, "cell"),
        ({"残高": "12.5"}, "cell"),
        ({"残高": "9999999999999"}, "balance_large"),
        ({"残高": ""}, "cell"),
        ({"種別": "仮想通貨"}, "kind_unknown"),
        ({"種別": ""}, "kind_unknown"),
        ({"該当有無": "たぶん"}, "cell"),
        ({"該当有無": "無"}, "none_with_balance"),
        ({"該当有無": "", "種別": "", "残高": ""}, "result_missing"),
        ({"種別": "", "残高": ""}, "balance_missing"),
        ({"回答日": "R8.2.30"}, "cell"),
        ({"回答日": ""}, "day_missing"),
        ({"回答日": "R8.4.1"}, "before_asked"),
        ({"回答日": "R8.4.3"}, "after_today"),
        ({"宛名番号": "000000000000002"}, "debtor_wrong"),
        ({"金融機関コード": "0009"}, "target_wrong"),
        ({"残高": "=1+1"}, "formula"),
        ({"種別": "@SUM(1)"}, "formula"),
        ({"種別": "-1+cmd|' /C calc'!A0"}, "formula"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_place(
    client: TestClient,
    officer: dict[str, str],
    numbers: list[str],
    journal: Journal,
    wrong: dict[str, str],
    code: str,
) -> None:
    told = refused(client, officer, row(numbers[0], **wrong), journal)
    assert told["code"] == "file_faulty"
    assert code in codes(told)
    assert told["faults"][0]["line"] == 2
    assert told["faults"][0]["message"]
    assert journal.entries(kinds=("ReplyFileRefused",))[0].facts["ground"] == "file_faulty"


def test_codes_may_have_lost_their_zeros(
    client: TestClient, officer: dict[str, str], numbers: list[str]
) -> None:
    assert sent(client, officer, row(numbers[0], 宛名番号="1", 金融機関コード="5")).status_code == 201


def test_numbers_that_are_not_ours_are_refused(
    client: TestClient, officer: dict[str, str], numbers: list[str], journal: Journal
) -> None:
    slip = numbers[0][:-1] + str((int(numbers[0][-1]) + 1) % 10)
    for number, code in (
        (slip, "number_form"),
        ("照会なし", "number_form"),
        (str(InquiryNumber("131130", 5, 1)), "number_foreign"),
        (str(InquiryNumber("130000", 9999, 1)), "number_unknown"),
        ("", "number_missing"),
    ):
        assert codes(refused(client, officer, row(number), journal)) == [code], number


def test_one_wrong_row_keeps_the_whole_file_out(
    client: TestClient, officer: dict[str, str], numbers: list[str], files: ModuleType, journal: Journal
) -> None:
    answers = [files.Answered(number) for number in numbers]
    strange = files.Answered(str(InquiryNumber("130000", 9999, 1)), (("普通", 10),))
    for layout in LAYOUTS:
        told = refused(client, officer, files.LAYOUTS[layout]([*answers, strange]), journal)
        assert codes(told) == ["number_unknown"]


@pytest.mark.parametrize(
    ("cover", "code"),
    [
        ({"残高合計": "1,001円"}, "total_wrong"),
        ({"口座数": 2}, "accounts_wrong"),
        ({"回答件数": "３"}, "inquiries_wrong"),
        ({"金融機関コード": "0009"}, "target_wrong"),
        ({"残高合計": "=SUM(A1)"}, "formula"),
    ],
)
def test_a_cover_that_does_not_fit_its_rows_is_refused(
    client: TestClient, officer: dict[str, str], numbers: list[str], files: ModuleType, journal: Journal,
    cover: dict[str, object], code: str,
) -> None:  # fmt: skip
    content = files.cover_rows([files.Answered(numbers[0], (("普通", 1000),))], cover=cover)
    told = refused(client, officer, content, journal)
    assert code in codes(told)
    assert {fault["sheet"] for fault in told["faults"]} <= {"表紙", "明細"}


def test_a_wrong_sum_below_the_rows_or_on_a_card_is_refused(
    client: TestClient, officer: dict[str, str], numbers: list[str], files: ModuleType, journal: Journal
) -> None:
    book = load_workbook(io.BytesIO(files.sheet_per_debtor([files.Answered(numbers[0], (("普通", 1000),))])))
    book.worksheets[1]["C8"] = 999
    assert "total_wrong" in codes(refused(client, officer, files.saved(book), journal))


def test_the_same_card_twice_is_refused(
    client: TestClient, officer: dict[str, str], numbers: list[str], files: ModuleType, journal: Journal
) -> None:
    twice = files.sheet_per_debtor([files.Answered(numbers[0]), files.Answered(numbers[0])])
    assert codes(refused(client, officer, twice, journal)) == ["number_twice"]


def test_an_unknown_layout_is_refused(
    client: TestClient, officer: dict[str, str], numbers: list[str], journal: Journal
) -> None:
    told = refused(client, officer, f"番号,金額\n{numbers[0]},5\n".encode(), journal)
    assert told["code"] == "layout_unknown"
    assert "layouts" in told["hint"]


def test_the_offices_own_layout_is_read_at_once(
    client: TestClient, officer: dict[str, str], numbers: list[str], settings: Settings
) -> None:
    own = settings.home / "layouts"
    own.mkdir()
    (own / "ours.toml").write_text(
        'name = "当組合"\nform = "rows"\nneeded = ["columns.number"]\n'
        '[columns]\nnumber = ["番号"]\nbalance = ["金額"]\nreplied_on = ["日"]\n',
        encoding="utf-8",
    )
    answer = sent(client, officer, f"番号,金額,日\n{numbers[0]},5,2026-04-02\n".encode())
    assert answer.json()["layout"] == "当組合"
    (own / "ours.toml").write_text('name = "当組合"\nform = "diagonal"\n', encoding="utf-8")
    broken = sent(client, officer, b"x,y\n1,2\n").json()["error"]
    assert broken["code"] == "layout_wrong"
    assert "ours.toml" in broken["message"]


def test_only_who_may_decide_sends_a_file(client: TestClient, bearer: Bearer) -> None:
    for role in ("auditor", "data"):
        assert sent(client, bearer(role), b"x").status_code == 403


@terms(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.tuples(st.sampled_from(["普通", "定期", "当座", "貯蓄"]), st.integers(0, 10**9)), max_size=4
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(LAYOUTS),
)
def test_what_an_institution_writes_is_what_is_read(
    files: ModuleType, told: list[list[tuple[str, int]]], layout: str
) -> None:
    """Whatever is answered, in each layout: every account of every inquiry comes back, and nothing else."""
    answers = [
        files.Answered(str(InquiryNumber("130000", 7 + place, place)), tuple(accounts))
        for place, accounts in enumerate(told, start=1)
    ]
    chosen, found = fitting(read_layouts(), sheets_of(files.LAYOUTS[layout](answers)))
    assert chosen.name == layout
    read = read_answers(chosen, found)
    assert [each.replied_on for each in read.answers] == [date(2026, 4, 2)] * len(answers)
    assert [each.result for each in read.answers] == [
        "found" if each.accounts else "none" for each in answers
    ]
    assert [[(a.kind, a.balance) for a in each.accounts] for each in read.answers] == told


def test_a_reply_about_a_protected_case_of_others_keeps_the_file_out(
    client: TestClient,
    bearer: Bearer,
    files: ModuleType,
    journal: Journal,
    town: ModuleType,
    identity: Identity,
) -> None:
    identity.add_user("colleague", "correct-horse-battery", Role.OFFICER)
    own = bearer("officer")
    place = f"/api/v1/cases/{town.PROTECTED}"
    client.post(f"{place}/recommendations", headers=own)
    made = {"accepted": BANKS[:1], "grounds": "記録による"}
    decision = client.post(f"{place}/decisions", json=made, headers=own).json()["decision_id"]
    batch = client.post("/api/v1/batches", json={"decision_id": decision}, headers=own).json()
    answer = files.LAYOUTS["一覧"]([files.Answered(batch["inquiries"][0]["number"])])
    told = refused(client, bearer("colleague"), answer, journal)
    assert codes(told) == ["protected"]
    assert town.PROTECTED not in str(told)
    assert sent(client, own, answer).status_code == 201
