from __future__ import annotations

import pandas as pd
import pytest

from features.town.build import build_town
from features.town.officers import rank_as_officer
from features.town.replies import WORTH
from features.town.style import STYLES
from features.town.truth import Town

DEBTORS = 1500


@pytest.fixture(scope="module", params=sorted(STYLES))
def town(request: pytest.FixtureRequest) -> Town:
    return build_town(STYLES[request.param], DEBTORS, seed=21)


def _asked(town: Town) -> pd.DataFrame:
    return town.ledger["inquiries"].merge(town.ledger["replies"], on="inquiry_id", how="left")


def test_a_quarter_is_found_and_an_eighth_hits(town: Town) -> None:
    asked = _asked(town)
    found = (asked["result"] == "1").mean()
    hit = (asked["balance"].fillna(0) >= WORTH).mean()
    assert 0.18 <= found <= 0.34  # contract.md: about a quarter
    assert 0.09 <= hit <= 0.17  # contract.md: about an eighth
    assert 0.005 <= asked["result"].isna().mean() <= 0.04


def test_rates_of_the_office(town: Town) -> None:
    ledger = town.ledger
    assert 0.50 <= ledger["inquiries"]["debtor_id"].nunique() / DEBTORS <= 0.60
    selecting = ledger["assignments"]["selecting_minutes"]
    assert 24 <= selecting.mean() <= 42  # field.md: about 30 minutes a case
    assert (ledger["assignments"]["handling_minutes"] >= selecting).all()
    late = (ledger["debts"]["demanded_on"] - ledger["debts"]["due_on"]).dt.days
    assert (late <= 20).mean() > 0.95  # local tax act 329: within 20 days
    banks = (ledger["dispositions"]["target_kind"] == "bank").mean()
    assert 0.27 <= banks <= 0.90  # field.md: deposit share of seizures by municipality


def _scores(town: Town, skill: str) -> tuple[float, float, float]:
    """Return hit@1, hit@5 and cover@5 on the open cases that were never investigated."""
    debts = town.ledger["debts"]
    paid = town.ledger["payments"].groupby("debt_id")["amount"].sum()
    left = debts["principal"].astype(float) - debts["debt_id"].map(paid).fillna(0).astype(float)
    owed = left[debts["closed_on"].isna()].groupby(debts["debtor_id"]).sum()
    assets = town.truth.assets[town.truth.assets["value"] >= WORTH]
    asked = set(town.ledger["inquiries"]["debtor_id"])
    ids = sorted(set(owed[owed > 0].index) & set(assets["debtor_id"]) - asked)
    cases = pd.DataFrame({"debtor_id": ids, "day": pd.Timestamp(town.ledger.day).as_unit("s")})
    best = rank_as_officer(town.ledger, cases, skill, seed=5)
    best = best.merge(assets, on=["debtor_id", "target_kind", "target_code"])
    first = best[best["rank"] == 1]["debtor_id"].nunique() / len(ids)
    among = best[best["rank"] <= 5].groupby("debtor_id")["value"].sum()
    cover = (among / owed.reindex(among.index)).clip(upper=1).sum() / len(ids)
    return first, len(among) / len(ids), float(cover)


def test_veteran_beats_average_beats_novice(town: Town) -> None:
    novice, average, veteran = (_scores(town, skill) for skill in ("novice", "average", "veteran"))
    for low, middle, high in zip(novice, average, veteran, strict=True):
        assert low < middle < high


def test_ranking_is_unmoved_by_row_order_and_repeats(town: Town) -> None:
    ids = town.ledger["debtors"]["debtor_id"].head(40)
    cases = pd.DataFrame({"debtor_id": ids, "day": pd.Timestamp(town.ledger.day).as_unit("s")})
    forth = rank_as_officer(town.ledger, cases, "veteran", seed=1)
    back = rank_as_officer(town.ledger, cases.iloc[::-1], "veteran", seed=1)
    order = ["debtor_id", "rank"]
    one, two = (frame.sort_values(order, ignore_index=True) for frame in (forth, back))
    pd.testing.assert_frame_equal(one, two)
    assert not forth.duplicated(["debtor_id", "target_kind", "target_code"]).any()
    assert (forth.groupby("debtor_id").size() == 10).all()


def test_an_officer_knows_only_the_past(town: Town) -> None:
    then = pd.Timestamp("2024-03-01").as_unit("s")
    ids = town.ledger["debtors"]["debtor_id"].head(200)
    cases = pd.DataFrame({"debtor_id": ids, "day": then})
    now = rank_as_officer(town.ledger, cases, "veteran", seed=1)
    past = rank_as_officer(town.ledger.as_of(then.date()), cases, "veteran", seed=1)
    same = now.merge(past, on=["debtor_id", "rank"])
    agree = (same["target_code_x"] == same["target_code_y"]).mean()
    assert agree == 1.0


def test_unknown_case_is_refused(town: Town) -> None:
    cases = pd.DataFrame({"debtor_id": ["nobody"], "day": pd.Timestamp(town.ledger.day).as_unit("s")})
    with pytest.raises(KeyError, match="does not know"):
        rank_as_officer(town.ledger, cases, "veteran")
