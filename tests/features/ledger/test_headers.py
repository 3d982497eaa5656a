from __future__ import annotations

import pytest

from features.ledger.headers import FORBIDDEN_JA, column_of, forbidden_group, table_of
from features.ledger.tables import FORBIDDEN, TABLES


def test_every_column_and_file_is_known_by_both_names() -> None:
    for table in TABLES.values():
        assert table_of(table.name.upper()) is table_of(f" {table.file_ja}") is table
        for column in table.columns:
            assert column_of(table, column.name) is column_of(table, column.header) is column


def test_no_column_of_the_contract_is_forbidden() -> None:
    for table in TABLES.values():
        for column in table.columns:
            assert forbidden_group(column.name) is None
            assert forbidden_group(column.header) is None


@pytest.mark.parametrize("group", FORBIDDEN)
def test_every_forbidden_word_is_found(group: str) -> None:
    assert FORBIDDEN_JA[group]
    for word in FORBIDDEN[group]:
        assert forbidden_group(word) == group
        assert forbidden_group(f"{word}_code" if word.isascii() else f"{word}コード") == group


@pytest.mark.parametrize("header", ["trace", "error_code", "essex", "original", "traced_on", "備考", "氏名"])
def test_words_inside_other_words_are_not_forbidden(header: str) -> None:
    assert forbidden_group(header) is None


@pytest.mark.parametrize(
    "header", ["SEX", "Residence Status", "residenceStatus", "ﾏｲﾅﾝﾊﾞｰ", "国 籍", "障害者控除"]
)
def test_spellings_of_forbidden_words(header: str) -> None:
    assert forbidden_group(header) is not None
