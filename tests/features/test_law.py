from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import features
from features.exempt import expected_seizable_wage_month, late_charge_of_2026, living_amount, seizable_wage
from features.law import (
    GATES,
    RULES,
    collectable_arrears,
    first_gate,
    gates_of,
    open_cases,
    restricted,
    routed,
)
from features.ledger.snapshot import Ledger, Municipality, ledger_of

DAY = date(2026, 4, 1)
Rows = Mapping[str, object]
YEN = st.integers(0, 3_000_000)


def _ledger(debtors: Sequence[Rows], debts: Sequence[Rows], **tables: Sequence[Rows]) -> Ledger:
    people = [{"entity": "1", **row} for row in debtors]
    owed = [
        {"debt_id": str(n), "tax_item": "01", "principal": 1000, "demanded_on": "2025-08-01", **row}
        for n, row in enumerate(debts)
    ]
    frames = {"debtors": pd.DataFrame(people), "debts": pd.DataFrame(owed)}
    frames |= {name: pd.DataFrame(rows) for name, rows in tables.items()}
    for frame in frames.values():
        for column in [c for c in frame.columns if c.endswith("_on")]:
            frame[column] = pd.to_datetime(frame[column])
    return ledger_of(Municipality("130000", "試験市", DAY), frames)


def _owed(debtor: str = "a", **cells: object) -> dict[str, object]:
    return {"debtor_id": debtor, "due_on": "2025-07-01", "prescribes_on": "2030-07-01", **cells}


def _gates(ledger: Ledger) -> set[str]:
    return set(gates_of(ledger, open_cases(ledger, DAY))["gate"])


def test_a_case_is_open_while_a_due_debt_is() -> None:
    ledger = _ledger(
        [{"debtor_id": d} for d in "abcd"],
        [
            _owed("b"),
            _owed("a", closed_on="2026-04-01"),
            _owed("c", due_on="2026-04-02"),
            _owed("d", due_on="2026-04-01"),
        ],
    )
    assert open_cases(ledger, DAY)["debtor_id"].tolist() == ["b", "d"]
    assert open_cases(ledger, date(2026, 3, 31))["debtor_id"].tolist() == ["a", "b"]


@pytest.mark.parametrize("flag", ["welfare", "bankrupt", "deceased"])
def test_a_flag_routes(flag: str) -> None:
    ledger = _ledger([{"debtor_id": "a", flag: 1}, {"debtor_id": "b", flag: 0}], [_owed("a"), _owed("b")])
    cases = open_cases(ledger, DAY)
    assert routed(ledger, cases).tolist() == [True, False]
    assert first_gate(ledger, cases)["gate"].tolist() == [flag]


def test_a_protected_case_is_ranked_but_restricted() -> None:
    ledger = _ledger([{"debtor_id": "a", "protected": 1}], [_owed()])
    cases = open_cases(ledger, DAY)
    assert not routed(ledger, cases).any()
    assert restricted(ledger, cases).all()


@pytest.mark.parametrize(
    ("started", "ended", "stops"),
    [
        ("2026-04-01", None, True),
        ("2026-04-02", None, False),
        ("2025-04-01", "2026-04-01", False),
        ("2025-04-01", "2026-04-02", True),
    ],
)
@pytest.mark.parametrize("kind", ["instalment", "deferral", "suspension"])
def test_a_stay_routes_while_in_force(kind: str, started: str, ended: str | None, stops: bool) -> None:
    stay = {"debtor_id": "a", "kind": kind, "started_on": started, "ended_on": ended}
    ledger = _ledger([{"debtor_id": "a"}], [_owed()], stays=[stay])
    assert (kind in _gates(ledger)) is stops


def test_a_case_is_prescribed_only_when_every_debt_is() -> None:
    lapsed, live = _owed(prescribes_on="2026-04-01"), _owed(prescribes_on="2026-04-02")
    assert "prescribed" in _gates(_ledger([{"debtor_id": "a"}], [lapsed, lapsed]))
    mixed = _ledger([{"debtor_id": "a"}], [lapsed, live])
    assert _gates(mixed) == {"part_prescribed", "near_prescription"}
    unknown = _ledger([{"debtor_id": "a"}], [lapsed, _owed(prescribes_on=None)])
    assert "prescribed" not in _gates(unknown)


def test_a_debt_that_is_paid_but_not_closed_keeps_no_prescribed_case_alive() -> None:
    paid = [{"payment_id": "1", "debt_id": "1", "paid_on": "2026-03-01", "amount": 10**9}]
    debts = [_owed(prescribes_on="2026-04-01"), _owed(prescribes_on="2028-04-01")]
    assert "prescribed" in _gates(_ledger([{"debtor_id": "a"}], debts, payments=paid))
    assert "prescribed" not in _gates(_ledger([{"debtor_id": "a"}], debts))


@pytest.mark.parametrize(
    ("sent", "gate"), [(None, "no_demand"), ("2026-03-22", "fresh_demand"), ("2026-03-21", None)]
)
def test_no_seizure_without_a_demand_ten_days_old(sent: str | None, gate: str | None) -> None:
    ledger = _ledger([{"debtor_id": "a"}], [_owed(demanded_on=sent)])
    assert _gates(ledger) == ({gate} if gate else set())


def test_a_later_demand_is_not_known_on_an_earlier_day() -> None:
    ledger = _ledger([{"debtor_id": "a"}], [_owed(demanded_on="2026-03-01")])
    cases = open_cases(ledger, date(2026, 2, 1))
    assert gates_of(ledger, cases)["gate"].tolist() == ["no_demand"]


