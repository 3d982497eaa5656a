"""The office at work: who investigates which case when, whom they ask, and when they stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.town.contacts import names_for
from features.town.dice import Days, Floats, Ints, days_after, dice, empty_days
from features.town.memory import memory_of
from features.town.minutes import minutes_of
from features.town.notes import write_notes
from features.town.officers import ranked
from features.town.records import Records, arrears_on
from features.town.replies import WORTH, replies_to
from features.town.staff import START, in_post, skill_on
from features.town.style import Style

INVESTIGATED = 0.55
"""Share of the debtors that were investigated at least once."""
_TERM = 183


@dataclass(frozen=True)
class Casework:
    """What investigating left behind: assignments, inquiries, replies (with person and target), notes."""

    assignments: pd.DataFrame
    inquiries: pd.DataFrame
    replies: pd.DataFrame
    notes: pd.DataFrame


def investigate(
    style: Style,
    records: Records,
    assets: pd.DataFrame,
    officers: pd.DataFrame,
    debts: pd.DataFrame,
    *,
    seed: int,
    as_of: np.datetime64,
) -> Casework:
    """Run five years of investigations, term by term; what one half-year learned helps the next."""
    rng = dice(seed, "office")
    cases = _cases(records, debts, officers, rng, as_of)
    term = (cases["started_on"].to_numpy("datetime64[D]") - np.datetime64(START, "D")).astype(int) // _TERM
    asked, told, notes = [], [], []
    for number in np.unique(term):
        part = cases[term == number].reset_index(drop=True)
        first = _ask(
            style, records, officers, part, part["started_on"].to_numpy("datetime64[D]"), rng=rng, turn=1
        )
        reply = replies_to(first, assets, _digital(records), rng, as_of)
        lines = _statements(records, assets, part, reply, rng)
        records = _learn(records, first, reply).with_mentions(_as_mentions(lines))
        second = _second(style, records, officers, part, first, replies=reply, rng=rng, as_of=as_of)
        again = replies_to(second, assets, _digital(records), rng, as_of)
        records = _learn(records, second, again)
        asked += [first, second]
        told += [reply, again]
        notes.append(lines)
    inquiries, replies = pd.concat(asked, ignore_index=True), pd.concat(told, ignore_index=True)
    lines = pd.concat(notes, ignore_index=True)
    names = names_for(records.targets, lines["target"].to_numpy(np.int64), rng)
    written = lines.assign(note=write_notes(np.full(len(lines), "statement", dtype=object), names, rng))
    return Casework(cases, inquiries, replies, written)


def _digital(records: Records) -> Ints:
    return records.targets["digital"].to_numpy(np.int64)


def _cases(
    records: Records,
    debts: pd.DataFrame,
    officers: pd.DataFrame,
    rng: np.random.Generator,
    as_of: np.datetime64,
) -> pd.DataFrame:
    """Choose who is investigated and when: the more is owed the sooner; an eighth is taken up again."""
    ripe = debts.assign(row=np.arange(len(debts)))
    until = ripe["closed_on"].fillna(pd.Timestamp(as_of)).to_numpy("datetime64[D]")
    from_day = days_after(ripe["demanded_on"].to_numpy("datetime64[D]"), np.full(len(ripe), 12))
    room = (until - from_day).astype(np.int64)
    ripe = ripe.assign(room=room)[(room > 45) & (from_day + 45 < as_of)]
    anchor = ripe.sample(frac=1.0, random_state=int(rng.integers(1 << 31))).drop_duplicates("person")
    size = np.log1p(anchor["principal"].to_numpy(float))
    pull = 0.45 * size + rng.gumbel(size=len(anchor))
    wanted = min(len(anchor), round(INVESTIGATED * len(records.debtor_ids)))
    chosen = anchor.iloc[np.argsort(-pull, kind="stable")[:wanted]]
    wait = 12 + rng.beta(1.1, 2.2, len(chosen)) * (chosen["room"].to_numpy(float) - 15)
    start = days_after(chosen["demanded_on"].to_numpy("datetime64[D]"), wait)
    person = chosen["person"].to_numpy(np.int64)
    again = (rng.random(len(person)) < 0.125) & (
        start + np.timedelta64(430, "D") < as_of - np.timedelta64(40, "D")
    )
    later = days_after(start, rng.integers(400, 430, len(start)))
    cases = pd.DataFrame(
        {
            "person": np.concatenate([person, person[again]]),
            "started_on": np.concatenate([start, later[again]]),
        }
    )
    cases = cases.sort_values(["started_on", "person"], ignore_index=True)
    officer = in_post(officers, cases["started_on"].to_numpy("datetime64[D]"), rng)
    days = rng.gamma(3.0, 45.0, len(cases)) + 30
    return cases.assign(
        case=np.arange(len(cases)),
        officer=officer,
        ended_on=days_after(cases["started_on"].to_numpy("datetime64[D]"), days),
    )


def _ask(
    style: Style,
    records: Records,
    officers: pd.DataFrame,
    cases: pd.DataFrame,
    days: Days,
    *,
    rng: np.random.Generator,
    turn: int,
) -> pd.DataFrame:
    """Return one round of inquiries: the first of what the officer ranks, as many as they think enough."""
    officer = cases["officer"].to_numpy(np.int64)
    skills = skill_on(officers, officer, days)
    person = cases["person"].to_numpy(np.int64)
    best = ranked(
        records, memory_of(records), person, days, skills, rng=rng, habit=style.deposit_first, top=14
    )
    owed = np.log1p(arrears_on(records, person, days) / 1e5)
    mean = (4.3 + 1.1 * owed) if turn == 1 else (2.6 + 0.9 * owed)
    wanted = np.clip(1 + rng.poisson(mean), 1, 14 if turn == 1 else 10)
    best = best[best["rank"].to_numpy() <= wanted[best["case"].to_numpy()]].reset_index(drop=True)
    case, target = best["case"].to_numpy(np.int64), best["target"].to_numpy(np.int64)
    digital = (_digital(records)[target] == 1) & (rng.random(len(target)) < 0.85)
    return pd.DataFrame(
        {
            "person": best["person"].to_numpy(np.int64),
            "target": target,
            "case": cases["case"].to_numpy(np.int64)[case],
            "means": np.where(digital, "2", "1"),
            "requested_on": days_after(days[case], rng.integers(0, 3, len(case))),
            "officer": officer[case],
        }
    ).assign(inquiry_id=[f"{number}" for number in _numbers(records, len(best))])


def _numbers(records: Records, count: int) -> range:
    first = len(records.asked) + 1
    return range(first, first + count)


def _learn(records: Records, inquiries: pd.DataFrame, replies: pd.DataFrame) -> Records:
    """Return the records with one more round of inquiries and what came back."""
    told = replies.set_index("inquiry_id").reindex(inquiries["inquiry_id"])
    return records.with_asked(
        {
            "person": inquiries["person"].to_numpy(np.int64),
            "target": inquiries["target"].to_numpy(np.int64),
            "requested": inquiries["requested_on"].to_numpy("datetime64[s]"),
            "replied": told["replied_on"].to_numpy("datetime64[s]"),
            "found": (told["result"] == "1").to_numpy(bool),
            "balance": told["balance"].astype("float64").fillna(0.0).to_numpy(),
        }
    )


def _second(
    style: Style,
    records: Records,
    officers: pd.DataFrame,
    cases: pd.DataFrame,
    inquiries: pd.DataFrame,
    *,
    replies: pd.DataFrame,
    rng: np.random.Generator,
    as_of: np.datetime64,
) -> pd.DataFrame:
    """Return the second round of the cases whose first did not find enough (else it stops)."""
    whose = inquiries.set_index("inquiry_id")["case"]
    got = replies.assign(case=whose.reindex(replies["inquiry_id"]).to_numpy())
    got = got.assign(worth=got["balance"].astype("float64").where(got["balance"] >= WORTH, 0.0))
    found = got.groupby("case")["worth"].sum().reindex(cases["case"], fill_value=0.0).to_numpy(float)
    last = got.groupby("case")["replied_on"].max().reindex(cases["case"]).to_numpy("datetime64[D]")
    start = cases["started_on"].to_numpy("datetime64[D]")
    day = np.where(np.isnat(last), start + np.timedelta64(45, "D"), last)
    day = np.minimum(day, start + np.timedelta64(60, "D")) + rng.integers(2, 12, len(cases)).astype(
        "timedelta64[D]"
    )
    owed = arrears_on(records, cases["person"].to_numpy(np.int64), start)
    short = (found < owed) & (rng.random(len(cases)) < 0.55) & (day < as_of)
    part = cases[short].reset_index(drop=True)
    return _ask(style, records, officers, part, day[short], rng=rng, turn=2)


def _statements(
    records: Records,
    assets: pd.DataFrame,
    cases: pd.DataFrame,
    replies: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return what statement lines of a found account point to: person, target, contacted_on, officer."""
    kinds = records.targets["target_kind"].to_numpy(object)
    bank = kinds[replies["target"].to_numpy(np.int64)] == "bank"
    seen = replies[bank & (replies["result"] == "1").to_numpy(bool)].drop_duplicates("person")
    seen = seen[rng.random(len(seen)) < 0.22]
    other = assets[
        np.isin(kinds[assets["target"].to_numpy(np.int64)], ["life_insurance", "securities", "receivable"])
    ]
    lines = seen[["person", "replied_on"]].merge(other[["person", "target", "opened"]], on="person")
    lines = lines[lines["opened"] <= lines["replied_on"]].drop_duplicates("person")
    officer = (
        cases.drop_duplicates("person")
        .set_index("person")["officer"]
        .reindex(lines["person"])
        .to_numpy(np.int64)
    )
    target = lines["target"].to_numpy(np.int64)
    whose = lines["person"].to_numpy(np.int64)
    return pd.DataFrame(
        {
            "person": whose,
            "target": target,
            "contacted_on": lines["replied_on"].to_numpy(),
            "officer": officer,
        }
    )


