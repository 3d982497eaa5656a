"""The officers' know-how: what a novice, an average officer and a veteran make of the same records."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from features.ledger.snapshot import Ledger
from features.town.clues import signs_of
from features.town.dice import Floats, Ints, dice
from features.town.memory import Memory, memory_of
from features.town.records import Records, records_of
from features.town.sheet import Sheet, expected_yen, sheet_of

_ASKED = {"pending": -9.0, "blank_fresh": -5.0, "blank_old": -1.5, "was_empty": -0.8, "was_full": 1.5}
_VETERAN = {
    # where money usually is
    "is_major": -2.7,
    "is_net": -3.2,
    "is_regional": -2.7,
    "is_shinkin": -3.3,
    "is_coop": -3.6,
    "is_labour": -3.4,
    "is_post": -2.5,
    "is_distant": -6.0,
    "is_life_insurance": -4.5,
    "is_securities": -4.6,
    "is_pension": -5.2,
    "is_real_estate": -2.8,
    "is_vehicle": -5.0,
    "is_tax_refund": -3.4,
    "is_employer_now": 0.6,
    "is_employer_before": -3.4,
    "is_employer_said": -0.2,
    "is_customer_now": 0.5,
    "is_customer_said": -0.6,
    # the rules of thumb of field.md
    "slip_years": -0.25,
    "withheld": 0.2,
    "below_exempt": -2.8,
    "colleagues": 0.7,
    "pension_slip": 2.2,
    "pension_age": 2.2,
    "pension_post": 0.3,
    "dividends": 3.0,
    "refund": 2.2,
    "debit": 2.0,
    "paid_from": 0.6,
    "deduction": 1.9,
    "lender": 0.1,
    "loan_land": 0.5,
    "rent": 2.5,
    "own_shinkin": 0.4,
    "near": 0.6,
    "hometown": 3.8,
    "elderly_post": 0.6,
    "family_post": 0.1,
    "young_net": 0.5,
    "said": 1.7,
    "said_over": 0.2,
    "banks_elsewhere": -0.5,
    "popular": 0.9,
    "area_popular": 0.5,
    "has_vehicle": 4.2,
    "refund_office": 1.8,
    "company": -0.2,
    "well_off": 0.5,
    "jobless": -0.5,
    **_ASKED,
}
_NOVICE = {
    "is_major": 0.5,
    "is_net": -0.5,
    "is_regional": 0.4,
    "is_shinkin": -0.7,
    "is_coop": -1.2,
    "is_labour": -1.5,
    "is_post": 0.9,
    "is_distant": -3.5,
    "is_life_insurance": -1.8,
    "is_securities": -2.5,
    "is_pension": -2.5,
    "is_real_estate": -1.0,
    "is_vehicle": -1.8,
    "is_tax_refund": -2.0,
    "is_employer_now": 1.6,
    "is_employer_before": -0.4,
    "is_employer_said": 0.2,
    "is_customer_now": 0.4,
    "is_customer_said": -1.0,
    "debit": 1.8,
    "paid_from": 1.5,
    "refund": 0.9,
    "said": 0.9,
    "said_over": 0.4,
    "pension_slip": 1.8,
    "dividends": 1.0,
    "deduction": 0.5,
    "rent": 1.0,
    "near": 0.3,
    "popular": 0.3,
    "pending": -9.0,
    "blank_fresh": -3.0,
    "was_empty": -0.3,
    "was_full": 1.2,
    "has_vehicle": 1.0,
}
_DEPOSIT_HABIT = 1.2  # what the habit of asking banks first adds to every bank

SKILLS: Mapping[str, float] = MappingProxyType({"novice": 0.0, "average": 0.5, "veteran": 1.0})
"""Skill of the named officers; between them the weights move evenly and the guesswork shrinks."""

_CHUNK = 4_000


def rank_as_officer(
    ledger: Ledger, cases: pd.DataFrame, skill: str | float, seed: int = 0, top: int = 10
) -> pd.DataFrame:
    """Rank targets as an officer of that skill would, from what the ledger showed on each case's day.

    ``cases``: columns debtor_id, day; each debtor once. ``skill``: a name of ``SKILLS`` or a number from 0 to
    1. Returns columns debtor_id, rank (1 first), target_kind, target_code, key debtor and rank; ties go to
    the earlier column (banks by code first). KeyError for an unknown debtor or skill.
    """
    level = SKILLS[skill] if isinstance(skill, str) else float(skill)
    records = records_of(ledger.frames)
    memory = memory_of(records)
    person = records.persons(cases["debtor_id"])
    days = cases["day"].to_numpy("datetime64[s]")
    rng = dice(seed, f"officer {level:.3f}")
    parts = []
    for start in range(0, len(person), _CHUNK):
        part = slice(start, start + _CHUNK)
        skills = np.full(len(person[part]), level)
        parts.append(ranked(records, memory, person[part], days[part], skills, rng=rng, top=top))
    best = pd.concat(parts, ignore_index=True)
    names = records.targets.iloc[best["target"]]
    return pd.DataFrame(
        {
            "debtor_id": records.debtor_ids.to_numpy()[best["person"].to_numpy()],
            "rank": best["rank"].to_numpy(),
            "target_kind": names["target_kind"].to_numpy(),
            "target_code": names["target_code"].to_numpy(),
        }
    )


def ranked(
    records: Records,
    memory: Memory,
    person: Ints,
    days: np.ndarray[tuple[int], np.dtype[np.datetime64]],
    skills: Floats,
    *,
    rng: np.random.Generator,
    habit: float = 0.0,
    top: int = 10,
) -> pd.DataFrame:
    """Return the first ``top`` targets of each case: columns case, person, rank, target."""
    sheet = sheet_of(records, person, days)
    worth = _worth(records, memory, sheet, skills, habit)
    noise = 0.9 * (1.0 - skills).clip(0.0)[:, None] * rng.gumbel(size=sheet.shape)
    score = np.where(sheet.target >= 0, worth + noise, -np.inf)
    order = np.argsort(-score, axis=1, kind="stable")[:, :top]
    case = np.repeat(np.arange(len(person)), order.shape[1])
    rank = np.tile(np.arange(1, order.shape[1] + 1), len(person))
    target = np.take_along_axis(sheet.target, order, axis=1).ravel()
    table = pd.DataFrame({"case": case, "person": person[case], "rank": rank, "target": target})
    return table[table["target"] >= 0].reset_index(drop=True)


def _worth(records: Records, memory: Memory, sheet: Sheet, skills: Floats, habit: float) -> Floats:
    """Return cases x columns: how gladly each officer would ask there first."""
    know = np.zeros(sheet.shape)
    naive = np.zeros(sheet.shape)
    for name, sign in signs_of(records, memory, sheet):
        if name in _VETERAN:
            know += _VETERAN[name] * sign
        if name in _NOVICE:
            naive += _NOVICE[name] * sign
    chance = 1 / (1 + np.exp(-know))
    pays = np.minimum(expected_yen(records, sheet), np.maximum(sheet.arrears, 10_000.0)[:, None])
    seen = np.log(chance + 1e-6) + 0.25 * np.log(pays + 3_000.0)
    naive += habit * _DEPOSIT_HABIT * (sheet.kind == "bank")[None, :]
    seen = seen + 0.3 * habit * (sheet.kind == "bank")[None, :]
    return skills[:, None] * _level(seen) + (1 - skills[:, None]) * naive


def _level(scores: Floats) -> Floats:
    return np.asarray(scores - scores.mean(axis=1, keepdims=True), dtype=np.float64)
