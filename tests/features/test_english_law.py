from __future__ import annotations

import pytest

from features import grounds, law
from features.authority import AUTHORITIES
from features.english_law import GATES, GROUNDS, LAWS, glossed
from models.finding import ENGLISH, RULES


def test_every_gate_and_suggestion_has_its_sentence_in_english() -> None:
    assert set(GATES) == {gate.name for gate in law.GATES}
    assert set(ENGLISH) == {rule.name for rule in RULES}


def test_every_ground_has_a_name_in_english() -> None:
    opened = {text for _, *texts in grounds._OPENED.values() for text in texts}
    named = {text for _, text in (*grounds._BY_COLUMN, *grounds._BY_DAY)}
    assert set(GROUNDS) == opened | named | {grounds._NATIONWIDE, grounds._AROUND, grounds.LISTED}


@pytest.mark.parametrize(
    "rule", [*law.RULES, *law.GATES, *RULES, *AUTHORITIES.values()], ids=lambda r: r.name
)
def test_every_law_that_is_cited_is_glossed(rule: law.Rule) -> None:
    told = glossed(rule.article)
    assert told.startswith(rule.article)
    assert any(name in told for name in LAWS.values())