def test_one_row_a_routed_case_by_precedence() -> None:
    stays = [{"debtor_id": "a", "kind": "instalment", "started_on": "2026-01-01"}] * 2
    ledger = _ledger([{"debtor_id": "a", "welfare": 1, "deceased": 1}], [_owed()], stays=stays)
    cases = open_cases(ledger, DAY)
    assert gates_of(ledger, cases)["gate"].tolist() == ["deceased", "welfare", "instalment"]
    assert first_gate(ledger, cases)["gate"].tolist() == ["deceased"]
    assert first_gate(ledger, cases)["article"].tolist() == [GATES[0].article]


def test_a_debtor_without_a_row_is_a_case_with_a_warning() -> None:
    ledger = _ledger([{"debtor_id": "b"}], [_owed("a"), _owed("b")])
    cases = open_cases(ledger, DAY)
    assert gates_of(ledger, cases)[["debtor_id", "gate"]].values.tolist() == [["a", "unrecorded"]]


def test_gates_keep_the_index_of_the_cases() -> None:
    ledger = _ledger([{"debtor_id": "a"}, {"debtor_id": "b", "welfare": 1}], [_owed("a"), _owed("b")])
    cases = open_cases(ledger, DAY).set_axis([7, 3])
    assert gates_of(ledger, cases)[["case", "debtor_id"]].values.tolist() == [[3, "b"]]
    assert routed(ledger, cases).to_dict() == {7: False, 3: True}


def test_collectable_arrears_leave_out_what_is_prescribed() -> None:
    payments = [
        {"payment_id": "1", "debt_id": "0", "paid_on": "2026-03-01", "amount": 300},
        {"payment_id": "2", "debt_id": "0", "paid_on": "2026-03-02", "amount": 100},
        {"payment_id": "3", "debt_id": "2", "paid_on": "2026-03-02", "amount": 9999},
    ]
    ledger = _ledger(
        [{"debtor_id": "a"}], [_owed(), _owed(prescribes_on="2026-01-01"), _owed()], payments=payments
    )
    assert collectable_arrears(ledger, open_cases(ledger, DAY)).tolist() == [600]
    assert collectable_arrears(ledger, open_cases(ledger, date(2026, 3, 1))).tolist() == [1700]


def test_a_later_fact_changes_no_gate() -> None:
    early = date(2025, 12, 1)
    stays = [{"debtor_id": "a", "kind": "deferral", "started_on": "2025-11-01", "ended_on": "2026-03-01"}]
    ledger = _ledger([{"debtor_id": "a"}], [_owed(), _owed(due_on="2026-01-05")], stays=stays)
    cases = open_cases(ledger, early)
    pd.testing.assert_frame_equal(gates_of(ledger, cases), gates_of(ledger.as_of(early), cases))
    assert gates_of(ledger, cases)["gate"].tolist() == ["deferral"]


def test_no_cases_no_gates() -> None:
    ledger = _ledger([{"debtor_id": "a"}], [_owed(closed_on="2025-08-01")])
    cases = open_cases(ledger, DAY)
    assert cases.empty
    assert gates_of(ledger, cases).empty
    assert routed(ledger, cases).empty


def test_every_rule_carries_article_version_and_source() -> None:
    for rule in (*RULES, *GATES):
        assert rule.article
        assert rule.source
        assert rule.sentence.endswith("。")
        assert rule.version_day <= DAY
    assert len({g.name for g in GATES}) == len(GATES)


@settings(deadline=None, max_examples=50)
@given(YEN, YEN, YEN, YEN, st.integers(0, 12))
def test_the_seizable_part_grows_with_pay_and_shrinks_with_burdens(
    gross: int, more: int, tax: int, insurance: int, dependents: int
) -> None:
    part = seizable_wage(gross, tax, insurance, dependents)
    assert part <= seizable_wage(gross + more, tax, insurance, dependents)
    assert part >= seizable_wage(gross, tax + more, insurance, dependents)
    assert part >= seizable_wage(gross, tax, insurance, dependents + 1)


@settings(deadline=None, max_examples=50)
@given(YEN, YEN, st.integers(0, 12))
def test_the_debtor_keeps_the_living_amount_and_a_fifth_of_the_rest(
    gross: int, costs: int, dependents: int
) -> None:
    part = int(seizable_wage(gross, costs, 0, dependents))
    living = float(living_amount(dependents))
    left = gross - costs - part
    assert part >= 0
    if part > 0:
        rest = gross - costs - living
        assert left >= living + min(0.2 * rest, 2 * living) - 0.01


def test_the_estimate_is_nothing_for_unknown_pay() -> None:
    assert expected_seizable_wage_month([np.nan, 6_000_000], [np.nan, np.nan]).tolist() == [0, 228_000]


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 5_000_000), st.dates(date(2025, 1, 1), date(2026, 12, 1)), st.integers(0, 600))
def test_the_late_charge_never_falls_with_time(principal: int, due_on: date, days: int) -> None:
    day = date.fromordinal(due_on.toordinal() + days)
    charge = late_charge_of_2026(principal, due_on, day)
    assert 0 <= charge <= late_charge_of_2026(principal, due_on, date(2027, 12, 31))


def test_nothing_in_the_features_knows_a_payday() -> None:
    timing = re.compile(r"payday|pay_day|給料日|支給日", re.IGNORECASE)
    folder = Path(str(features.__file__)).parent
    named = re.compile(r"Feature\(\s*f?\"([^\"]+)\"")
    names = [n for p in folder.rglob("*.py") for n in named.findall(p.read_text(encoding="utf-8"))]
    assert names
    assert [n for n in names if timing.search(n)] == []
