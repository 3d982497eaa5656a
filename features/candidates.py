"""Candidates: the targets that may lawfully be asked about a case, each with at least one ground.

Source: 国税徴収法 141 (ask only those with grounds). A ground is a record that names the target, the area it
serves, the prefecture the debtor came from, or a rule of the office for a kind of property.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.archive import Archive
from features.peers import peers_of
from features.pointers import SOURCES
from features.roll import BANK
from features.tally import Ints, Tally, days_since_epoch

Flags = npt.NDArray[np.bool_]

_NEVER_A_GROUND = frozenset({"asked", "blank", "denied"})
_RECORDED_KINDS = frozenset({BANK, "employer", "receivable"})
"""Kinds whose targets need a record, an area or a prefecture of their own."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of a case and a target. ``cases``: debtor_id, day; ``case`` and ``target``: numbers, (n,).

    ``targets`` is the roll's frame, to which the target numbers belong.
    """

    cases: pd.DataFrame
    case: Ints
    target: Ints
    targets: pd.DataFrame

    @property
    def kinds(self) -> npt.NDArray[np.object_]:
        """The kind of each pair's target, (n,)."""
        return self.targets["target_kind"].to_numpy(dtype=object)[self.target]

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.case)


def candidates_of(archive: Archive, cases: pd.DataFrame) -> Pairs:
    """Return every candidate of every case, ordered by case, then target number.

    ``cases``: debtor_id and day, RangeIndex. A debtor who is not on the roll has no candidates.
    """
    debtor = archive.roll.debtor_numbers(cases["debtor_id"])
    day = days_since_epoch(cases["day"])
    parts = [
        _pointed(archive, debtor, day),
        _banks_in_reach(archive, cases, debtor),
        _banks_of_colleagues(archive, cases, day),
        _kinds_with_a_rule(archive, cases, debtor),
    ]
    joined = np.unique(np.concatenate(parts, axis=0), axis=0)
    return Pairs(cases, joined[:, 0], joined[:, 1], archive.roll.targets)


def _pointed(archive: Archive, debtor: Ints, day: Ints) -> Ints:
    """Targets that a record known on the day names, (n, 2)."""
    grounds = [i for i, name in enumerate(SOURCES) if name not in _NEVER_A_GROUND]
    named = archive.pointers[archive.pointers["source"].isin(grounds)]
    asked = pd.DataFrame({"debtor": debtor, "until": day, "case": np.arange(len(debtor))})
    known = named.merge(asked, on="debtor")
    known = known[known["day"] <= known["until"]]
    return known[["case", "target"]].to_numpy(dtype=np.int64)


def _banks_in_reach(archive: Archive, cases: pd.DataFrame, debtor: Ints) -> Ints:
    """Banks of the whole country, of the municipality's prefecture or area, and of the former prefecture."""
    reach = bank_reach(archive, cases)
    reach[debtor < 0] = False
    return np.argwhere(reach).astype(np.int64)


def _banks_of_colleagues(archive: Archive, cases: pd.DataFrame, day: Ints) -> Ints:
    """Banks where somebody paid by the same employer was known to bank on the day, (n, 2)."""
    links = archive.accounts[archive.accounts["employer"] >= 0]
    first = links.groupby(["employer", "target"], as_index=False)["day"].min()
    employer = peers_of(archive.ledger, cases)["employer"].to_numpy()
    asked = pd.DataFrame({"employer": employer, "until": day, "case": np.arange(len(cases))})
    known = asked[asked["employer"] >= 0].merge(first, on="employer")
    known = known[known["day"] <= known["until"]]
    return known[["case", "target"]].to_numpy(dtype=np.int64)


def bank_reach(archive: Archive, cases: pd.DataFrame) -> Flags:
    """Return whether each target is a bank in reach of each case, (cases, targets)."""
    targets = archive.roll.targets
    people = cases[["debtor_id"]].merge(archive.ledger["debtors"], on="debtor_id", how="left")
    bank = (targets["target_kind"] == BANK).to_numpy()
    home = targets["prefecture"].eq(archive.ledger.municipality.code[:2]).to_numpy()
    nowhere = targets["prefecture"].isna().to_numpy()
    limited = targets["service_areas"].notna().to_numpy()
    moved = people["moved_in_on"].isna() | (people["moved_in_on"].to_numpy() <= cases["day"].to_numpy())
    former = people["former_prefecture"].where(moved)
    reach = np.zeros((len(cases), len(targets)), dtype=bool)
    reach |= serves(archive, people["postcode3"]) & (bank & limited)
    reach |= bank & (nowhere | home) & ~limited & listed(archive)
    from_there = targets["prefecture"].fillna("").to_numpy()[None, :] == former.fillna("-").to_numpy()[:, None]
    return reach | (from_there & bank)


