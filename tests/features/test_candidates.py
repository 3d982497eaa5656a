from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.archive import Archive
from features.candidates import Pairs, candidates_of
from features.grounds import ground_texts
from features.ledger.snapshot import Ledger, Municipality, ledger_of
from features.matrix import build_matrix
from features.mentions import mentions_of
from features.town.truth import Town

DAY = date(2026, 4, 1)
KEY = ["debtor_id", "target_kind", "target_code"]


def keys_of(pairs: Pairs) -> pd.DataFrame:
    targets = pairs.targets[["target_kind", "target_code"]].iloc[pairs.target].reset_index(drop=True)
    return targets.assign(debtor_id=pairs.cases["debtor_id"].to_numpy()[pairs.case])[KEY]


def place(opt_in: frozenset[str] = frozenset({"area"})) -> Municipality:
    return Municipality("132080", "試験市", DAY, opt_in)


def little(opt_in: frozenset[str] = frozenset({"area"}), **tables: list[dict[str, Any]]) -> Ledger:
    frames: dict[str, list[dict[str, Any]]] = {
        "debtors": [
            {"debtor_id": "a", "entity": "1", "postcode3": "176", "former_prefecture": "27",
             "moved_in_on": date(2025, 4, 1)},
            {"debtor_id": "b", "entity": "2", "postcode3": "180"},
        ],
        "targets": [
            {"target_kind": "bank", "target_code": "0001", "name": "みずほ銀行"},
            {"target_kind": "bank", "target_code": "0158", "name": "京都銀行", "prefecture": "26"},
            {"target_kind": "bank", "target_code": "0159", "name": "関西みらい銀行", "prefecture": "27"},
            {"target_kind": "bank", "target_code": "1344", "name": "西武信用金庫", "prefecture": "13",
             "service_areas": "176;177"},
            {"target_kind": "life_insurance", "target_code": "L1", "name": "試験生命"},
            {"target_kind": "crypto", "target_code": "C1", "name": "試験交換所"},
            {"target_kind": "employer", "target_code": "E1", "name": "株式会社試験"},
        ],
    }  # fmt: skip
    return ledger_of(place(opt_in), {n: pd.DataFrame(rows) for n, rows in {**frames, **tables}.items()})


def asked(ledger: Ledger, debtor: str, day: date = DAY) -> set[tuple[str, str]]:
    cases = pd.DataFrame({"debtor_id": [debtor], "day": [day]})
    found = candidates_of(Archive(ledger), cases.astype({"debtor_id": "str", "day": "datetime64[s]"}))
    return set(keys_of(found)[["target_kind", "target_code"]].itertuples(index=False, name=None))


def test_banks_in_reach_and_nothing_from_elsewhere() -> None:
    banks = {code for kind, code in asked(little(), "a") if kind == "bank"}
    assert banks == {"0001", "0159", "1344"}
    assert {code for kind, code in asked(little(), "b") if kind == "bank"} == {"0001"}


def test_a_move_that_is_not_yet_known_opens_nothing() -> None:
    assert ("bank", "0159") not in asked(little(), "a", date(2025, 3, 31))


def test_without_the_opt_in_every_area_counts_as_served() -> None:
    assert ("bank", "1344") in asked(little(frozenset()), "b")


def test_added_kinds_are_taken_as_they_come() -> None:
    assert ("crypto", "C1") in asked(little(), "a")
    assert ("crypto", "C1") in asked(little(), "b")


def test_insurers_are_for_people_and_employers_need_a_record() -> None:
    assert ("life_insurance", "L1") in asked(little(), "a")
    assert ("life_insurance", "L1") not in asked(little(), "b")
    assert ("employer", "E1") not in asked(little(), "a")


def test_a_slip_counts_from_the_first_of_june() -> None:
    slip = {"debtor_id": "a", "tax_year": 2025, "salary": 3_000_000, "employer_id": "E1"}
    ledger = little(incomes=[slip])
    assert ("employer", "E1") in asked(ledger, "a")
    assert ("employer", "E1") not in asked(ledger, "a", date(2025, 5, 31))


def test_an_employer_named_in_a_note_is_a_candidate() -> None:
    note = {
        "contact_id": "1",
        "debtor_id": "a",
        "contacted_on": date(2026, 1, 5),
        "note": "株式会社試験で働いている。",
    }
    assert ("employer", "E1") in asked(little(contacts=[note]), "a")


