from __future__ import annotations

from datetime import date

import pytest

from serving.exchange.inquiry import Inquiry
from serving.exchange.request import BLANKS, COLUMNS, SUBJECTS, blank_of, request_rows


def inquiry(debtor_id: str, kind: str = "bank") -> Inquiry:
    day = date(2026, 4, 2)
    return Inquiry("130000-00000042-003-83", 42, 1, debtor_id, kind, "", "1", day, "hanako", "T002", "条文")


def _of(rows: list[tuple[str, ...]], *names: str) -> list[list[str]]:
    return [[row[COLUMNS.index(name)] for name in names] for row in rows]


def test_a_company_is_named_by_its_name_and_seat_and_has_no_birthday() -> None:
    header, *rows = request_rows([inquiry("1"), inquiry("2")], "銀行", 12, False, {"2"})
    assert header == COLUMNS
    assert _of(rows, "カナ氏名", "生年月日", "住所", "法人名", "所在地") == [
        ["{{カナ氏名}}", "{{生年月日}}", "{{住所}}", "", ""],
        ["", "", "", "{{法人名}}", "{{所在地}}"],
    ]


def test_of_a_protected_case_neither_address_nor_seat_is_asked_for() -> None:
    _, *rows = request_rows([inquiry("1"), inquiry("2")], "銀行", 12, True, {"2"})
    assert _of(rows, "住所", "所在地") == [["", ""], ["", ""]]


def test_every_kind_has_the_fields_that_fit_it() -> None:
    assert set(BLANKS) == set(SUBJECTS)
    assert all(blank.summed in {"", *blank.columns} for blank in BLANKS.values())


@pytest.mark.parametrize(
    ("kind", "wanted", "never"),
    [
        ("vehicle", "登録番号", "残高"),
        ("life_insurance", "解約返戻金", "残高"),
        ("employer", "支給総額", "残高"),
        ("bank", "残高", "登録番号"),
        ("real_estate", "所在", "残高"),
    ],
)
def test_a_reply_is_asked_for_what_the_target_knows(kind: str, wanted: str, never: str) -> None:
    told = "".join(blank_of(kind).columns)
    assert wanted in told
    assert never not in told