def listed(archive: Archive) -> Flags:
    """Return whether the municipality lists each target (all count as listed where there is no list)."""
    known = archive.ledger["targets"]
    if known.empty:
        return np.ones(len(archive.roll.targets), dtype=bool)
    index = pd.MultiIndex.from_frame(known[["target_kind", "target_code"]])
    return np.asarray(archive.roll.index.isin(index))


def serves(archive: Archive, postcodes: pd.Series) -> Flags:
    """Return whether each target's service areas hold each postcode, (postcodes, targets).

    Where the municipality has not opted in to area, or a postcode is missing, every area counts as served.
    """
    areas = archive.roll.targets["service_areas"].fillna("").str.split(";")
    known = "area" in archive.ledger.municipality.opt_in
    codes, distinct = pd.factorize(postcodes)
    table = np.array([[code in area for area in areas] for code in distinct], dtype=bool)
    table = np.vstack([table.reshape(len(distinct), len(areas)), np.ones((1, len(areas)), dtype=bool)])
    return table[codes] if known else table[np.full(len(postcodes), -1)]


def _kinds_with_a_rule(archive: Archive, cases: pd.DataFrame, debtor: Ints) -> Ints:
    """Targets of the kinds that a rule opens for a case (deduction to insurers, dividends to brokers, ...)."""
    facts = kind_grounds(archive, cases)
    kinds = archive.roll.targets["target_kind"]
    usable = listed(archive) & ~kinds.isin(_RECORDED_KINDS).to_numpy()
    parts = [np.empty((0, 2), dtype=np.int64)]
    for kind in kinds[usable].drop_duplicates():
        targets = np.flatnonzero(usable & (kinds == kind).to_numpy())
        open_cases = np.flatnonzero(facts.get(kind, np.ones(len(cases), dtype=bool)) & (debtor >= 0))
        parts.append(np.array(np.meshgrid(open_cases, targets, indexing="ij")).reshape(2, -1).T)
    return np.concatenate(parts).astype(np.int64)


def kind_grounds(archive: Archive, cases: pd.DataFrame) -> dict[str, Flags]:
    """Return per kind with a rule whether its ground is given for each case, (cases,).

    Insurers are open for every person: officers' inquiries without any deduction on the slips still hit at
    about the rate of a regional bank (the ranker puts them where they belong). Kinds that a municipality
    adds have no rule here: they are open for every case, as it listed them.
    """
    ever = _ever(archive, cases)
    people = cases[["debtor_id"]].merge(archive.ledger["debtors"], on="debtor_id", how="left")
    return {
        "life_insurance": ever["life_insurance_deduction"] | (people["entity"] == "1").to_numpy(dtype=bool),
        "securities": ever["dividends"],
        "pension": ever["pension"],
        "tax_refund": ever["filed"] | ever["refund_bank"],
        "vehicle": (people["vehicles"].fillna(0) > 0).to_numpy(dtype=bool),
        "real_estate": np.ones(len(cases), dtype=bool),
    }


def _ever(archive: Archive, cases: pd.DataFrame) -> dict[str, Flags]:
    incomes = archive.ledger["incomes"]
    day = days_since_epoch(cases["day"])
    debtor = archive.roll.debtor_numbers(cases["debtor_id"])
    owner = archive.roll.debtor_numbers(incomes["debtor_id"])
    known_on = days_since_epoch(pd.to_datetime(incomes["tax_year"].astype("str") + "-06-01"))
    found = {}
    for column in ("life_insurance_deduction", "dividends", "pension", "filed", "refund_bank"):
        cells = incomes[column]
        given = cells.notna() if column == "refund_bank" else cells.fillna(0) > 0
        tally = Tally(np.where(given.to_numpy(dtype=bool), owner, -1), known_on)
        found[column] = tally.count(tally.known(debtor, day)) > 0
    return found
