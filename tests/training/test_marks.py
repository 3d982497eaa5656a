from __future__ import annotations

import numpy as np
import pandas as pd

from training.first_rounds import FirstRounds
from training.leakage import gap_between
from training.marks import differences, ever_asked, marks, seniority
from training.metrics import DIRECTIONS


def judged(shift: float, cases: int = 80, first: int = 0) -> tuple[FirstRounds, dict[str, pd.DataFrame]]:
    """Cases of debtors from ``first`` on; the ranker's measures are ``shift`` above those of the rules."""
    rng = np.random.default_rng(0)
    level = pd.DataFrame({name: rng.random(cases + first)[first:] for name in DIRECTIONS})
    level.index.name = "case"
    table = pd.DataFrame(
        {
            "debtor_id": [f"d{first + n}" for n in range(cases)],
            "months": np.where(np.arange(cases) < 10, 40.0, 6.0),
        }
    )
    return FirstRounds(table, pd.DataFrame(), {}), {"ranker": level + shift, "know_how": level}


def test_bands_of_seniority() -> None:
    months = pd.Series([0.0, 11.9, 12.0, 35.9, 36.0, 400.0, np.nan])
    assert seniority(months).tolist() == [
        *["under_1_year"] * 2,
        *["1_to_3_years"] * 2,
        *["over_3_years"] * 2,
        "unknown",
    ]


def test_a_band_of_few_cases_is_not_shown() -> None:
    rounds, scores = judged(0.1)
    found = marks(scores, rounds)
    assert set(found["band"]) == {"all", "under_1_year"}
    assert set(found.loc[found["band"] == "under_1_year", "cases"]) == {70}


def test_differences_are_case_by_case() -> None:
    rounds, scores = judged(0.1)
    row = differences(scores, rounds).iloc[0]
    assert (row["ranking"], round(row["low"], 6), round(row["high"], 6)) == ("know_how", 0.1, 0.1)


def test_a_random_lead_on_the_same_cases_is_flagged_and_none_is_not() -> None:
    time, same = judged(0.0), judged(0.0, 40, 40)
    assert gap_between(time, judged(0.05, 40, 40)).flagged
    assert not gap_between(time, same).flagged
    assert not gap_between(time, judged(-0.05, 40, 40)).flagged
    assert gap_between(time, same).table["cases"].tolist() == [40] * len(DIRECTIONS)


def test_few_shared_cases_allow_no_verdict() -> None:
    found = gap_between(judged(0.0), judged(0.5, 15, 70))
    assert not found.judged
    assert not found.flagged


def test_how_many_first_picks_were_ever_asked() -> None:
    ranks = {name: [1.0, 2.0, 3.0] for name in ("ranker", "know_how", "past_hits", "often_asked")}
    table = pd.DataFrame({"case": 0, "first": [True, False, False], "place": [1.0, 5.0, np.nan], **ranks})
    row = ever_asked(table, ks=(3,)).iloc[0]
    assert (round(row["first_round"], 3), round(row["ever"], 3), row["picks"]) == (0.333, 0.667, 3)
