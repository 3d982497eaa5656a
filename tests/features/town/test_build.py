from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.ledger.tables import FORBIDDEN, TABLES
from features.town.build import build_town
from features.town.style import STYLES
from features.town.truth import Town, expected_minutes

DEBTORS = 600
OPTIONAL = {"absences", "exclusions"}


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town(STYLES["ward"], DEBTORS, seed=7)


def test_same_arguments_give_the_same_town() -> None:
    one, two = (build_town(STYLES["harbour"], 120, seed=3) for _ in range(2))
    assert one.ledger.fingerprint == two.ledger.fingerprint
    pd.testing.assert_frame_equal(one.truth.assets, two.truth.assets)
    assert one.ledger.fingerprint != build_town(STYLES["harbour"], 120, seed=4).ledger.fingerprint


def test_too_small_a_town_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 50 debtors"):
        build_town(STYLES["ward"], 10, seed=1)


@pytest.mark.parametrize("name", sorted(set(TABLES) - OPTIONAL))
def test_tables_keep_the_contract(town: Town, name: str) -> None:
    table, frame = TABLES[name], town.ledger[name]
    assert len(frame) > 0
    for column in table.columns:
        values = frame[column.name].dropna()
        if column.needed:
            assert len(values) == len(frame), column.name
        if column.allowed:
            assert set(values.astype(str)) <= column.allowed, column.name
        if column.width:
            assert (values.str.len() == column.width).all(), column.name
        if column.low is not None:
            assert (values.astype(float) >= column.low).all(), column.name
        if column.high is not None:
            assert (values.astype(float) <= column.high).all(), column.name
    if table.key:
        assert not frame.duplicated(list(table.key)).any()


def test_nothing_is_forbidden_or_a_hidden_truth(town: Town) -> None:
    columns = {column for frame in town.ledger.frames.values() for column in frame.columns}
    hidden = {
        "livelihood",
        "hardship",
        "means_of_life",
        "talent",
        "speed",
        "skill",
        "seat",
        "weight",
        "value",
        "no_property",
    }
    assert not columns & hidden
    assert not columns & {word for words in FORBIDDEN.values() for word in words}
    assert columns <= {column.name for table in TABLES.values() for column in table.columns}


def test_keys_lead_somewhere(town: Town) -> None:
    ledger = town.ledger
    debtors, staff = set(ledger["debtors"]["debtor_id"]), set(ledger["staff"]["staff_id"])
    for name in ("incomes", "debts", "contacts", "inquiries", "dispositions", "stays", "assignments"):
        assert set(ledger[name]["debtor_id"]) <= debtors, name
    for name in ("contacts", "inquiries", "assignments"):
        assert set(ledger[name]["staff_id"]) <= staff, name
    assert set(ledger["payments"]["debt_id"]) <= set(ledger["debts"]["debt_id"])
    assert set(ledger["replies"]["inquiry_id"]) <= set(ledger["inquiries"]["inquiry_id"])
    assert not ledger["replies"]["inquiry_id"].duplicated().any()
    known = set(zip(ledger["targets"]["target_kind"], ledger["targets"]["target_code"], strict=True))
    for name in ("inquiries", "dispositions"):
        assert set(zip(ledger[name]["target_kind"], ledger[name]["target_code"], strict=True)) <= known
    assert set(zip(town.truth.assets["target_kind"], town.truth.assets["target_code"], strict=True)) <= known


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("debts", "demanded_on"), ("debts", "closed_on"), ("payments", "paid_on"),
        ("contacts", "contacted_on"),
        ("inquiries", "requested_on"), ("replies", "replied_on"), ("dispositions", "disposed_on"),
        ("stays", "started_on"), ("assignments", "started_on"), ("assignments", "ended_on"),
        ("staff", "joined_on"), ("debtors", "moved_in_on"), ("debtors", "moved_out_on"),
    ],
)  # fmt: skip
def test_nothing_is_dated_after_the_day(town: Town, table: str, column: str) -> None:
    assert not (town.ledger[table][column] > pd.Timestamp(date(2026, 4, 1))).any()


def test_money_adds_up(town: Town) -> None:
    debts, payments = town.ledger["debts"], town.ledger["payments"]
    paid = payments.groupby("debt_id")["amount"].sum().reindex(debts["debt_id"], fill_value=0).to_numpy(float)
    principal = debts["principal"].to_numpy(float)
    assert (paid <= principal).all()
    full = (debts["closed_by"] == "完納").to_numpy(bool)
    assert np.array_equal(full, paid >= principal)


def test_seizure_follows_the_demand_letter_by_ten_days(town: Town) -> None:
    # local tax act 331: seizure only when 10 days have passed since the demand letter was sent
    first = town.ledger["dispositions"].groupby("debtor_id")["disposed_on"].min()
    demanded = town.ledger["debts"].groupby("debtor_id")["demanded_on"].min().reindex(first.index)
    assert ((first - demanded).dt.days > 10).all()


def test_replies_follow_their_inquiry(town: Town) -> None:
    both = town.ledger["inquiries"].merge(town.ledger["replies"], on="inquiry_id")
    delay = (both["replied_on"] - both["requested_on"]).dt.days
    assert (delay >= 1).all()
    # field.md: paper replies 1 to 2 weeks (up to 2 months), electronic a few days
    assert 7 <= delay[both["means"] == "1"].median() <= 16
    assert delay[both["means"] == "2"].median() <= 6


def test_expected_minutes_differ_by_case_and_officer(town: Town) -> None:
    debtors = town.ledger["debtors"]["debtor_id"].head(30).tolist()
    staff = town.truth.officers["staff_id"].head(2).tolist()
    first = expected_minutes(town, debtors, [staff[0]] * 30)
    second = expected_minutes(town, debtors, [staff[1]] * 30)
    assert first.shape == (30,)
    assert (first > 0).all()
    assert np.unique(np.round(first / second, 6)).size > 1  # specialities: no officer is better by one factor
    with pytest.raises(KeyError, match="does not know"):
        expected_minutes(town, ["nobody"], [staff[0]])


def test_hardship_means_less_property(town: Town) -> None:
    worth = town.truth.assets.groupby("debtor_id")["value"].sum()
    hard = town.truth.hardship.set_index("debtor_id")["hardship"]
    total = worth.reindex(hard.index, fill_value=0)
    assert total[hard == 1].median() < total[hard == 0].median()
    assert town.truth.hardship["kind"].ne("none").eq(town.truth.hardship["hardship"] == 1).all()
