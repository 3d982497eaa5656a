from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from features.archive import Archive
from features.candidates import candidates_of
from features.catalogue import Feature
from features.matrix import CATALOGUE, build_matrix
from models.explain import RULES_FEATURE, Subject, explain, say
from models.ranker import inputs_of
from training.course import Lesson

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


@pytest.mark.parametrize("feature", (*CATALOGUE, RULES_FEATURE), ids=lambda feature: feature.name)
def test_every_feature_can_be_said(feature: Feature) -> None:
    for value in (0.0, 1.0, 0.25, 12_345.0, -2.0, float("nan")):
        sentence = say(feature, value, "みずほ銀行", "預貯金")
        assert JAPANESE.search(sentence)
        assert not re.search(r"[{}]|nan", sentence)


def test_reasons_add_up_to_the_score(
    small_lesson: Lesson, small_archive: Archive, everybody: pd.DataFrame
) -> None:
    ranker = small_lesson.bundle.ranker
    assert ranker is not None
    matrix = build_matrix(
        small_archive, candidates_of(small_archive, everybody.iloc[:40].reset_index(drop=True))
    )
    table = inputs_of(matrix)
    weights, base = ranker.contributions(table)
    told = explain(weights, base, table, [Subject("甲", "bank", small_archive.ledger.day)] * len(table))
    scores = [each.base + each.rest + sum(reason.weight for reason in each.reasons) for each in told]
    np.testing.assert_allclose(scores, ranker.scores(matrix).score, atol=1e-6)
    assert all(1 <= len(each.reasons) <= 5 for each in told)
