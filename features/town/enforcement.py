"""What came of it: seizures and what they brought in, stays of enforcement."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.town.dice import days_after, dice, empty_days
from features.town.people import REASONS
from features.town.replies import WORTH
from features.town.style import Style

_GLADLY = {
    "bank": 0.80,
    "pension": 0.35,
    "life_insurance": 0.75,
    "real_estate": 0.6,
    "vehicle": 0.25,
}
"""Share of finds that end in a seizure, so that seizures come near field.md: deposits 71 %, wages and
pensions 8 %, insurance 6 % or more, real estate 4 %; most wage earners settle before it comes to that."""


def seizures_of(
    style: Style,
    replies: pd.DataFrame,
    debts: pd.DataFrame,
    payments: pd.DataFrame,
    targets: pd.DataFrame,
    *,
    people: pd.DataFrame,
    seed: int,
    as_of: np.datetime64,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return dispositions and the payments (channel 5) that they were applied to.

    Only hits are seized, never beyond what is owed (article 48), the largest find first, and of debts whose
    demand letter is more than 10 days old. Welfare, bankruptcy and death spare a debtor.
    """
    rng = dice(seed, "seizures")
    spared = (people[["welfare", "bankrupt", "deceased"]].sum(axis=1) > 0).to_numpy(bool)
    hits = replies[(replies["balance"].fillna(0) >= WORTH).to_numpy(bool)]
    kinds = targets["target_kind"].to_numpy(object)
    gladly = (
        pd.Series(kinds[hits["target"].to_numpy(np.int64)])
        .map({**_GLADLY, "employer": style.garnish})
        .fillna(0.5)
        .to_numpy(float)
    )
    hits = hits[(rng.random(len(hits)) < gladly) & ~spared[hits["person"].to_numpy(np.int64)]]
    day = days_after(hits["replied_on"].to_numpy("datetime64[D]"), rng.integers(5, 40, len(hits)))
    hits = hits.assign(disposed_on=day)[day <= as_of - np.timedelta64(3, "D")]
    share = np.where(rng.random(len(hits)) < 0.35, rng.uniform(0.1, 0.9, len(hits)), 1.0)
    hits = hits.assign(worth=np.round(hits["balance"].astype("float64").to_numpy() * share))
    hits = hits.sort_values(["person", "disposed_on", "worth"], ascending=[True, True, False], kind="stable")
    open_debts = _open_debts(debts, payments, hits)
    owed = open_debts.groupby("person")["left"].sum().reindex(hits["person"], fill_value=0.0).to_numpy(float)
    before = hits.groupby("person")["worth"].cumsum().to_numpy(float) - hits["worth"].to_numpy(float)
    taken = np.clip(owed - before, 0.0, hits["worth"].to_numpy(float))
    hits = hits.assign(collected=np.floor(taken), start=before)[taken >= 1000]
    applied = _applied(open_debts, hits)
    kinds = kinds[hits["target"].to_numpy(np.int64)]
    released = (kinds == "real_estate") | (rng.random(len(hits)) < 0.05)
    released_on = days_after(hits["disposed_on"].to_numpy("datetime64[D]"), rng.integers(20, 300, len(hits)))
    dispositions = pd.DataFrame(
        {
            "person": hits["person"].to_numpy(np.int64),
            "kind": np.array(["02", "03", "04"])[np.searchsorted([0.95, 0.975], rng.random(len(hits)))],
            "asset_kind": kinds,
            "target": hits["target"].to_numpy(np.int64),
            "disposed_on": hits["disposed_on"].to_numpy("datetime64[D]"),
            "collected": hits["collected"].to_numpy(np.int64),
            "released_on": np.where(released & (released_on <= as_of), released_on, empty_days(len(hits))),
        }
    )
    return dispositions, applied


def _open_debts(debts: pd.DataFrame, payments: pd.DataFrame, hits: pd.DataFrame) -> pd.DataFrame:
    """Return the debts that a debtor's first seizure may be applied to, with what is left of each."""
    first = hits.groupby("person")["disposed_on"].min()
    row = np.arange(len(debts))
    day = first.reindex(debts["person"]).to_numpy("datetime64[D]")
    demanded = debts["demanded_on"].to_numpy("datetime64[D]")
    closed = debts["closed_on"].to_numpy("datetime64[D]")
    ends = debts["prescribes_on"].to_numpy("datetime64[D]")
    able = (
        (demanded + np.timedelta64(10, "D") < day)
        & np.isnat(closed)
        & (day + np.timedelta64(120, "D") < ends)
    )
    paid = payments.groupby("debt")["amount"].sum().reindex(row, fill_value=0).to_numpy(float)
    table = debts.assign(debt=row, left=debts["principal"].to_numpy(float) - paid)[able]
    table = table[table["left"] > 0]
    rows: pd.DataFrame = table.sort_values(["person", "due_on", "debt"], kind="stable")
    return rows


