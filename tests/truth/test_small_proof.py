"""The small version of ``make truth``: one town, its held-out cases, the ranker against the bar."""

from __future__ import annotations

import pytest

from features.town.build import build_town
from features.town.style import STYLES
from training.contestants import RANKERS
from training.truth import town_scores


@pytest.mark.slow
def test_the_ranker_beats_the_rules_and_the_average_officer_on_a_small_town() -> None:
    town = build_town(STYLES["regional"], debtors=3000, seed=3)
    rankers = {name: RANKERS[name] for name in ("ranker", "know_how", "average")}
    scores = town_scores(town, rankers)
    mean = scores.pivot(index="metric", columns="ranking", values="mean")
    for metric in ("hit_at_1", "hit_at_5", "cover_at_5"):
        assert mean.loc[metric, "ranker"] > mean.loc[metric, "average"]
    assert mean.loc["hit_at_1", "ranker"] > mean.loc["hit_at_1", "know_how"]
    assert mean.loc["ndcg_at_10", "ranker"] > mean.loc["ndcg_at_10", "know_how"]
