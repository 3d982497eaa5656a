"""One cell of an export: what it says, whether it had to be restored, or why it cannot be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

import jaconv

from features.ledger.days import NotADayError, read_day, read_year
from features.ledger.spellings import CODE_WORDS, FLAG_WORDS
from features.ledger.tables import Column, Kind

ZEROS = "失われた先頭の0を補いました"
DATES = "和暦などの日付・年の表記を西暦の日付・年に読み替えました"
FIGURES = "全角や桁区切りなどの数値の表記を読み替えました"
CODED = "文字で書かれた値を契約のコードに読み替えました"
KANA = "半角カナを全角に直しました"
WIDTHS = "全角の英数字や余分な記号を直しました"
NOTHING = "「なし」を表す値（0000-00-00、NULL など）を空欄として読みました"

LARGEST = 10**15
"""Whole numbers above this are no yen amounts and would not fit the column."""


class Cell(NamedTuple):
    """What a cell says (``value``; None: not known), how it was ``restored``, what was ``wanted`` instead."""

    value: str | int | float | date | None
    restored: str = ""
    wanted: str = ""


_EMPTY = Cell(None)
_NULLS = frozenset({"NULL", "null", "Null", "\\N", "NaN", "nan", "NaT", "None", "<NA>"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SPREADSHEET_TEXT = re.compile(r'="(.*)"|\'(.*)')
_CLEAN_IDENT = re.compile(r"[0-9]+|[A-Za-z][0-9A-Za-z]*[0-9]")
_SCIENTIFIC = re.compile(r"\d(?:[.]\d+)?[Ee][+]?\d+")
_WHOLE = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:[.]0*)?")
_DECIMAL = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:[.]\d*)?(?<=[\d.])")
_UNITS = re.compile(r"^[¥\\]|(?:円|人|名|台|件|分|時間)$")
_SIGNS = str.maketrans({"△": "-", "▲": "-", "−": "-", "‐": "-", "–": "-", "—": "-"})
_HALF_KANA = re.compile(r"[\uff61-\uff9f]")
_POSTCODE = re.compile(r"(\d{3})-?\d{4}")


def read_cell(column: Column, found: str) -> Cell:
    """Return what the text ``found`` in ``column`` says.

    >>> from features.ledger.tables import TABLES
    >>> read_cell(TABLES["debts"].column("principal"), "１２，３００円").value
    12300
    >>> read_cell(TABLES["debts"].column("principal"), "不明").wanted
    '0以上の整数（円）'
    >>> read_cell(TABLES["debtors"].column("direct_debit_bank"), "5").value
    '0005'
    """
    if column.kind is Kind.IDENT and _CLEAN_IDENT.fullmatch(found):
        return Cell(found)
    text = found.strip(" \t\n\u3000\x00\x1a")
    if not text or text in _NULLS:
        cell = Cell(None, NOTHING if text else "")
    elif _CONTROL.search(text):
        return Cell(None, wanted="制御文字を含まない値")
    else:
        cell = _READERS[column.kind](column, text)
    if cell.value is None and column.needed and not cell.wanted:
        return Cell(None, wanted=f"{wanted_of(column)}。空欄にはできません")
    return cell


def wanted_of(column: Column) -> str:
    """Return in Japanese what a cell of ``column`` may hold."""
    if column.kind is Kind.CODE and column.width and not column.allowed:
        return f"{column.width}桁の数字"
    if column.allowed and column.kind is not Kind.FLAG:
        return "、".join(sorted(column.allowed)) + " のいずれか"
    least = "0以上の" if column.kind is Kind.YEN and column.low == 0 else ""
    return least + _WANTED[column.kind] + _bounds_of(column)


def _bounds_of(column: Column) -> str:
    if column.high is None or column.kind is Kind.SHARE:
        return ""
    return f"（{column.low:g}から{column.high:g}まで）"


def _unreadable(column: Column) -> Cell:
    return Cell(None, wanted=wanted_of(column))


def _plain(text: str) -> str:
    """Return ``text`` in half-width letters and digits, without a spreadsheet's marks for text."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).strip()
    if match := _SPREADSHEET_TEXT.fullmatch(plain):
        plain = (match[1] or match[2] or "").strip()
    return plain


def _read_ident(column: Column, text: str) -> Cell:
    plain = _plain(text)
    if _SCIENTIFIC.fullmatch(plain):
        return Cell(None, wanted="指数表記でない番号")
    if plain.endswith(".0") and plain[:-2].isdigit():
        plain = plain[:-2]
    return Cell(plain or None, "" if plain == text else WIDTHS)


