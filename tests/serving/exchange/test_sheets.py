from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from serving.exchange.package import MOST_SMALL, MOST_UNPACKED
from serving.exchange.refused import FileRefused
from serving.exchange.sheets import sheets_of

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><worksheet><sheetData><row><c t='inlineStr'><is><t>&j;</t></is></c></row></sheetData></worksheet>"
)


def book(*rows: list[object]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def changed(content: bytes, change: Callable[[str, bytes], bytes | None], **added: bytes) -> bytes:
    """Return a package with each part as ``change`` returns it (None: left out), and others besides."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in added.items():
            new.writestr(name.replace("__", "/"), part)
    return out.getvalue()


def with_sheet(part: bytes) -> bytes:
    return changed(book([1]), lambda name, old: part if name == "xl/worksheets/sheet1.xml" else old)


def refusal_of(content: bytes) -> str:
    started = time.perf_counter()
    with pytest.raises(FileRefused, match=r"ファイル|回答") as refused:
        sheets_of(content)
    assert time.perf_counter() - started < 3
    return refused.value.code


def test_cells_come_as_texts_with_their_lines() -> None:
    (first,) = sheets_of(book([None], ["照会番号", 12.0, 1.5, True], [None, " x "]))
    assert dict(first.rows) == {2: ("照会番号", "12", "1.5", "True"), 3: ("", "x")}


def test_a_csv_is_one_sheet_whatever_its_encoding() -> None:
    text = '番号,名\n"1\n2",ア\n\n3,イ\n'
    for codec in ("utf-8", "utf-8-sig", "cp932"):
        (only,) = sheets_of(text.encode(codec))
        assert dict(only.rows) == {1: ("番号", "名"), 2: ("1\n2", "ア"), 5: ("3", "イ")}


def test_entities_are_refused_before_anything_expands() -> None:
    assert refusal_of(with_sheet(LAUGHS)) == "file_entities"
    wide = LAUGHS.decode().replace('version="1.0"', 'version="1.0" encoding="UTF-16"').encode("utf-16")
    assert refusal_of(with_sheet(wide)) == "file_entities"
    hidden = changed(book([1]), lambda name, old: old, xl__styles2__dat=LAUGHS)
    assert refusal_of(hidden) == "file_entities"


def test_a_locked_or_old_file_is_refused() -> None:
    assert refusal_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600) == "file_locked"
    content = bytearray(book([1]))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    assert refusal_of(bytes(content)) == "file_locked"


def test_macros_are_refused() -> None:
    assert refusal_of(changed(book([1]), lambda name, old: old, xl__vbaProject=b"x")) == "file_macro"
    marked = changed(
        book([1]),
        lambda name, old: (
            old.replace(b"spreadsheetml.sheet.main+xml", b"x.sheet.macroEnabled.main+xml")
            if name == "[Content_Types].xml"
            else old
        ),
    )
    assert refusal_of(marked) == "file_macro"


def test_what_unpacks_to_more_than_any_reply_is_refused() -> None:
    large = b"<worksheet>" + b" " * MOST_UNPACKED + b"</worksheet>"
    packed = with_sheet(large)
    assert len(packed) < 100_000
    assert refusal_of(packed) == "file_bomb"
    styles = changed(book([1]), lambda n, old: b" " * (MOST_SMALL + 1) if n == "xl/styles.xml" else old)
    assert refusal_of(styles) == "file_bomb"
    many = {f"part{n}": b"" for n in range(3001)}
    assert refusal_of(changed(book([1]), lambda name, old: old, **many)) == "file_bomb"


def test_a_size_that_lies_gains_nothing() -> None:
    """The directory says a hundred bytes, the part unpacks to millions."""
    content = bytearray(with_sheet(b"<worksheet>" + b" " * 5_000_000 + b"</worksheet>"))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = content.index(b"xl/worksheets/sheet1.xml", content.index(mark))
        start = content.rindex(mark, 0, place)
        content[start + offset : start + offset + 4] = (100).to_bytes(4, "little")
    assert refusal_of(bytes(content)) == "file_damaged"


def test_rows_that_are_only_claimed_are_not_gone_through_for_ever() -> None:
    cell = '<c r="A{0}"><v>1</v></c>'
    rows = "".join(f'<row r="{n}">{cell.format(n)}</row>' for n in (1, 1_048_576))
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    part = f"{head}{rows}</sheetData></worksheet>".encode()
    (only,) = sheets_of(with_sheet(part))
    assert sorted(only.rows) == [1, 1_048_576]
    many = Workbook()
    for _ in range(3):
        many.create_sheet()
    content = io.BytesIO()
    many.save(content)
    sparse = changed(content.getvalue(), lambda n, old: part if n.startswith("xl/worksheets/s") else old)
    assert refusal_of(sparse) == "file_bomb"
    wide = head + "".join(f'<row r="{n}">{cell.format(n).replace("A", "XFD")}</row>' for n in range(1, 90))
    assert refusal_of(with_sheet(f"{wide}</sheetData></worksheet>".encode())) == "file_bomb"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \n \n", "file_empty"),
        (b",,\n,,\n", "file_empty"),
        (b"%PDF-1.7\n\x00\x01\x02", "file_kind"),
        (b"\xff\xd8\xff\xe0" * 50, "file_kind"),
        (b"PK\x03\x04 no package at all", "file_damaged"),
        (b'a,b\n"never closed,1\n', "file_damaged"),
    ],
)
def test_what_is_no_such_file_is_refused(content: bytes, code: str) -> None:
    assert refusal_of(content) == code


def test_a_document_of_another_kind_and_a_cut_file_are_refused() -> None:
    def text_document(name: str, old: bytes) -> bytes | None:
        return None if name == "xl/workbook.xml" else old

    assert refusal_of(changed(book([1]), text_document)) == "file_kind"
    assert refusal_of(book([1])[:-200]) == "file_damaged"
    assert refusal_of(with_sheet(b"<worksheet><sheetData><row>")) == "file_damaged"


def test_formulas_are_told_with_their_cells() -> None:
    with pytest.raises(FileRefused, match="取り込めない箇所") as refused:
        sheets_of(book(["a", "=1+1"], ["-5", "-"], [None, None, '=HYPERLINK("x")']))
    assert [(f.line, f.column, f.code) for f in refused.value.faults] == [
        (1, "B", "formula"),
        (3, "C", "formula"),
    ]
    assert not any(fault.found for fault in refused.value.faults)
