"""Standings: every candidate of the cases judged on, in the order of each ranking, beside what was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np
import pandas as pd

from features.answers import answers_of
from features.archive import HIT_YEN, Archive
from features.ledger.snapshot import Ledger
from features.matrix import Matrix
from features.tally import Floats
from models.adviser import Ranking
from models.know_how import know_how_forecast, know_how_scores
from training.first_rounds import FirstRounds

RANKINGS = ("ranker", "know_how", "past_hits", "often_asked", "officers", "chance")
"""Who is compared: the product; the officers' written rules; targets by their past hit rate, and by how often
they were asked; the order in which officers asked; and a drawn lot."""

FORECASTS: Mapping[str, str] = {
    "ranker": "probability",
    "know_how": "know_how_probability",
    "past_hits": "past_rate",
}
"""The rankings that also say a probability of a hit, and its column."""

EVERY = 100_000
CASES_AT_ONCE = 1000
_STRENGTH = 12.0

Weigh = Callable[[Matrix], Floats]
"""The propensity of each pair of a matrix, (n,)."""


class Ranks(Protocol):
    """Whatever ranks cases as the adviser does."""

    def rank(self, cases: pd.DataFrame, top: int) -> Ranking:
        """Rank the targets of ``cases[debtor_id, day]``."""
        ...


def standings(  # noqa: PLR0917 - who ranks, whom, with what known beside
    ranks: Ranks,
    rounds: FirstRounds,
    past: pd.DataFrame,
    medians: Mapping[str, float],
    weigh: Weigh,
    seed: int,
) -> pd.DataFrame:
    """Return one row per case and target that is a candidate or was ever asked, by case and target.

    Columns: those of ``rounds.asked`` (first, answered False and the rest NaN where never asked); per ranking
    its rank among all candidates (NaN: no candidate); probability, know_how_probability, past_rate,
    expected_yen (within the arrears), propensity. ``past``: rate and asked by target number (``popularity``).
    """
    parts = []
    for start in range(0, len(rounds.cases), CASES_AT_ONCE):
        batch = rounds.cases.iloc[start : start + CASES_AT_ONCE][["debtor_id", "day"]].reset_index(drop=True)
        rows = _ranked(ranks.rank(batch, EVERY), medians, weigh)
        parts.append(rows.assign(case=rows["case"] + start))
    listed = pd.concat(parts, ignore_index=True)
    owed = rounds.cases["arrears"].to_numpy()[listed["case"]]
    listed = listed.assign(
        expected_yen=listed.pop("share") * owed,
        past_rate=past["rate"].to_numpy()[listed["target"]],
        past_asked=past["asked"].to_numpy()[listed["target"]],
    )
    for name, column in (("past_hits", "past_rate"), ("often_asked", "past_asked")):
        listed[name] = _places(listed, [column])
    table = listed.merge(rounds.asked, on=["case", "target"], how="outer")
    table = table.sort_values(["case", "target"], ignore_index=True)
    for flag in ("first", "answered"):
        table[flag] = table[flag].eq(True)
    drawn = np.random.default_rng(seed).permutation(len(table))
    return table.assign(officers=table["place"], chance=drawn.astype(float))


def popularity(past: Ledger, archive: Archive) -> pd.DataFrame:
    """Return ``rate`` (hits per answer, shrunk to the mean of its kind) and ``asked`` of every target.

    As ``past`` knows them; one row per target of the roll of ``archive``.
    """
    roll = archive.roll
    sent, answered = past["inquiries"], answers_of(past)
    asked = _counted(roll.target_numbers(sent["target_kind"], sent["target_code"]), len(roll.targets))
    place = roll.target_numbers(answered["target_kind"], answered["target_code"])
    yen = answered["balance"].to_numpy(dtype=float, na_value=0.0)
    hit = (answered["result"] == "1").to_numpy(dtype=bool, na_value=False) & (yen >= HIT_YEN)
    count, hits = _counted(place, len(asked)), _counted(place[hit], len(asked))
    kind = roll.targets["target_kind"]
    base = (hits.sum() + 1) / (count.sum() + 10)
    of_kind = pd.DataFrame({"hits": hits, "count": count}).groupby(kind).transform("sum")
    mean = (of_kind["hits"] + _STRENGTH * base) / (of_kind["count"] + _STRENGTH)
    return pd.DataFrame({"rate": (hits + _STRENGTH * mean) / (count + _STRENGTH), "asked": asked})


def reranked(table: pd.DataFrame, ranking: str, arrears: pd.Series) -> pd.DataFrame:
    """Return the asked-and-answered targets of each first round in the order of ``ranking``.

    As ``training.metrics`` takes them: case, rank, hit, value, arrears. Targets that a ranking does not hold
    for candidates come last; ties go to the first by kind and code.
    """
    known = table[table["first"] & table["answered"]].sort_values(["case", ranking, "target"], kind="stable")
    return pd.DataFrame(
        {
            "case": known["case"].to_numpy(),
            "rank": (known.groupby("case").cumcount() + 1).to_numpy(),
            "hit": known["hit"].to_numpy(),
            "value": known["balance"].to_numpy(),
            "arrears": arrears.to_numpy()[known["case"]],
        }
    )


def _ranked(ranking: Ranking, medians: Mapping[str, float], weigh: Weigh) -> pd.DataFrame:
    """Return the candidates of one batch: case, target, ranker, know_how, forecasts, propensity."""
    rows = ranking.rows.sort_values("row", ignore_index=True)
    matrix = ranking.matrix.take(rows["row"].to_numpy())
    frame = matrix.values.assign(target_kind=matrix.pairs.kinds)
    owed = rows["arrears"].to_numpy(dtype=float)
    told = know_how_forecast(frame, owed, medians=medians)
    found = pd.DataFrame(
        {
            "case": rows["case"],
            "target": rows["target"],
            "ranker": rows["rank"].astype(float),
            "probability": rows["probability"],
            "share": rows["share"],
            "know_how_probability": told["probability"].to_numpy(),
            "rules_share": np.clip(told["expected_yen"].to_numpy() / np.maximum(owed, 1.0), 0.0, 1.0),
            "rules_score": know_how_scores(frame).to_numpy(),
            "propensity": weigh(matrix),
        }
    )
    found["know_how"] = _places(found, ["rules_share", "rules_score"])
    return found.drop(columns=["rules_share", "rules_score"])


def _places(rows: pd.DataFrame, by: list[str]) -> pd.Series:
    """Return each row's rank within its case, the greatest of ``by`` first, then the lower target number."""
    falls = [*[False] * len(by), True]
    order = rows.sort_values(["case", *by, "target"], ascending=[True, *falls], kind="stable")
    return (order.groupby("case").cumcount() + 1).astype(float).reindex(rows.index)


def _counted(numbers: np.ndarray[tuple[int], np.dtype[np.int64]], targets: int) -> Floats:
    return np.bincount(numbers[numbers >= 0], minlength=targets).astype(np.float64)
