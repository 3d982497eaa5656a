"""The signs by which an officer guesses where money is: each rule of thumb, from the records of the day."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.town.banks import REGIONAL_OF
from features.town.dice import Bools, Floats, Ints
from features.town.memory import Memory, day_numbers
from features.town.records import Records
from features.town.replies import WORTH
from features.town.sheet import Sheet, expected_yen

Sign = tuple[str, Floats]
_YEAR = 31_557_600  # seconds


def signs_of(records: Records, memory: Memory, sheet: Sheet) -> Iterator[Sign]:
    """Yield each sign by name as cases x columns (0: not there)."""
    for name in dict.fromkeys(sheet.group.tolist()):
        yield f"is_{name}", np.broadcast_to((sheet.group == name).astype(float), sheet.shape)
    yield from _people_signs(records, sheet)
    yield from _slip_signs(records, sheet)
    yield from _record_signs(records, sheet)
    yield from _memory_signs(records, memory, sheet)
    yield from _asked_signs(records, sheet)


def _cross(rows: Bools | Floats, columns: Bools) -> Floats:
    return np.asarray(rows, dtype=np.float64)[:, None] * columns[None, :]


def _people_signs(records: Records, sheet: Sheet) -> Iterator[Sign]:
    people = {name: values[sheet.person] for name, values in records.people.items()}
    age = sheet.days.astype("datetime64[Y]").astype(int) + 1970 - people["birth_year"]
    person, group = ~people["company"], sheet.group
    yield "elderly_post", _cross((age >= 65) & person, group == "post")
    yield "young_net", _cross(np.clip((45 - age) / 10, -2, 1.5) * person, group == "net")
    yield "family_post", _cross(people["household"] >= 3, group == "post")
    local = np.isin(group, ["shinkin", "coop"])
    near = _near(records, sheet)
    yield "near", near * local
    yield "own_shinkin", near * _cross(people["company"] | (sheet.slip["business"] > 0), local)
    years = (sheet.days.astype("datetime64[s]") - people["moved"]).astype(np.int64) / _YEAR
    there = ~np.isnat(people["moved"]) & (years >= 0)
    fade = np.where(there, np.interp(years, [0, 3, 8, 20], [1.0, 0.9, 0.6, 0.1]), 0.0)
    yield "hometown", np.where(_hometown(records, sheet, people["former"]), fade[:, None], 0.0)
    unlikely = np.isin(group, ["pension", "life_insurance", "securities", "net", "post"])
    yield "company", _cross(people["company"], unlikely)
    yield "has_vehicle", _cross(people["vehicles"] > 0, sheet.kind == "vehicle")
    yield "pension_age", _cross((age >= 65) & person, sheet.kind == "pension")


def _hometown(records: Records, sheet: Sheet, former: NDArray[np.object_]) -> Bools:
    """Return where the column is the regional bank of the former prefecture."""
    home = pd.Series(former).map(REGIONAL_OF).to_numpy(object)
    codes = np.full(sheet.shape[1], "", dtype=object)
    codes[: len(sheet.fixed)] = records.targets["target_code"].to_numpy(object)[sheet.fixed]
    same: Bools = (home[:, None] == codes[None, :]) & (sheet.kind == "bank")[None, :]
    return same


def _near(records: Records, sheet: Sheet) -> Floats:
    """Return 1 where a bank serves the debtor's area, -1 where it serves other areas only, 0 otherwise."""
    area, first = np.unique(records.people["area"], return_index=True)
    names = records.people["postcode"][first].astype(str)
    served = records.targets["service_areas"].to_numpy(object)[sheet.fixed]
    table = np.zeros((int(area.max(initial=0)) + 2, sheet.shape[1]))
    for column, areas in enumerate(served):
        if isinstance(areas, str) and sheet.kind[column] == "bank":
            table[area, column] = np.where(np.isin(names, areas.split(";")), 1.0, -1.0)
    table[-1] = 0.0
    return table[records.people["area"][sheet.person]]


