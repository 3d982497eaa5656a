from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from features.arrears import arrears_of
from features.contacts import CONTACTS_FEATURES, HARDSHIP, HARDSHIP_FEATURES
from features.ledger.snapshot import Ledger, Municipality, ledger_of
from features.ledger.tables import DTYPES, FORBIDDEN, OPT_INS, TABLES
from features.profile import PROFILE_FEATURES, build_profiles

DAY = date(2026, 4, 1)
FIRST = date(2021, 1, 1)


def town(frames: dict[str, list[dict[str, Any]]], opt_in: frozenset[str] = OPT_INS) -> Ledger:
    tables = {name: pd.DataFrame(rows) for name, rows in frames.items()}
    return ledger_of(Municipality("132080", "試験市", DAY, opt_in), tables)


def cases_of(*pairs: tuple[str, date]) -> pd.DataFrame:
    frame = pd.DataFrame(pairs, columns=["debtor_id", "day"])
    return frame.astype({"debtor_id": "str", "day": "datetime64[s]"})


def debt(number: int, debtor: str, due: date, principal: int, **more: object) -> dict[str, Any]:
    row = {"debt_id": str(number), "debtor_id": debtor, "tax_item": "01", "fiscal_year": due.year}
    return {**row, "due_on": due, "principal": principal, **more}


ONE = {
    "debtors": [{"debtor_id": "a", "entity": "1", "birth_year": 1980, "household_size": 2, "dependents": 1,
                 "postcode3": "176", "moved_in_on": date(2025, 4, 1), "former_prefecture": "27",
                 "mail_returned": 0, "phone_known": 1, "vehicles": 1}],
    "debts": [
        debt(1, "a", date(2025, 7, 1), 50_000, demanded_on=date(2025, 7, 20), prescribes_on=date(2030, 7, 1)),
        debt(2, "a", date(2025, 9, 1), 20_000, prescribes_on=date(2026, 3, 1), tax_item="02"),
        debt(3, "a", date(2024, 9, 1), 10_000, closed_on=date(2025, 12, 1), closed_by="完納"),
    ],
    "payments": [
        {"payment_id": "1", "debt_id": "1", "paid_on": date(2026, 3, 2), "amount": 20_000, "channel": "2"},
        {"payment_id": "2", "debt_id": "3", "paid_on": date(2025, 12, 1), "amount": 10_000, "channel": "1"},
    ],
    "incomes": [
        {"debtor_id": "a", "tax_year": 2024, "salary": 3_000_000, "employer_id": "E1", "filed": 0},
        {"debtor_id": "a", "tax_year": 2025, "salary": 2_000_000, "employer_id": "E2", "filed": 1,
         "life_insurance_deduction": 40_000},
    ],
    "contacts": [
        {"contact_id": "1", "debtor_id": "a", "contacted_on": date(2026, 1, 10), "means": "1", "result": "2",
         "staff_id": "T1", "promised_on": date(2026, 2, 20), "promised_amount": 30_000, "note": "分納希望。"},
        {"contact_id": "2", "debtor_id": "a", "contacted_on": date(2026, 3, 2), "means": "2", "result": "6",
         "staff_id": "T2", "note": "失業し生活が苦しいとのこと。"},
        {"contact_id": "3", "debtor_id": "a", "contacted_on": date(2026, 3, 10), "means": "2", "result": "6",
         "staff_id": "T2", "promised_on": date(2026, 3, 12), "promised_amount": 30_000,
         "note": "転職し土支田介護に勤務中とのこと。"},
    ],
}  # fmt: skip


def test_a_case_worked_by_hand() -> None:
    row = build_profiles(town(ONE), cases_of(("a", DAY))).loc[0]
    expected = {
        "arrears": 50_000,
        "open_debts": 2,
        "arrears_resident_tax": 30_000,
        "arrears_health_insurance": 20_000,
        "arrears_prescribed": 20_000,
        "largest_debt_share": 0.6,
        "oldest_due_days": (DAY - date(2025, 7, 1)).days,
        "prescription_days": (date(2030, 7, 1) - DAY).days,
        "demanded_share": 0.5,
        "arrears_growth": 40_000,
        "debts_paid_off": 1,
        "partial_payments": 1,
        "payment_mean": 15_000,
        "days_since_payment": 30,
        "payments_store": 1,
        "payments_direct_debit": 1,
        "salary": 2_000_000,
        "salary_before": 3_000_000,
        "income_change": -1_000_000,
        "slip_is_current": 1,
        "employer_changed": 1,
        "employers": 2,
        "employer_years": 1,
        "insurance_deduction": 40_000,
        "contacts": 3,
        "contacts_means_2": 2,
        "promises": 2,
        "promises_broken": 1,
        "promises_kept_share": 0.5,
        "hardship_statements": 1,
        "days_since_hardship": 30,
        "age": 46,
        "moved_in_days": 365,
        "from_other_prefecture": 1,
        "moved_out": 0,
        "phone_known": 1,
    }
    assert row[list(expected)].to_dict() == pytest.approx(expected)


def test_an_earlier_day_sees_less() -> None:
    row = build_profiles(town(ONE), cases_of(("a", date(2025, 3, 1)))).loc[0]
    assert (row["arrears"], row["salary"], row["contacts"]) == (10_000, 3_000_000, 0)
    assert np.isnan(row["moved_in_days"])
    assert np.isnan(row["salary_before"])
    assert row["from_other_prefecture"] == 0


def test_a_slip_is_known_from_the_first_of_june() -> None:
    days = cases_of(("a", date(2025, 5, 31)), ("a", date(2025, 6, 1)))
    profiles = build_profiles(town(ONE), days)
    assert profiles["salary"].tolist() == [3_000_000, 2_000_000]
    assert profiles["slip_age_years"].tolist() == [0, 0]


