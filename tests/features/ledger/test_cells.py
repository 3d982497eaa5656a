from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.ledger.cells import LARGEST, ZEROS, read_cell
from features.ledger.tables import TABLES


@given(st.integers(0, LARGEST))
def test_every_spelling_of_an_amount_is_read_as_that_amount(yen: int) -> None:
    column = TABLES["debts"].column("principal")
    wide = str.maketrans("0123456789,", "０１２３４５６７８９，")
    written = [str(yen), f"{yen:,}", f"¥{yen:,}", f"{yen:,}円", f" {yen} ", f"{yen}.0"]
    written += [text.translate(wide) for text in written]
    assert {read_cell(column, text).value for text in written} == {yen}


@given(st.integers(1, 9999))
def test_lost_zeros_of_a_bank_code_come_back(code: int) -> None:
    cell = read_cell(TABLES["debtors"].column("direct_debit_bank"), str(code))
    assert cell.value == f"{code:04}"
    assert (cell.restored == ZEROS) == (code < 1000)


@pytest.mark.parametrize(
    ("table", "column", "text", "value"),
    [
        ("incomes", "business", "△1,000", -1000),
        ("incomes", "tax_year", "令和6年度", 2024),
        ("debtors", "birth_year", "S60", 1985),
        ("debtors", "entity", "01", "1"),
        ("debtors", "entity", "法人", "2"),
        ("debtors", "welfare", "有", 1),
        ("debtors", "welfare", "", None),
        ("debtors", "postcode3", "１７６", "176"),
        ("debtors", "postcode3", "176-0001", "176"),
        ("debtors", "former_prefecture", "00", None),
        ("debtors", "debtor_id", "０００１２", "00012"),
        ("debtors", "debtor_id", '="00012"', "00012"),
        ("debts", "tax_item", "1", "01"),
        ("debts", "period", "1", "01"),
        ("debts", "period", "随1", "随1"),
        ("debts", "closed_on", "0000-00-00", None),
        ("debts", "closed_by", " 完納 ", "完納"),
        ("stays", "kind", "執行停止", "suspension"),
        ("replies", "result", "なし", "2"),
        ("inquiries", "target_kind", "銀行", "bank"),
        ("inquiries", "target_kind", "貸金庫", "貸金庫"),
        ("contacts", "note", "ﾐｽﾞﾎの口座", "ミズホの口座"),
        ("staff", "fte", "80%", 0.8),
        ("assignments", "handling_minutes", "1,131.6", 1131.6),
    ],
)
def test_spellings_are_read(table: str, column: str, text: str, value: object) -> None:
    cell = read_cell(TABLES[table].column(column), text)
    assert (cell.value, cell.wanted) == (value, "")


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("debts", "principal", "不明"),
        ("debts", "principal", "-100"),
        ("debts", "principal", "12,34"),
        ("debts", "principal", "1.5"),
        ("debts", "principal", "1.2E+05"),
        ("debts", "principal", "9" * 30),
        ("debts", "principal", "12\x0034"),
        ("debts", "principal", ""),
        ("debts", "due_on", "0000-00-00"),
        ("debts", "tax_item", "99"),
        ("debtors", "debtor_id", "1.00E+14"),
        ("debtors", "debtor_id", " "),
        ("debtors", "direct_debit_bank", "12345"),
        ("debtors", "direct_debit_bank", "みずほ"),
        ("debtors", "welfare", "2"),
        ("debtors", "household_size", "0"),
        ("debtors", "birth_year", "1700"),
        ("stays", "kind", "other"),
        ("staff", "fte", "1.5"),
        ("assignments", "handling_minutes", "nan分"),
        ("assignments", "handling_minutes", "."),
    ],
)
def test_impossible_values_are_faults_that_say_what_was_wanted(table: str, column: str, text: str) -> None:
    cell = read_cell(TABLES[table].column(column), text)
    assert cell.wanted
    assert cell.value is None


@given(st.text(max_size=12), st.sampled_from([(t, c) for t in TABLES.values() for c in t.columns]))
def test_no_text_breaks_a_reader(text: str, place: tuple[object, object]) -> None:
    cell = read_cell(place[1], text)  # type: ignore[arg-type]
    assert cell.value is None or not cell.wanted
