from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.know_how import (
    RULE_FILE,
    know_how_base,
    know_how_forecast,
    know_how_reasons,
    know_how_scores,
    know_how_weights,
    office_rules,
)
from models.rules import CANDIDATE_COLUMNS, RefusedRulesError, read_rules, rule_book

RAW: dict[str, Any] = tomllib.loads(RULE_FILE.read_text(encoding="utf-8"))


def _frame(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"target_kind": ["bank"], **{name: [cell] for name, cell in columns.items()}})


def test_the_rules_that_come_along_are_sound() -> None:
    book = office_rules()
    assert len(book.active) >= 35
    assert {rule.status for rule in book.rules} == {"active", "draft"}
    assert all(rule.sentence and rule.author for rule in book.rules)


def test_a_draft_adds_nothing() -> None:
    assert "mortgage-lender" not in know_how_weights(_frame(has_housing_loan=1.0)).columns


def test_a_rule_fires_on_its_kind_alone() -> None:
    frame = pd.DataFrame({"target_kind": ["bank", "employer"], "payroll_employer": [1.0, 1.0]})
    assert know_how_reasons(frame).tolist() == [(), ("payroll-employer",)]


def test_a_missing_value_or_column_never_fires() -> None:
    assert know_how_reasons(_frame(is_japan_post=1.0, age=np.nan)).tolist() == [()]
    assert know_how_reasons(_frame(is_japan_post=1.0)).tolist() == [()]
    assert know_how_reasons(_frame(is_japan_post=1.0, age=70.0)).tolist() == [("japan-post-elderly",)]


def test_reasons_come_strongest_first() -> None:
    frame = _frame(is_refund_bank=1.0, is_net_bank=1.0, age=30.0, recent_blank_days=20.0)
    assert know_how_reasons(frame).iloc[0] == ("blank-last-months", "refund-bank", "net-bank-young")


def test_a_recent_blank_outweighs_the_account_seen_before() -> None:
    known = know_how_scores(_frame(is_direct_debit_bank=1.0)).iloc[0]
    assert know_how_scores(_frame(is_direct_debit_bank=1.0, recent_blank_days=30.0)).iloc[0] < known - 2


def test_the_score_is_the_base_plus_the_weights() -> None:
    frame = _frame(is_refund_bank=2.0, colleague_bank_rate=0.5, target_hit_rate=0.2, kind_hit_rate=0.1)
    total = know_how_base(frame) + know_how_weights(frame).sum(axis=1)
    assert know_how_scores(frame).iloc[0] == pytest.approx(total.iloc[0])


def test_the_offices_own_experience_moves_the_base() -> None:
    usual = know_how_base(_frame()).iloc[0]
    assert know_how_base(_frame(kind_hit_rate=0.1, target_hit_rate=0.1)).iloc[0] == pytest.approx(usual)
    assert know_how_base(_frame(kind_hit_rate=0.3, target_hit_rate=0.3)).iloc[0] > usual
    assert know_how_base(_frame(kind_hit_rate=0.1, target_hit_rate=0.05)).iloc[0] < usual


@settings(deadline=None, max_examples=50)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 0.9), st.floats(0.01, 0.9))
def test_more_of_a_good_sign_never_lowers_the_score(
    low: float, more: float, rate: float, better: float
) -> None:
    frame = pd.DataFrame(
        {
            "target_kind": "bank",
            "colleague_bank_rate": [min(low, more), max(low, more)],
            "kind_hit_rate": 0.1,
            "target_hit_rate": [min(rate, better), max(rate, better)],
        }
    )
    worse, good = know_how_scores(frame)
    assert worse <= good


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(["bank", "employer", "real_estate", "own_kind"]), st.floats(0, 1e8), st.floats(0, 1e8))
def test_expected_yen_stay_within_the_arrears_and_grow_with_them(kind: str, some: float, more: float) -> None:
    frame = pd.DataFrame({"target_kind": [kind, kind]})
    less, full = know_how_forecast(frame, [min(some, more), max(some, more)])["expected_yen"]
    assert 0 <= less <= min(some, more)
    assert less <= full + 1e-6


