"""The contract of ``tegakari recommend`` and ``tegakari match``: what the files hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from features.law import first_gate, open_cases, restricted
from features.law import routed as kept_back
from features.ledger.intake import read_folder
from features.ledger.snapshot import Ledger, ledger_of
from models.adviser import Adviser
from models.matching import COLUMNS as MATCH_COLUMNS
from models.restriction import ADDRESS_WORDS
from serving.office.champion import champion
from serving.office.outlook import Counsel
from serving.terminal import commands
from serving.terminal.recommendations import COLUMNS, HARDSHIP_COLUMNS, ROUTED_COLUMNS
from serving.terminal.table_file import hardship_file, routed_file

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
Learnt = Any


@pytest.fixture(scope="module")
def ledger(learnt: Learnt) -> Ledger:
    return read_folder(learnt.folder).ledger


@pytest.fixture(scope="module")
def ranked(learnt: Learnt) -> pd.DataFrame:
    return pd.read_csv(
        learnt.recommended, dtype={"debtor_id": str, "target_code": str}, keep_default_na=False
    )


@pytest.fixture(scope="module")
def routed(learnt: Learnt) -> pd.DataFrame:
    return pd.read_csv(routed_file(learnt.recommended), dtype=str, keep_default_na=False)


def test_the_columns_are_those_of_the_contract(ranked: pd.DataFrame, routed: pd.DataFrame) -> None:
    assert list(ranked) == list(COLUMNS)
    assert list(routed) == list(ROUTED_COLUMNS)


def test_every_open_case_is_in_exactly_one_of_the_two(
    ledger: Ledger, ranked: pd.DataFrame, routed: pd.DataFrame
) -> None:
    every = set(open_cases(ledger, ledger.day)["debtor_id"])
    told, kept_back = set(ranked["debtor_id"]), set(routed["debtor_id"])
    assert told | kept_back == every
    assert told & kept_back == set()
    assert not routed["debtor_id"].duplicated().any()


def test_a_routed_case_names_its_first_gate(ledger: Ledger, routed: pd.DataFrame) -> None:
    gates = first_gate(ledger, open_cases(ledger, ledger.day)).set_index("debtor_id")
    assert len(routed) > 0
    assert routed.set_index("debtor_id")["gate"].to_dict() == gates["gate"].to_dict()
    assert (routed["article"] != "").all()


def test_ranks_are_whole_and_expected_yen_never_rises(ranked: pd.DataFrame) -> None:
    for _, case in ranked.groupby("debtor_id", sort=False):
        assert case["rank"].tolist() == list(range(1, len(case) + 1))
        assert (case["expected_yen"].diff().dropna() <= 0).all()
    assert not ranked.duplicated(["debtor_id", "target_kind", "target_code"]).any()


def test_ten_rows_where_ten_candidates_exist(learnt: Learnt, ledger: Ledger, ranked: pd.DataFrame) -> None:
    adviser = Adviser(champion(learnt.settings), ledger)
    ids = ranked["debtor_id"].drop_duplicates().tolist()
    pairs = adviser.rank(adviser.cases_of(ids), top=10).matrix.pairs
    candidates = pd.Series(pairs.case).value_counts().reindex(range(len(ids)), fill_value=0)
    rows = ranked.groupby("debtor_id", sort=False).size()
    assert rows.tolist() == candidates.clip(upper=10).tolist()
    assert (rows == 10).mean() > 0.9


def test_flags_and_figures(ledger: Ledger, ranked: pd.DataFrame) -> None:
    cases = open_cases(ledger, ledger.day)
    protected = set(cases.loc[restricted(ledger, cases), "debtor_id"])
    assert set(ranked["in_plan"]) <= {0, 1}
    assert (ranked["restricted"] == ranked["debtor_id"].isin(protected).astype(int)).all()
    assert protected
    said = ranked.loc[ranked["restricted"] == 1, "reasons"]
    assert not said.str.contains("|".join(ADDRESS_WORDS)).any()
    assert ranked["probability"].between(0, 1).all()
    assert (ranked["expected_yen"] >= 0).all()


def test_reasons_are_japanese_sentences(ranked: pd.DataFrame) -> None:
    assert ranked["reasons"].map(lambda text: bool(JAPANESE.search(text))).all()
    assert ranked["reasons"].str.endswith("。").all()
    assert not ranked["reasons"].str.contains("nan|None|_|{", regex=True).any()


def test_fewer_targets_are_the_first_of_more(learnt: Learnt, ranked: pd.DataFrame, tmp_path: Path) -> None:
    chosen = ranked["debtor_id"].drop_duplicates().tolist()[5:2:-1]
    (tmp_path / "cases.csv").write_text("宛名番号,memo\n" + "".join(f"{each},x\n" for each in chosen))
    out = tmp_path / "few.csv"
    commands.recommend_folder(learnt.settings, learnt.folder, out, 3, tmp_path / "cases.csv")
    few = pd.read_csv(out, dtype={"debtor_id": str, "target_code": str}, keep_default_na=False)
    assert few["debtor_id"].drop_duplicates().tolist() == chosen
    columns = ["debtor_id", "rank", "target_kind", "target_code"]
    first = ranked[ranked["debtor_id"].isin(chosen) & (ranked["rank"] <= 3)]
    assert set(map(tuple, few[columns].to_numpy())) == set(map(tuple, first[columns].to_numpy()))
    assert len(pd.read_csv(routed_file(out))) == 0


def test_the_outlook_agrees_with_the_advice(learnt: Learnt, ledger: Ledger) -> None:
    counsel = Counsel(Adviser(champion(learnt.settings), ledger))
    ids = open_cases(ledger, ledger.day)["debtor_id"].tolist()[:40]
    for outlook, advice in zip(counsel.outlook(ids), counsel.advise(ids), strict=True):
        assert (outlook.debtor_id, outlook.arrears) == (advice.debtor_id, advice.arrears)
        assert (outlook.routed, outlook.restricted) == (advice.routed, advice.restricted)
        assert outlook.gates == tuple(gate.gate for gate in advice.gates)
        assert outlook.expected_yen == pytest.approx(advice.planned_yen, abs=1)  # a product's last digit
        assert outlook.expected_yen <= advice.arrears
        if advice.targets:
            assert outlook.top_name == advice.targets[0].target_name
            assert outlook.probability == pytest.approx(advice.targets[0].probability)


def test_the_matching_gives_every_ranked_case_an_officer(
    learnt: Learnt, ledger: Ledger, ranked: pd.DataFrame
) -> None:
    table = pd.read_csv(learnt.matched, dtype={"debtor_id": str, "staff_id": str})
    assert list(table) == list(MATCH_COLUMNS)
    assert not table["debtor_id"].duplicated().any()
    assert set(table["debtor_id"]) == set(ranked["debtor_id"])
    assert set(table["staff_id"]) <= set(ledger["staff"]["staff_id"])
    assert (table["expected_minutes"] > 0).all()
    assert table["reasons"].map(lambda text: bool(JAPANESE.search(text))).all()


def test_the_same_records_give_the_same_files(learnt: Learnt, tmp_path: Path) -> None:
    commands.recommend_folder(learnt.settings, learnt.folder, tmp_path / "again.csv", 10, None)
    assert (tmp_path / "again.csv").read_bytes() == learnt.recommended.read_bytes()


def test_every_case_that_is_not_routed_has_a_finding(
    learnt: Learnt, ledger: Ledger, routed: pd.DataFrame
) -> None:
    found = pd.read_csv(hardship_file(learnt.recommended), dtype={"debtor_id": str}, keep_default_na=False)
    assert list(found.columns) == list(HARDSHIP_COLUMNS)
    cases = open_cases(ledger, ledger.day)["debtor_id"]
    assert set(found["debtor_id"]) == set(cases) - set(routed["debtor_id"])
    assert found["probability"].between(0, 1).all()
    assert found["probability"].is_monotonic_decreasing
    assert (found["blank"] <= found["asked"]).all()


def test_a_case_that_is_paid_but_still_open_has_an_outlook_of_nothing(learnt: Learnt, ledger: Ledger) -> None:
    cases = open_cases(ledger, ledger.day)
    debtor = str(cases.loc[~kept_back(ledger, cases), "debtor_id"].iloc[0])
    debts = ledger["debts"]
    due = debts[(debts["debtor_id"] == debtor) & debts["closed_on"].isna()]
    paid = pd.DataFrame(
        {
            "payment_id": "paid-" + due["debt_id"],
            "debt_id": due["debt_id"],
            "paid_on": pd.Series(pd.Timestamp(ledger.day), due.index, "datetime64[s]"),
            "amount": due["principal"],
        }
    )
    frames = {**ledger.frames, "payments": pd.concat([ledger["payments"], paid], ignore_index=True)}
    (told,) = Counsel(Adviser(champion(learnt.settings), ledger_of(ledger.municipality, frames))).outlook(
        [debtor]
    )
    assert (told.arrears, told.expected_yen) == (0, 0)
