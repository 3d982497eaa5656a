"""Bank accounts: who keeps money where, for hidden reasons of which the records show only traces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.town.banks import REGIONAL_OF
from features.town.careers import Careers
from features.town.dice import Floats, Ints, dice, pick_rows, top_columns
from features.town.employers import Employers
from features.town.people import ages_of
from features.town.style import KINDS, Style

_MOST = 5  # accounts a person keeps at the most besides the one that wages are paid into


@dataclass(frozen=True)
class Accounts:
    """Bank accounts: ``held`` (one row each) and what the office sees of them per debtor.

    ``held`` columns: person, bank (row of the bank table), wage (paid into by the employer), main (0 to 1).
    ``debit`` and ``refund``: bank row of the direct debit and of tax refunds, -1 for none.
    """

    held: pd.DataFrame
    debit: Ints
    refund: Ints


def accounts_of(
    style: Style,
    people: pd.DataFrame,
    banks: pd.DataFrame,
    careers: Careers,
    employers: Employers,
    *,
    seed: int,
    as_of: np.datetime64,
) -> Accounts:
    """Draw who holds an account where; money comes later (property)."""
    rng = dice(seed, "accounts")
    odds = _odds(style, people, banks, careers, employers, as_of=as_of, rng=rng)
    wanted = 1 + np.minimum(rng.poisson(_number(people)), _MOST - 1)
    chosen = top_columns(rng, odds, _MOST)
    person = np.repeat(np.arange(len(people)), _MOST)
    rank = np.tile(np.arange(_MOST), len(people))
    keep = rank < np.repeat(wanted, _MOST)
    held = pd.DataFrame({"person": person[keep], "bank": chosen.ravel()[keep], "wage": 0})
    held["main"] = 0.75 ** rank[keep] * rng.random(keep.sum())
    held = pd.concat([_wage_accounts(rng, careers, employers, odds), held], ignore_index=True)
    held = held.drop_duplicates(["person", "bank"], ignore_index=True)
    debit = _recorded(rng, held, len(people), np.full(len(people), style.direct_debit))
    refund = _recorded(rng, held, len(people), np.full(len(people), 0.55))
    stale = rng.random(len(people)) < 0.26  # the record outlived the account
    astray = pick_rows(rng, np.exp(odds))
    return Accounts(held, np.where((debit >= 0) & stale, astray, debit), refund)


def _number(people: pd.DataFrame) -> Floats:
    """Return the mean number of further accounts: more for the better off and for companies."""
    means = people["means"].to_numpy(float)
    live = people["livelihood"].to_numpy(np.int64)
    usual = np.array([0.9, 0.55, 1.0, 0.7, 0.55, 1.6, 1.0])[live]
    return np.asarray(np.exp(0.25 * means) * usual, dtype=np.float64)


def _odds(
    style: Style,
    people: pd.DataFrame,
    banks: pd.DataFrame,
    careers: Careers,
    employers: Employers,
    *,
    as_of: np.datetime64,
    rng: np.random.Generator,
) -> Floats:
    """Return people x banks: log odds of keeping an account there."""
    group = banks["group"].to_numpy()
    age = ages_of(people, 2026)
    logits = np.repeat(np.log(banks["weight"].to_numpy(float))[None, :], len(people), axis=0)
    logits += _area_taste(style, banks, rng)[people["area"].to_numpy(np.int64)]
    logits += np.interp(age, [20, 35, 40, 55, 75], [0.9, 1.1, 0.6, -0.4, -2.2])[:, None] * (group == "net")
    logits += _net_fashion(banks, age, rng)
    logits += np.interp(age, [20, 50, 65, 80], [-0.3, -0.1, 0.7, 1.3])[:, None] * (group == "post")
    logits += np.interp(age, [20, 60, 80], [-0.2, 0.1, 0.5])[:, None] * np.isin(group, ["coop", "shinkin"])
    own = np.isin(people["livelihood"], [KINDS.index("self_employed"), KINDS.index("company")])
    logits += own[:, None] * np.select([group == "shinkin", group == "post"], [1.3, -0.4], 0.0)
    family = (people["household_size"].astype("float64").fillna(1) >= 3).to_numpy(bool)
    logits += family[:, None] * np.select([group == "post", group == "regional"], [0.35, 0.3], 0.0)
    logits += careers.mortgage[:, None] * np.isin(group, ["regional", "major", "labour"]) * 0.5
    logits += _sector_taste(banks, employers, careers, rng)
    return logits + _hometown(people, banks, as_of)


def _area_taste(style: Style, banks: pd.DataFrame, rng: np.random.Generator) -> Floats:
    """Return areas x banks: branches near by help, far shinkin and cooperatives are hardly used."""
    taste = rng.normal(0.0, 0.35, (len(style.postcodes), len(banks)))
    near_only = banks["group"].isin(["shinkin", "coop"]).to_numpy(bool)
    served = [str(areas).split(";") if areas else [] for areas in banks["service_areas"]]
    inside = np.array([[code in areas for areas in served] for code in style.postcodes])
    branch = rng.normal(0.0, 0.5, taste.shape) * banks["home"].to_numpy(bool)
    return np.asarray(taste + branch + near_only * np.where(inside, 1.0, -1.6), dtype=np.float64)


def _net_fashion(banks: pd.DataFrame, age: Floats, rng: np.random.Generator) -> Floats:
    """Return people x banks: each net bank has its own generation."""
    peak = rng.uniform(22, 58, len(banks))
    net = banks["group"].eq("net").to_numpy(bool)
    return net * (0.9 - np.minimum(np.abs(age[:, None] - peak) / 12, 2.2))


def _sector_taste(
    banks: pd.DataFrame, employers: Employers, careers: Careers, rng: np.random.Generator
) -> Floats:
    """Return people x banks: colleagues of a sector open accounts alike."""
    taste = rng.normal(0.0, 0.45, (employers.sector.max() + 1, len(banks))) * banks["home"].to_numpy(bool)
    known = careers.job >= 0
    return np.where(known[:, None], taste[employers.sector[np.maximum(careers.job, 0)]], 0.0)


def _hometown(people: pd.DataFrame, banks: pd.DataFrame, as_of: np.datetime64) -> Floats:
    """Return people x banks: the regional bank of the former prefecture, fading with the years."""
    home = people["former_prefecture"].map(REGIONAL_OF).to_numpy(object)
    years = (as_of - people["moved_in_on"].to_numpy("datetime64[D]")).astype(float) / 365.25
    pull = np.interp(np.where(people["moved_in_on"].isna(), 99.0, years), [0, 3, 8, 20], [5.0, 4.6, 3.4, 1.5])
    weight = np.where(
        banks["home"].to_numpy(bool), 0.25, 1.0
    )  # where it has branches here it needs no memory
    same = home[:, None] == banks["target_code"].to_numpy(object)[None, :]
    return np.asarray(same * pull[:, None] * weight, dtype=np.float64)


def _wage_accounts(
    rng: np.random.Generator, careers: Careers, employers: Employers, odds: Floats
) -> pd.DataFrame:
    """Return one account per job that somebody holds or has held, at its house bank or one of their own."""
    rows = []
    for job, earlier in ((careers.job, False), (careers.former_job, True)):
        person = np.flatnonzero((job >= 0) & (not earlier or job != careers.job))
        firm = job[person]
        hired_before = earlier | (rng.random(len(person)) < 0.6)
        old_house = hired_before & (careers.changed_on[person] < employers.moved_on[firm])
        house = np.where(old_house, employers.first_house[firm], employers.house[firm])
        follows = rng.random(len(person)) < employers.share[firm]
        bank = np.where(follows, house, pick_rows(rng, np.exp(odds[person])))
        kept = ~np.full(len(person), earlier) | (rng.random(len(person)) < 0.4)
        main = np.where(earlier, 0.25, 1.3) * np.ones(len(person))
        rows.append(
            pd.DataFrame({"person": person, "bank": bank, "wage": int(not earlier), "main": main})[kept]
        )
    return pd.concat(rows, ignore_index=True)


def _recorded(rng: np.random.Generator, held: pd.DataFrame, people: int, chance: Floats) -> Ints:
    """Return per person the bank of one account that came to the office's notice (-1: none did)."""
    mark = np.log(held["main"].to_numpy(float) + 0.15) + rng.gumbel(size=len(held)) * 0.8
    order = held.assign(mark=mark).sort_values(["person", "mark"], kind="stable")
    best = order.drop_duplicates("person", keep="last").set_index("person")["bank"]
    found = best.reindex(np.arange(people)).fillna(-1).to_numpy(np.int64)
    return np.where(rng.random(people) < chance, found, -1).astype(np.int64)
