from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from features.archive import Archive
from features.ledger.snapshot import Ledger
from models.adviser import Adviser
from models.know_how import hit_medians
from training.first_rounds import FirstRounds, first_rounds
from training.school import unlearnt
from training.splits import time_split
from training.standings import popularity, reranked, standings


@pytest.fixture(scope="module")
def rounds(small_archive: Archive) -> FirstRounds:
    ledger = small_archive.ledger
    return first_rounds(small_archive, time_split(ledger["inquiries"], ledger["replies"], ledger.day).test)


@pytest.fixture(scope="module")
def table(small_archive: Archive, rounds: FirstRounds) -> pd.DataFrame:
    ledger = small_archive.ledger
    adviser = Adviser(unlearnt(ledger), ledger)
    past = popularity(ledger, small_archive)
    return standings(
        adviser, rounds, past, hit_medians(ledger), lambda matrix: np.full(len(matrix.pairs), 0.5), 0
    )


def test_a_case_is_seen_from_the_eve_of_its_first_inquiry(small_ledger: Ledger, rounds: FirstRounds) -> None:
    first = small_ledger["inquiries"].groupby("debtor_id")["requested_on"].min()
    gap = first.loc[rounds.cases["debtor_id"]].to_numpy() - rounds.cases["day"].to_numpy()
    assert set(pd.to_timedelta(gap).days) == {1}
    assert (rounds.cases["arrears"] > 0).all()


def test_silence_is_no_none_and_yen_stay_within_the_arrears(rounds: FirstRounds) -> None:
    silent = rounds.asked[~rounds.asked["answered"]]
    assert silent[["hit", "yen", "balance"]].isna().all().all()
    owed = rounds.cases["arrears"].to_numpy()[rounds.asked["case"]]
    assert (rounds.asked["yen"].fillna(0).to_numpy() <= owed).all()


def test_a_second_round_is_not_the_first(small_ledger: Ledger, rounds: FirstRounds) -> None:
    later = rounds.asked[~rounds.asked["first"]]
    assert len(later)
    assert (later.groupby("case")["place"].min() > 1).all()


def test_the_rules_stand_as_the_adviser_ranks_by_them(table: pd.DataFrame) -> None:
    """The ranker here is the adviser without a model, so both columns must say the same."""
    known = table[table["ranker"].notna()]
    pd.testing.assert_series_equal(known["ranker"], known["know_how"], check_names=False)


def test_every_asked_target_is_there_once(table: pd.DataFrame, rounds: FirstRounds) -> None:
    assert not table.duplicated(["case", "target"]).any()
    assert table["place"].notna().sum() == len(rounds.asked)


def test_all_rankings_order_the_same_asked_targets(table: pd.DataFrame, rounds: FirstRounds) -> None:
    arrears = rounds.cases["arrears"]
    sets = [
        reranked(table, name, arrears).groupby("case")["value"].sum()
        for name in ("ranker", "officers", "chance")
    ]
    pd.testing.assert_series_equal(sets[0], sets[1])
    pd.testing.assert_series_equal(sets[0], sets[2])


def test_a_target_without_grounds_comes_last() -> None:
    table = pd.DataFrame(
        {"case": 0, "target": [1, 2, 3], "ranker": [np.nan, 2.0, 1.0], "first": True, "answered": True,
         "hit": [1.0, 0.0, 0.0], "balance": [5e4, 0.0, 0.0]}
    )  # fmt: skip
    found = reranked(table, "ranker", pd.Series([1e5]))
    assert found["hit"].tolist() == [0.0, 0.0, 1.0]


def test_popularity_counts_what_was_known(small_ledger: Ledger, small_archive: Archive) -> None:
    early = popularity(
        small_ledger.as_of(small_ledger.day.replace(year=small_ledger.day.year - 2)), small_archive
    )
    late = popularity(small_ledger, small_archive)
    assert early["asked"].sum() < late["asked"].sum() == len(small_ledger["inquiries"])
    assert late["rate"].between(0, 1).all()
