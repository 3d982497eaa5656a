from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pytest

from features.ledger.snapshot import Ledger, Municipality, ledger_of
from training import truth
from training.contestants import RANKERS
from training.floors import Floor
from training.truth import Plan, held_out, main, proof, table, town_scores

DAY = date(2026, 4, 1)


@dataclass(frozen=True)
class Known:
    assets: pd.DataFrame


@dataclass(frozen=True)
class StandIn:
    ledger: Ledger
    truth: Known


def town() -> StandIn:
    """Four owe 50,000 yen: a and b are held out, c was asked about, d is on welfare; e owes nothing."""
    names = ["a", "b", "c", "d", "e"]
    debtors = pd.DataFrame({"debtor_id": names, "entity": "1", "welfare": [0, 0, 0, 1, 0], "deceased": 0})
    debts = pd.DataFrame(
        {
            "debt_id": [f"t{name}" for name in names],
            "debtor_id": names,
            "tax_item": "01",
            "due_on": pd.Timestamp("2025-06-30"),
            "demanded_on": pd.Timestamp("2025-07-15"),
            "prescribes_on": pd.Timestamp("2030-07-16"),
            "principal": 50_000,
            "closed_on": [None] * 4 + [pd.Timestamp("2026-01-01")],
        }
    )
    inquiries = pd.DataFrame(
        {"inquiry_id": ["1"], "debtor_id": ["c"], "target_kind": "bank", "target_code": "0001",
         "requested_on": pd.Timestamp("2026-01-05")}
    )  # fmt: skip
    frames = {"debtors": debtors, "debts": debts, "inquiries": inquiries}
    assets = pd.DataFrame({"debtor_id": names, "target_kind": "bank", "target_code": "0005", "value": 30_000})
    return StandIn(ledger_of(Municipality("999999", "町", DAY), frames), Known(assets))


def asks(ledger: Ledger, debtor_ids: Sequence[str], codes: tuple[str, ...]) -> pd.DataFrame:
    rows = [(debtor, place + 1, "bank", code) for debtor in debtor_ids for place, code in enumerate(codes)]
    return pd.DataFrame(rows, columns=["debtor_id", "rank", "target_kind", "target_code"])


def good(ledger: Ledger, debtor_ids: Sequence[str]) -> pd.DataFrame:
    return asks(ledger, debtor_ids, ("0005", "0001"))


def poor(ledger: Ledger, debtor_ids: Sequence[str]) -> pd.DataFrame:
    return asks(ledger, debtor_ids, ("0001", "0005"))


def test_open_cases_never_asked_and_not_routed_are_held_out() -> None:
    found = held_out(town().ledger)
    assert found.to_dict() == {"a": 50_000, "b": 50_000}


def test_scores_of_a_town_are_those_of_its_held_out_cases() -> None:
    found = town_scores(town(), {"good": good, "poor": poor}).set_index(["ranking", "metric"])  # type: ignore[arg-type]
    assert found.loc[("good", "hit_at_1"), "mean"] == 1
    assert found.loc[("poor", "hit_at_1"), "mean"] == 0
    assert found.loc[("good", "cover_at_5"), "mean"] == pytest.approx(0.6)
    assert (found["cases"] == 2).all()


def test_what_forecasts_is_judged_on_all_that_it_shows() -> None:
    def sure(ledger: Ledger, debtor_ids: Sequence[str]) -> pd.DataFrame:
        return good(ledger, debtor_ids).assign(probability=[0.9, 0.1] * len(debtor_ids))

    found = town_scores(town(), {"sure": sure}).set_index(["ranking", "metric"])["mean"]  # type: ignore[arg-type]
    assert found["sure", "calibration_error"] == pytest.approx(0.1)
    assert found["sure", "resolution"] == pytest.approx(0.25)


def test_the_proof_stacks_towns_in_order_and_the_table_says_whether_floors_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(truth, "build_town", lambda style, debtors, seed: town())
    plan = Plan({"ranker": good, "know_how": poor}, ("ward",), (0, 1, 2), 100, processes=1)
    scores = proof(plan)
    assert scores[["style", "seed"]].drop_duplicates()["seed"].tolist() == [0, 1, 2]
    text, held = table(scores, (Floor("ranker", "know_how", "hit_at_1", "difference", 0.0),))
    assert held
    assert "ok   ward         hit_at_1          ranker  - know_how" in text
    text, held = table(scores, (Floor("know_how", "ranker", "hit_at_1", "difference", 0.0),))
    assert not held
    assert text.splitlines()[-1].startswith("FAIL")
    text, held = table(scores, (Floor("know_how", "ranker", "hit_at_1", "ratio", 1.0, binding=False),))
    assert held
    assert text.splitlines()[-1].startswith("aim ")


def test_an_unknown_style_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--styles", "moon"]) == 1
    assert "様式 moon はありません" in capsys.readouterr().err


@pytest.mark.slow
def test_officers_of_a_real_small_town_are_ranked_by_their_skill() -> None:
    scores = proof(Plan(dict(RANKERS), ("ward",), (0,), 1500, processes=1))
    means = scores.set_index(["ranking", "metric"])["mean"]
    assert means["novice", "hit_at_5"] < means["average", "hit_at_5"] < means["veteran", "hit_at_5"]
