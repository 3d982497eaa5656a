from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from serving.exchange.spreadsheet import FORMULA_STARTS, csv_bytes, harmless, xlsx_bytes

ROWS = [
    ("=名", "円", "増減"),
    ("=1+1", -5, "-0.5"),
    ("@x", 1, "+3"),
    ("ふつう", 2, "-1+A1"),
    (None, 3, "＝1"),
]


def test_a_csv_has_no_formula_and_keeps_its_figures() -> None:
    assert csv_bytes(ROWS).decode("utf-8-sig").splitlines() == [
        "'=名,円,増減",
        "'=1+1,-5,-0.5",
        "'@x,1,+3",
        "ふつう,2,'-1+A1",
        ",3,'＝1",
    ]


def test_a_workbook_has_texts_and_numbers_but_no_formula() -> None:
    sheet = load_workbook(io.BytesIO(xlsx_bytes(ROWS, "照会"))).active
    assert sheet.title == "照会"
    rows = [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]
    assert rows[1] == [("'=1+1", "s"), (-5, "n"), ("-0.5", "s")]
    assert {kind for row in rows for _, kind in row} <= {"s", "n"}


@given(st.text(max_size=20))
def test_whatever_a_text_says_it_is_no_formula_or_a_figure(text: str) -> None:
    safe = str(harmless(text))
    assert not safe.startswith(FORMULA_STARTS) or float(safe.replace(",", "").rstrip("%")) is not None


@pytest.mark.parametrize("figure", ["-5", "+1.5", "-1,200", "-3%", -5, -0.5, None])
def test_a_figure_stays_a_figure(figure: object) -> None:
    assert harmless(figure) == figure


@given(st.text(max_size=20))
def test_whatever_a_text_holds_it_makes_a_workbook(text: str) -> None:
    sheet = load_workbook(io.BytesIO(xlsx_bytes([("名",), (text,)], "照会"))).active
    assert sheet.max_row >= 1


def test_a_sign_that_no_workbook_may_hold_is_left_out() -> None:
    assert harmless("株式会社\x0b山田\x02") == "株式会社山田"
    assert harmless("\x02=1+1") == "'=1+1"