def _as_mentions(lines: pd.DataFrame) -> dict[str, NDArray[Any]]:
    return {
        "person": lines["person"].to_numpy(np.int64),
        "target": lines["target"].to_numpy(np.int64),
        "day": lines["contacted_on"].to_numpy("datetime64[s]"),
        "affirmed": np.ones(len(lines), dtype=np.int64),
    }


def assignment_minutes(
    casework: Casework,
    difficulty: Floats,
    case_kind: Ints,
    officers: pd.DataFrame,
    seed: int,
    *,
    as_of: np.datetime64,
) -> pd.DataFrame:
    """Return the assignments with minutes: more inquiries cost more; open work has part of them."""
    rng = dice(seed, "minutes")
    cases = casework.assignments
    person, who = cases["person"].to_numpy(np.int64), cases["officer"].to_numpy(np.int64)
    days = cases["started_on"].to_numpy("datetime64[D]")
    asked = casework.inquiries.groupby("case").size().reindex(cases["case"], fill_value=0).to_numpy(float)
    extra = 0.05 * (asked - 6)
    select = minutes_of(difficulty[person], case_kind[person], officers, who, days, selecting=True)
    handle = minutes_of(difficulty[person], case_kind[person], officers, who, days)
    select = select * np.exp(0.4 * extra + 0.20 * rng.standard_normal(len(cases)))
    handle = handle * np.exp(extra + 0.18 * rng.standard_normal(len(cases)))
    left = officers["left_on"].to_numpy("datetime64[D]")[who]
    ended = cases["ended_on"].to_numpy("datetime64[D]")
    ended = np.where(~np.isnat(left) & (left < ended), np.maximum(left, days), ended)
    still = ended > as_of
    done = np.where(still, (as_of - days).astype(float) / np.maximum((ended - days).astype(float), 1), 1.0)
    select = np.maximum(np.round(select * np.minimum(1.0, 0.5 + 2 * done), 1), 3.0)
    return cases.assign(
        ended_on=np.where(still, empty_days(len(cases)), ended),
        selecting_minutes=select,
        handling_minutes=np.round(np.maximum(handle * done, select * 1.1 + 4), 1),
    )