def test_an_unknown_debtor_has_no_candidates() -> None:
    assert asked(little(), "nobody") == set()


def test_no_candidate_comes_twice(small_archive: Archive, everybody: pd.DataFrame) -> None:
    pairs = candidates_of(small_archive, everybody)
    assert not keys_of(pairs).duplicated().any()
    assert (np.diff(pairs.case) >= 0).all()


def test_every_candidate_has_a_ground(small_archive: Archive, everybody: pd.DataFrame) -> None:
    matrix = build_matrix(small_archive, candidates_of(small_archive, everybody))
    told = ground_texts(small_archive, matrix.pairs, matrix.values)
    assert len(told) == len(matrix.pairs)
    assert all(texts and all(texts) for texts in told)


def pointed(ledger: Ledger) -> pd.DataFrame:
    """Return what any record, area or rule of ``ledger`` points to, straight from its tables: ``KEY``."""
    debtors, incomes, targets = ledger["debtors"], ledger["incomes"], ledger["targets"]
    paid = ledger["payments"].merge(ledger["debts"][["debt_id", "debtor_id"]], on="debt_id")
    said = mentions_of(ledger)
    records = [
        (debtors, "bank", "direct_debit_bank"),
        (paid, "bank", "bank_code"),
        (incomes, "bank", "refund_bank"),
        (incomes, "employer", "employer_id"),
        (incomes, "receivable", "payer_id"),
    ]
    found = [
        frame[["debtor_id"]].assign(target_kind=kind, target_code=frame[code])
        for frame, kind, code in records
    ]
    found += [said.loc[said["manner"] != "denied", KEY], ledger["dispositions"][KEY]]
    banks = targets[targets["target_kind"] == "bank"]
    free = banks[banks["service_areas"].isna()]
    home = free["prefecture"].isna() | (free["prefecture"] == ledger.municipality.code[:2])
    areas = banks.assign(postcode3=banks["service_areas"].str.split(";")).explode("postcode3")
    found += [
        debtors[["debtor_id"]].merge(free[home][["target_kind", "target_code"]], how="cross"),
        debtors[["debtor_id", "postcode3"]].merge(areas.dropna(subset=["postcode3"]), on="postcode3"),
        debtors[["debtor_id", "former_prefecture"]]
        .dropna()
        .merge(banks, left_on="former_prefecture", right_on="prefecture"),
        *(_opened(ledger, kind, who) for kind, who in _rules(ledger).items()),
    ]
    return pd.concat([frame[KEY] for frame in found]).dropna().drop_duplicates()


def _rules(ledger: Ledger) -> dict[str, pd.Series]:
    debtors, incomes = ledger["debtors"], ledger["incomes"]
    filed = incomes[(incomes["filed"] > 0) | incomes["refund_bank"].notna()]
    return {
        "life_insurance": incomes.loc[(incomes["life_insurance_deduction"] > 0).fillna(False), "debtor_id"],
        "securities": incomes.loc[(incomes["dividends"] > 0).fillna(False), "debtor_id"],
        "pension": incomes.loc[(incomes["pension"] > 0).fillna(False), "debtor_id"],
        "tax_refund": filed["debtor_id"],
        "vehicle": debtors.loc[(debtors["vehicles"] > 0).fillna(False), "debtor_id"],
        "real_estate": debtors["debtor_id"],
    }


def _opened(ledger: Ledger, kind: str, who: pd.Series) -> pd.DataFrame:
    targets = ledger["targets"]
    listed = targets.loc[targets["target_kind"] == kind, ["target_kind", "target_code"]]
    return pd.DataFrame({"debtor_id": who.unique()}).merge(listed, how="cross")


def test_what_anything_points_to_is_a_candidate(
    small_town: Town, small_archive: Archive, everybody: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = candidates_of(small_archive, everybody)
    candidates = keys_of(pairs).assign(candidate=True)
    assets = small_town.truth.assets
    assets = assets[assets["value"] >= 10_000].merge(candidates, on=KEY, how="left")
    reached = assets.merge(pointed(small_town.ledger), on=KEY)
    recall, of_all = reached["candidate"].notna().mean(), assets["candidate"].notna().mean()
    median = np.median(np.bincount(pairs.case, minlength=len(everybody)))
    with capsys.disabled():
        print(f"\ncandidates: {recall:.3f} of what is pointed to, {of_all:.3f} of all; median {median:.0f}")
    assert recall >= 0.97
    assert median <= 60
