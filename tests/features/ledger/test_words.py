from __future__ import annotations

from features.ledger.tables import TABLES
from features.ledger.words import WORDS

UNITS = {"", "yen", "day", "days", "minutes", "share", "count", "flag"}


def test_every_word_has_a_term_a_known_unit_and_one_line() -> None:
    for name, word in WORDS.items():
        assert word.ja, name
        assert word.unit in UNITS, name
        assert word.meaning, name
        assert "\n" not in word.meaning


def test_no_japanese_term_stands_for_two_words() -> None:
    terms = [word.ja for word in WORDS.values()]
    assert len(terms) == len(set(terms))


def test_every_column_has_a_japanese_header_of_its_own_in_its_table() -> None:
    for table in TABLES.values():
        headers = [column.header for column in table.columns]
        assert all(headers)
        assert len(headers) == len(set(headers)), table.name