def test_the_order_of_rows_and_the_index_do_not_matter() -> None:
    frame = pd.DataFrame(
        {
            "target_kind": ["bank", "employer", "pension"],
            "payroll_employer": [0, 1, 0],
            "is_refund_bank": [1, 0, 0],
        },
        index=[5, 9, 2],
    )
    turned = frame.iloc[::-1]
    pd.testing.assert_series_equal(know_how_scores(turned).loc[frame.index], know_how_scores(frame))


def test_the_frame_is_left_alone_and_may_be_empty() -> None:
    frame = _frame(slip_days=400.0)
    before = frame.copy()
    know_how_forecast(frame, 1000)
    pd.testing.assert_frame_equal(frame, before)
    assert know_how_forecast(frame.iloc[:0], 1000).empty
    assert know_how_reasons(frame.iloc[:0]).empty


def test_medians_of_the_office_replace_the_defaults() -> None:
    rich = know_how_forecast(_frame(), 1_000_000, medians={"bank": 500_000.0})["expected_yen"].iloc[0]
    assert rich > 2 * know_how_forecast(_frame(), 1_000_000)["expected_yen"].iloc[0]


@pytest.mark.parametrize(
    ("field", "cell", "said"),
    [
        ("weight", "x", "規則 payroll-employer の weight は"),
        ("weight", 99, "規則 payroll-employer の weight は"),
        ("status", "on", "規則 payroll-employer の status は"),
        ("date", "2026", "規則 payroll-employer の date は"),
        ("author", " ", "規則 payroll-employer の author は"),
        ("sentence", "", "規則 payroll-employer の sentence は"),
        ("id", "", "規則 1番目 の id は"),
        ("when", [], "規則 payroll-employer の when は"),
        ("when", ["age ~ 3"], "規則 payroll-employer の when の「age ~ 3」は"),
        ("when", ["nationality == 1"], "規則 payroll-employer の when の列 nationality はありません"),
        ("per", "payday", "規則 payroll-employer の per の列 payday はありません"),
        ("above", "x", "規則 payroll-employer の above は"),
        ("wait", 1, "規則 payroll-employer の wait という項目はありません"),
        ("id", "fee-payer", "規則 fee-payer の id が重なっています"),
    ],
)
def test_a_bad_rule_is_named_with_its_field(field: str, cell: object, said: str) -> None:
    raw = copy.deepcopy(RAW)
    raw["rule"][0][field] = cell
    with pytest.raises(RefusedRulesError, match=said) as refusal:
        rule_book(raw)
    assert len(str(refusal.value).splitlines()) == 1


def test_all_faults_are_named_at_once() -> None:
    raw = copy.deepcopy(RAW)
    raw["rule"][0]["weight"] = None
    raw["rule"][1]["status"] = 1
    raw["kinds"]["bank"]["yen"] = 0
    raw["experience"]["kind"] = 7
    with pytest.raises(RefusedRulesError, match="種別 bank") as refusal:
        rule_book(raw)
    assert len(str(refusal.value).splitlines()) == 4


def test_a_damaged_or_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    with pytest.raises(RefusedRulesError, match=r"rules\.toml を読めません"):
        read_rules(path)
    path.write_text("rule = ", encoding="utf-8")
    with pytest.raises(RefusedRulesError, match=r"rules\.toml を読めません"):
        read_rules(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(RefusedRulesError, match="経験則が1件もありません"):
        read_rules(path)


def test_no_rule_may_ask_about_a_gate_or_a_payday() -> None:
    forbidden = {"welfare", "bankrupt", "deceased", "protected", "payday", "nationality"}
    assert forbidden.isdisjoint(CANDIDATE_COLUMNS)