def test_groups_not_opted_in_are_missing() -> None:
    profiles = build_profiles(town(ONE, frozenset({"area"})), cases_of(("a", DAY)))
    assert profiles[["age", "household_size", "dependents"]].isna().all().all()
    assert profiles["area_known"].tolist() == [1]


def test_a_debtor_without_records_and_an_empty_list_of_cases() -> None:
    row = build_profiles(town(ONE), cases_of(("nobody", DAY))).loc[0]
    assert row["arrears"] == 0
    assert np.isnan(row["salary"])
    assert len(build_profiles(town(ONE), cases_of())) == 0


def test_arrears_alone_are_those_of_the_profile() -> None:
    cases = cases_of(("a", DAY), ("a", date(2025, 8, 1)))
    assert arrears_of(town(ONE), cases).tolist() == build_profiles(town(ONE), cases)["arrears"].tolist()


def test_names_are_unique_and_gates_and_forbidden_things_are_no_features() -> None:
    names = [feature.name for feature in PROFILE_FEATURES]
    assert len(names) == len(set(names))
    banned = {"welfare", "protected", "bankrupt", "deceased"}.union(*FORBIDDEN.values())
    assert not banned & set(names)
    assert set(HARDSHIP_FEATURES) <= {feature.name for feature in CONTACTS_FEATURES}
    assert all(f.label and f.sentence and f.record in TABLES for f in PROFILE_FEATURES)


@pytest.mark.parametrize(
    ("note", "stated"),
    [
        ("入院中、収入なし。", True),
        ("福祉相談を案内。", True),
        ("土支田介護に勤務中", False),
        ("春風福祉会に勤務", False),
    ],
)
def test_hardship_words_are_not_employer_names(note: str, stated: bool) -> None:
    assert bool(HARDSHIP.search(note)) is stated


days = st.dates(FIRST, date(2026, 3, 31))
maybe_day = st.none() | days
yen = st.integers(0, 500_000)
who = st.sampled_from(["a", "b"])
debts = st.lists(
    st.fixed_dictionaries(
        {"debtor_id": who, "due_on": days, "principal": yen, "tax_item": st.sampled_from(["01", "02"]),
         "demanded_on": maybe_day, "prescribes_on": maybe_day, "closed_on": maybe_day,
         "closed_by": st.sampled_from(["完納", "時効"])}
    ), max_size=6)  # fmt: skip
payments = st.lists(
    st.fixed_dictionaries(
        {"debt_id": st.sampled_from("012345"), "paid_on": days, "amount": yen,
         "channel": st.sampled_from("12345")}
    ), max_size=6)  # fmt: skip
contacts = st.lists(
    st.fixed_dictionaries(
        {"debtor_id": who, "contacted_on": days, "means": st.sampled_from("12345"), "promised_on": maybe_day,
         "result": st.sampled_from("123456"), "promised_amount": st.none() | yen,
         "note": st.sampled_from(["不在。", "失業し生活が苦しいとのこと。"])}
    ), max_size=6)  # fmt: skip
incomes = st.lists(
    st.fixed_dictionaries(
        {"debtor_id": who, "tax_year": st.integers(2021, 2025), "salary": st.none() | yen,
         "employer_id": st.none() | st.sampled_from(["E1", "E2"]), "filed": st.integers(0, 1)}
    ), max_size=6, unique_by=lambda row: (row["debtor_id"], row["tax_year"]))  # fmt: skip
debtors = st.fixed_dictionaries(
    {"entity": st.sampled_from("12"), "moved_in_on": maybe_day, "moved_out_on": maybe_day,
     "former_prefecture": st.sampled_from(["13", "27"])}
)  # fmt: skip


@st.composite
def towns(draw: st.DrawFn) -> Ledger:
    rows = {"debts": draw(debts), "payments": draw(payments), "contacts": draw(contacts)}
    keys = {"debts": "debt_id", "payments": "payment_id", "contacts": "contact_id"}
    frames = {
        name: [{**row, keys[name]: str(number)} for number, row in enumerate(found)]
        for name, found in rows.items()
    }
    people = [{**draw(debtors), "debtor_id": name} for name in "ab"]
    return town({**frames, "incomes": draw(incomes), "debtors": people})


def shuffled(ledger: Ledger, seed: int) -> Ledger:
    frames = {name: frame.sample(frac=1.0, random_state=seed) for name, frame in ledger.frames.items()}
    return ledger_of(ledger.municipality, frames)


@settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(towns(), days, st.integers(0, 9))
def test_later_facts_and_row_order_never_change_a_row(ledger: Ledger, day: date, seed: int) -> None:
    cases = cases_of(("a", day), ("b", day), ("a", DAY), ("a", day + timedelta(days=1)))
    profiles = build_profiles(ledger, cases)
    known = build_profiles(ledger.as_of(day), cases.iloc[:2])
    pd.testing.assert_frame_equal(profiles.iloc[:2], known)
    pd.testing.assert_frame_equal(profiles, build_profiles(shuffled(ledger, seed), cases))
    backwards = build_profiles(ledger, cases.iloc[::-1].reset_index(drop=True))
    pd.testing.assert_frame_equal(profiles, backwards.iloc[::-1].reset_index(drop=True))
    assert (profiles["arrears"] >= 0).all()
    assert set(profiles.dtypes) == {np.dtype("float64")}


def test_every_column_of_the_contract_used_here_has_its_dtype() -> None:
    assert {str(dtype) for dtype in town(ONE)["debts"].dtypes} <= set(DTYPES.values())
