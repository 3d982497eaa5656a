from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.ledger.days import NotADayError, era_of, read_day, read_year

DAYS = st.dates(date(1912, 7, 30), date(2199, 12, 31))


def spellings(day: date) -> list[str]:
    era, letter, year = era_of(day)
    m, d = day.month, day.day
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    written = [
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day.year}/{m}/{d}",
        f"{day.year}.{m}.{d}",
        f"{day:%Y%m%d}",
        f"{day.year}年{m}月{d}日",
        f"{day.isoformat()} 00:00:00",
    ]
    if year <= 99:
        written += [
            f"{era}{year}年{m}月{d}日",
            f"{era} {year:02}年 {m:02}月 {d:02}日",
            f"{letter}{year}.{m}.{d}",
            f"{letter.lower()}{year:02}.{m:02}.{d:02}",
            f"{letter}{year}/{m}/{d}",
            f"{era[0]}{year}.{m}.{d}",
            f"{letter}{year:02}{m:02}{d:02}",
            f"{'TSHR'.index(letter) + 2}{year:02}{m:02}{d:02}",
        ]
    if year == 1:
        written += [f"{era}元年{m}月{d}日", f"{letter}元.{m}.{d}"]
    return [*written, *(text.translate(wide) for text in written)]


@given(DAYS)
def test_every_spelling_of_a_day_is_read_as_that_day(day: date) -> None:
    assert {read_day(text) for text in spellings(day)} == {day}


@pytest.mark.parametrize(
    "text",
    ["0000-00-00", "00000000", "0000/00/00", "0", "００００－００－００", "99999999", "0000年00月00日"],
)
def test_a_written_out_no_day_is_none(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize(
    "text",
    ["不明", "2024-02-30", "2024/13/1", "令和6年2月30日", "令和0年4月1日", "R100.1.1", "昭和70年1月1日",
     "060401",
     "45383", "0024-04-01", "4/1/2024", "2024-04", "X6.4.1", "20240431", "-"],
)  # fmt: skip
def test_what_would_have_to_be_guessed_is_no_day(text: str) -> None:
    with pytest.raises(NotADayError, match=r"."):
        read_day(text)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2024", 2024),
        ("２０２４", 2024),
        ("令和6年度", 2024),
        ("R6", 2024),
        ("平成元年", 1989),
        ("昭60", 1985),
    ],
)
def test_years(text: str, year: int) -> None:
    assert read_year(text) == year


def test_a_bare_number_is_no_year() -> None:
    with pytest.raises(NotADayError, match="no year"):
        read_year("6")