def _read_text(column: Column, text: str) -> Cell:
    words = CODE_WORDS.get(column.header, {})
    coded = words.get(_plain(text)) or words.get(_plain(text).lower())
    if coded is not None:
        return Cell(coded, "" if coded == text else CODED)
    if column.allowed:
        return _unreadable(column)
    if column.width and _plain(text).isdecimal():
        return _with_zeros(column, _plain(text))
    if _HALF_KANA.search(text):
        return Cell(jaconv.h2z(text, kana=True, ascii=False, digit=False), KANA)
    return Cell(text)


def _read_code(column: Column, text: str) -> Cell:
    plain = _plain(text).removesuffix(".0")
    words = CODE_WORDS.get(column.header, {})
    if not plain.isdecimal() and plain in words:
        return Cell(words[plain], CODED)
    if column.header == "郵便番号上3桁" and (postcode := _POSTCODE.fullmatch(plain)):
        plain = postcode[1]
    if column.allowed:
        return _one_of(column, plain, text)
    if not column.width:
        return Cell(plain or None, "" if plain == text else WIDTHS)
    if not plain.isdecimal() or len(plain) > column.width:
        return _unreadable(column)
    if not plain.strip("0"):
        return Cell(None, NOTHING)  # no bank, prefecture or area has a code of zeros alone
    return _with_zeros(column, plain)


def _one_of(column: Column, plain: str, text: str) -> Cell:
    if plain in column.allowed:
        return Cell(plain, "" if plain == text else WIDTHS)
    for code in column.allowed:
        if plain.isdecimal() and plain.lstrip("0") == code.lstrip("0"):
            return Cell(code, ZEROS if len(plain) < len(code) else WIDTHS)
    return _unreadable(column)


def _with_zeros(column: Column, plain: str) -> Cell:
    return Cell(plain.zfill(column.width), ZEROS if len(plain) < column.width else "")


def _read_whole(column: Column, text: str) -> Cell:
    plain = _figure(text)
    if not _WHOLE.fullmatch(plain):
        return _unreadable(column)
    return _within(column, int(plain.split(".")[0].replace(",", "")), text)


def _read_decimal(column: Column, text: str) -> Cell:
    plain = _figure(text)
    scale = 100 if column.kind is Kind.SHARE and plain.endswith("%") else 1
    plain = plain.removesuffix("%") if scale == 100 else plain
    if not _DECIMAL.fullmatch(plain) or not any(sign.isdecimal() for sign in plain):
        return _unreadable(column)
    return _within(column, float(plain.replace(",", "")) / scale, text)


def _figure(text: str) -> str:
    return _UNITS.sub("", _UNITS.sub("", _plain(text).translate(_SIGNS).replace(" ", "")))


def _within(column: Column, value: float, text: str) -> Cell:
    low = -LARGEST if column.low is None else column.low
    high = LARGEST if column.high is None else column.high
    if not low <= value <= high:
        return _unreadable(column)
    plain = text.isascii() and text.lstrip("-").replace(".", "", 1).isdecimal()
    return Cell(value, "" if plain else FIGURES)


def _read_year(column: Column, text: str) -> Cell:
    try:
        value = read_year(_plain(text).removesuffix(".0"))
    except NotADayError:
        return _unreadable(column)
    cell = _within(column, value, str(value))
    return cell if cell.wanted or text == str(value) else Cell(value, DATES)


def _read_flag(column: Column, text: str) -> Cell:
    plain = _plain(text).removesuffix(".0")
    flag = plain.lstrip("0") or "0" if plain.isdecimal() else FLAG_WORDS.get(plain.lower(), "")
    if flag not in column.allowed:
        return _unreadable(column)
    return Cell(int(flag), "" if flag == text else CODED)


def _read_day_cell(column: Column, text: str) -> Cell:
    try:
        value = read_day(_plain(text))
    except NotADayError:
        return _unreadable(column)
    if value is None:
        return Cell(None, NOTHING)
    return Cell(value, "" if text == value.isoformat() else DATES)


_READERS: Mapping[Kind, Callable[[Column, str], Cell]] = MappingProxyType(
    {
        Kind.IDENT: _read_ident,
        Kind.CODE: _read_code,
        Kind.TEXT: _read_text,
        Kind.YEN: _read_whole,
        Kind.COUNT: _read_whole,
        Kind.YEAR: _read_year,
        Kind.FLAG: _read_flag,
        Kind.DAY: _read_day_cell,
        Kind.MINUTES: _read_decimal,
        Kind.SHARE: _read_decimal,
    }
)

_WANTED: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.IDENT: "番号",
        Kind.CODE: "コード",
        Kind.TEXT: "文字",
        Kind.YEN: "整数（円）",
        Kind.COUNT: "整数",
        Kind.YEAR: "西暦または和暦の年",
        Kind.FLAG: "0 または 1",
        Kind.DAY: "暦にある日付（例 2024-04-01、令和6年4月1日）",
        Kind.MINUTES: "0以上の数（分）",
        Kind.SHARE: "0から1までの数",
    }
)
