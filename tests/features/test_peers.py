from __future__ import annotations

from datetime import date

import pandas as pd

from features.ledger.snapshot import Ledger, Municipality, ledger_of
from features.peers import PEER_GROUPS, peers_of
from features.tally import days_since_epoch

DAY = date(2026, 4, 1)
OPEN = frozenset({"area", "age"})


def ledger(opt_in: frozenset[str] = OPEN) -> Ledger:
    debtors = [
        {"debtor_id": "a", "entity": "1", "birth_year": 1980, "postcode3": "176", "former_prefecture": "27",
         "moved_in_on": date(2025, 8, 1)},
        {"debtor_id": "b", "entity": "1", "birth_year": 1981, "postcode3": "176", "former_prefecture": "27"},
        {"debtor_id": "c", "entity": "2"},
    ]  # fmt: skip
    slips = [
        {"debtor_id": "a", "tax_year": 2024, "salary": 2_000_000, "employer_id": "E1"},
        {"debtor_id": "a", "tax_year": 2025, "salary": 0, "employer_id": "E2"},
    ]
    frames = {"debtors": pd.DataFrame(debtors), "incomes": pd.DataFrame(slips)}
    return ledger_of(Municipality("132080", "試験市", DAY, opt_in), frames)


def groups(day: date, opt_in: frozenset[str] = OPEN) -> pd.DataFrame:
    cases = pd.DataFrame({"debtor_id": ["a", "b", "c", "z"], "day": [day] * 4})
    return peers_of(ledger(opt_in), cases.astype({"debtor_id": "str", "day": "datetime64[s]"}))


def test_a_group_is_the_one_known_on_the_day() -> None:
    before, after = groups(date(2025, 5, 31)), groups(date(2025, 6, 1))
    assert before["employer"].tolist() == [0, -1, -1, -1]
    assert after["employer"].tolist() == [1, -1, -1, -1]
    assert before["livelihood"].tolist() == [4, 2, 0, 2]
    assert after["livelihood"].tolist() == [1, 2, 0, 2]


def test_a_former_home_is_known_from_the_move_on() -> None:
    assert groups(date(2025, 7, 31))["former"].tolist() == [-1, 0, -1, -1]
    assert groups(date(2025, 8, 1))["former"].tolist() == [0, 0, -1, -1]


def test_groups_that_are_not_opted_in_are_none() -> None:
    closed = groups(DAY, frozenset())
    needing = [name for name, (_, opt_in) in PEER_GROUPS.items() if opt_in]
    assert (closed[needing] == -1).all(axis=None)
    assert groups(DAY)["area"].tolist() == [0, 0, -1, -1]


def test_days_come_as_numbers() -> None:
    assert days_since_epoch(pd.Series(["1970-02-01"], dtype="datetime64[s]")).tolist() == [31]