def _applied(open_debts: pd.DataFrame, hits: pd.DataFrame) -> pd.DataFrame:
    """Lay the seized yen of a debtor over the debts, oldest first; both are stretches of one line."""
    end = open_debts.groupby("person")["left"].cumsum()
    lines = open_debts.assign(low=end - open_debts["left"], high=end)[["person", "debt", "low", "high"]]
    stretch = hits.assign(stop=hits["start"] + hits["collected"])[["person", "start", "stop", "disposed_on"]]
    both = lines.merge(stretch, on="person")
    amount = np.minimum(both["high"], both["stop"]) - np.maximum(both["low"], both["start"])
    both = both.assign(amount=amount)[amount >= 1]
    paid_on = days_after(both["disposed_on"].to_numpy("datetime64[D]"), np.full(len(both), 3))
    return pd.DataFrame(
        {
            "debt": both["debt"].to_numpy(np.int64),
            "paid_on": paid_on,
            "amount": both["amount"].to_numpy(np.int64),
            "channel": "5",
            "bank_code": None,
        }
    )


def stays_of(
    people: pd.DataFrame, replies: pd.DataFrame, debts: pd.DataFrame, seed: int, as_of: np.datetime64
) -> pd.DataFrame:
    """Return the stays: instalments, deferrals, and suspensions with their ground (local tax act 15-7).

    Suspension follows a search that found nothing: 1 no property, 2 extreme hardship, 3 whereabouts unknown.
    """
    rng = dice(seed, "stays")
    last = replies.groupby("person").agg(day=("replied_on", "max"), worth=("balance", "max"))
    owes = debts[debts["closed_on"].isna()]["person"].unique()
    rows = []
    searched = last[last["worth"].fillna(0) < WORTH]
    hard = people["hardship"].to_numpy(np.int64)
    gone = people["moved_out_on"].notna().to_numpy(bool)
    person = searched.index.to_numpy(np.int64)
    stopped = rng.random(len(person)) < np.where(hard[person] > 0, 0.30, np.where(gone[person], 0.18, 0.05))
    person, day = person[stopped], searched["day"].to_numpy("datetime64[D]")[stopped]
    ground = np.where(gone[person], "3", np.where(hard[person] > 0, "2", "1"))
    rows.append(
        pd.DataFrame(
            {
                "person": person,
                "kind": "suspension",
                "started_on": days_after(day, rng.integers(20, 90, len(day))),
                "ended_on": empty_days(len(day)),
                "ground": ground,
            }
        )
    )
    for kind, chance in (("instalment", 0.045), ("deferral", 0.02)):
        who = owes[rng.random(len(owes)) < chance]
        begun = days_after(np.full(len(who), as_of), -rng.integers(10, 700, len(who)))
        ended = days_after(begun, rng.integers(120, 400, len(who)))
        rows.append(
            pd.DataFrame(
                {
                    "person": who,
                    "kind": kind,
                    "started_on": begun,
                    "ended_on": np.where(ended <= as_of, ended, empty_days(len(who))),
                    "ground": None,
                }
            )
        )
    stays = pd.concat(rows, ignore_index=True)
    stays = stays[stays["started_on"] <= as_of]
    return stays.sort_values(["started_on", "person", "kind"], ignore_index=True)


def hardship_of(people: pd.DataFrame, worth: pd.Series) -> pd.DataFrame:
    """Return the hidden hardship: debtor_id, hardship (0 or 1), kind, no_property (nothing of 10,000 yen)."""
    kind = people["hardship"].to_numpy(np.int64)
    most = worth.reindex(range(len(people)), fill_value=0.0).to_numpy(float)
    return pd.DataFrame(
        {
            "debtor_id": people["debtor_id"].to_numpy(),
            "hardship": (kind > 0).astype(np.int64),
            "kind": np.array(REASONS)[kind],
            "no_property": (most < WORTH).astype(np.int64),
        }
    )
