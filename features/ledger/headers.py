"""Headers and file names of an export, matched to the contract or to a forbidden group."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType

from features.ledger.tables import FORBIDDEN, TABLES, Column, Table

FORBIDDEN_JA = MappingProxyType(
    {
        "nationality or residence status": "国籍・在留資格",
        "sex": "性別",
        "creed": "信条・宗教",
        "social origin": "社会的身分・出身",
        "illness or disability": "病歴・障害",
        "crime": "犯罪歴",
        "ethnicity": "人種・民族",
        "My Number": "個人番号（マイナンバー）",
    }
)
"""The groups of ``tables.FORBIDDEN`` as they are named to the reader."""

_SEPARATORS = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def plain_header(header: str) -> str:
    """Return ``header`` in one spelling: half-width, lower case, no blanks.

    >>> plain_header(" 郵便番号上３桁 ")
    '郵便番号上3桁'
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", header).strip("\ufeff\x00 ")).lower()


def column_of(table: Table, header: str) -> Column | None:
    """Return the column of ``table`` that ``header`` names, in English or Japanese; None when it has none."""
    plain = plain_header(header)
    for column in table.columns:
        if plain in (column.name, plain_header(column.header)):
            return column
    return None


def table_of(stem: str) -> Table | None:
    """Return the table that a file called ``stem`` (without ``.csv``) holds; None when it is none of them."""
    plain = plain_header(stem)
    for table in TABLES.values():
        if plain in (table.name, table.file_ja):
            return table
    return None


def forbidden_group(header: str) -> str | None:
    """Return the forbidden group (key of ``FORBIDDEN``) that ``header`` gives away, or None.

    English words count as whole words only; Japanese ones anywhere, since Japanese has no blanks.

    >>> forbidden_group("国籍コード"), forbidden_group("residenceStatus"), forbidden_group("trace")
    ('nationality or residence status', 'nationality or residence status', None)
    """
    text = unicodedata.normalize("NFKC", header)
    spaced = f" {' '.join(_SEPARATORS.split(_CAMEL.sub(' ', text).lower()))} "
    joined = _SEPARATORS.sub("", text).lower()
    for group, words in FORBIDDEN.items():
        for word in words:
            if word.isascii():
                found = f" {word.replace('_', ' ')} " in spaced or (
                    word.count("_") and word.replace("_", "") == joined
                )
            else:
                found = word in joined
            if found:
                return group
    return None
