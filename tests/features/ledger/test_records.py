from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.ledger.encoding import NotTextError, decoded
from features.ledger.records import header_of, records_of

CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters='",\n'), max_size=6)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS).filter(any), max_size=8))
def test_what_a_csv_writer_wrote_is_read_back(rows: list[tuple[str, str, str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows([("a", "b", "c"), *rows])
    records = records_of(file.getvalue(), 1, 3)
    assert list(zip(*records.columns, strict=True)) == rows
    assert not records.misshapen


def test_a_lone_quotation_mark_costs_one_row() -> None:
    text = 'a,b\n1,"x\n2,y\n3,"z,\nz"\n4,5"6\n'
    records = records_of(text, 1, 2)
    assert records.columns == [["2", "3", "4"], ["y", "z,\nz", '5"6']]
    assert records.lines == [3, 4, 6]
    assert records.misshapen == [(2, 0)]


def test_misshapen_rows_and_blank_lines_are_counted_with_their_line() -> None:
    records = records_of("a,b\n1\n\n , \n1,2,3\n,\n1,2,,\n\x1a", 1, 2)
    assert records.misshapen == [(2, 1), (5, 3)]
    assert (records.blank, records.lines) == (2, [4, 7])


def test_a_header_may_stand_below_blank_lines_and_end_in_commas() -> None:
    assert header_of('\n\n"a",b,,\n1') == (["a", "b"], 3)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932"])
def test_encodings(codec: str) -> None:
    assert decoded("宛名番号\r\n①髙\r\n".encode(codec)).text == "宛名番号\n①髙\n"


def test_a_damaged_character_is_marked_and_the_rest_is_read() -> None:
    text = decoded("宛名番号\n一\n".encode("cp932") + b"\x81\n" + "二\n".encode("cp932"))
    assert text.damaged
    assert text.text.split("\n")[3] == "二"


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00\x30\xff", b"\x89PNG\xff\xfe\xfd\n\xff\xff", "宛名".encode("utf-16")]
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(NotTextError, match="neither UTF-8 nor CP932"):
        decoded(content)
