from __future__ import annotations

import re

import pytest

from features.catalogue import Feature
from features.english import ENGLISH
from features.law import GATES
from features.ledger.tables import FORBIDDEN, OPT_INS, TABLES
from features.matrix import CATALOGUE

GATE_COLUMNS = {"welfare", "protected", "bankrupt", "deceased"}
UNLAWFUL = re.compile(
    r"nationality|residence_status|\bsex\b|gender|creed|religion|birthplace|\borigin|illness|disab|crime|ethnic"
    r"|my_?number|pay_?day",
    re.I,
)


def test_names_are_unique() -> None:
    names = [feature.name for feature in CATALOGUE]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("feature", CATALOGUE, ids=lambda feature: feature.name)
def test_a_feature_says_what_it_is(feature: Feature) -> None:
    assert feature.meaning
    assert feature.label
    assert feature.sentence
    assert feature.opt_in is None or feature.opt_in in OPT_INS
    assert feature.record in {"", *TABLES}


@pytest.mark.parametrize("feature", CATALOGUE, ids=lambda feature: feature.name)
def test_no_gate_and_nothing_forbidden_is_a_feature(feature: Feature) -> None:
    assert feature.name not in GATE_COLUMNS | {gate.name for gate in GATES} | set(FORBIDDEN)
    assert not UNLAWFUL.search(f"{feature.name} {feature.meaning}")


def test_every_feature_has_its_sentences_in_english() -> None:
    assert set(ENGLISH) == {feature.name for feature in CATALOGUE}
    silent = [f.name for f in CATALOGUE if bool(f.absent) != bool(ENGLISH[f.name][1])]
    assert silent == []


@pytest.mark.parametrize("feature", CATALOGUE, ids=lambda feature: feature.name)
def test_both_languages_name_the_target_and_the_amount_alike(feature: Feature) -> None:
    for japanese, english in zip((feature.sentence, feature.absent), ENGLISH[feature.name], strict=True):
        assert re.search("{value}|{number}", japanese) is None or re.search("{value}|{number}", english)
        assert not re.search(r"[ぁ-んァ-ヶ一-龠]", english)