def _slip_signs(records: Records, sheet: Sheet) -> Iterator[Sign]:
    slip, kind, group = sheet.slip, sheet.kind, sheet.group
    old = (sheet.days.astype("datetime64[s]") - slip["known"]).astype(np.int64) / _YEAR
    age = np.where(np.isnat(slip["known"]), 0.0, old)
    yield "slip_years", _cross(age, group == "employer_now")
    yield "withheld", _cross(slip["payroll_withheld"] > 0, group == "employer_now")
    payable = np.isin(group, ["employer_now", "pension"]) & (expected_yen(records, sheet) < WORTH)
    yield "below_exempt", payable.astype(np.float64)
    yield "pension_slip", _cross(slip["pension"] > 0, kind == "pension")
    yield "pension_post", _cross(slip["pension"] > 0, group == "post")
    yield "dividends", _cross(slip["dividends"] > 0, kind == "securities")
    yield "deduction", _cross(slip["life_insurance_deduction"] > 0, kind == "life_insurance")
    yield "rent", _cross(slip["real_estate"] > 0, kind == "real_estate")
    loan = slip["housing_loan_credit"] > 0
    yield "loan_land", _cross(loan, kind == "real_estate")
    yield "lender", _cross(loan, np.isin(group, ["regional", "major", "labour"]))
    yield "well_off", _cross(np.log1p((slip["salary"] + slip["business"]) / 3e6), kind == "bank")
    yield "jobless", _cross(slip["employer"] < 0, kind == "bank")


def _record_signs(records: Records, sheet: Sheet) -> Iterator[Sign]:
    cases = np.arange(len(sheet.person))
    debit = sheet.mark(cases, records.people["debit"][sheet.person])
    slips = records.slips.known(sheet.person, sheet.days, "known")
    refund = sheet.mark(slips["case"], slips["refund"])
    paid = records.paid_from.known(sheet.person, sheet.days, "day")
    paid_from = sheet.mark(paid["case"], paid["target"])
    said = records.mentions.known(sheet.person, sheet.days, "day")
    yes = said["affirmed"] == 1
    named = sheet.mark(said["case"][yes], said["target"][yes])
    yield "debit", debit
    yield "refund", refund
    refunded = np.isin(cases, slips["case"][slips["refund"] >= 0])
    yield "refund_office", _cross(refunded, sheet.kind == "tax_refund")
    yield "paid_from", paid_from
    yield "said", named
    yield "said_over", sheet.mark(said["case"][~yes], said["target"][~yes])
    bank = sheet.kind == "bank"
    shown = (debit + refund + paid_from + named > 0) & bank
    yield "banks_elsewhere", (shown.any(axis=1)[:, None] & bank & ~shown).astype(np.float64)


def _memory_signs(records: Records, memory: Memory, sheet: Sheet) -> Iterator[Sign]:
    money = np.flatnonzero(np.isin(sheet.kind, ["bank", "life_insurance", "securities"]))
    target = sheet.target[:, money]
    days = np.repeat(day_numbers(sheet.days)[:, None], len(money), axis=1)
    told, hits = memory.by_target.until(target, days)
    popular = (hits + 1.0) / (told + 10.0)
    yield "popular", _spread(np.log(popular / 0.1), money, sheet)
    for name, owner, tally, doubt in (
        ("area_popular", records.people["area"][sheet.person], memory.by_area, 12.0),
        ("colleagues", sheet.slip["employer"], memory.by_employer, 4.0),
    ):
        keys = np.where(owner[:, None] >= 0, owner[:, None] * memory.width + target, -1)
        replies, found = tally.until(keys, days)
        share = (found + doubt * popular) / (replies + doubt)
        yield name, _spread(np.log(share / popular), money, sheet)


def _spread(values: Floats, columns: Ints, sheet: Sheet) -> Floats:
    grid = np.zeros(sheet.shape)
    grid[:, columns] = values
    return grid


def _asked_signs(records: Records, sheet: Sheet) -> Iterator[Sign]:
    past = records.asked.known(sheet.person, sheet.days, "requested")
    told = past["replied"] <= past["now"]
    fresh = (past["now"] - past["replied"]).astype(np.int64) < 400 * 86_400
    full = past["found"] & (past["balance"] >= WORTH)
    for name, rows in (
        ("pending", ~told),
        ("blank_fresh", told & ~past["found"] & fresh),
        ("blank_old", told & ~past["found"] & ~fresh),
        ("was_empty", told & past["found"] & ~full),
        ("was_full", told & full),
    ):
        yield name, sheet.mark(past["case"][rows], past["target"][rows])
