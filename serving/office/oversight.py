"""What a supervisor oversees: who is there and holds what, reminders that are late, hard cases as solved."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from features.law import restricted
from features.ledger.snapshot import Ledger
from features.officers import officers_on
from models.difficulty import Difficulty
from models.proposal import holders, takers
from serving.office.reminders import LateReminder, late_reminders

HARD_SHARE = 0.8
"""The casebook holds ended work that took longer than this share of all ended work."""
FEW_CASES = 20
"""Ended cases below which nothing is said of somebody's proficiency."""
WORTH = 10_000  # yen: property worth the name (the contract's hit)

BAND_OF_LEVEL = {1: "growing", 2: "growing", 3: "usual", 4: "seasoned", 5: "seasoned"}


@dataclass(frozen=True)
class Officer:
    """Somebody in post. ``held``: debtors in hand. ``band``: growing, usual, seasoned; few: too few cases."""

    staff_id: str
    fte: float
    held: int
    band: str


@dataclass(frozen=True)
class Solved:
    """One hard case that ended: what was asked and found, and how it came out. It names no officer."""

    debtor_id: str
    ended_on: date
    minutes: float
    asked: int
    found: tuple[str, ...]
    collected: int
    outcome: tuple[str, ...]


class Oversight:
    """The ledger read as a supervisor reads it; reading changes nothing."""

    def __init__(self, ledger: Ledger, difficulty: Difficulty | None = None) -> None:
        self._ledger = ledger
        self._difficulty = difficulty
        self._takers: dict[str, list[str]] = {}

    @cached_property
    def officers(self) -> tuple[Officer, ...]:
        """Everybody in post and not absent, by staff_id."""
        present = present_officers_on(self._ledger)
        held = self.held.value_counts()
        bands = self._bands(present)
        return tuple(
            Officer(str(row["staff_id"]), float(row["fte"]), int(held.get(row["staff_id"], 0)), band)
            for row, band in zip(present.to_dict("records"), bands, strict=True)
        )

    @cached_property
    def held(self) -> pd.Series:
        """Who holds each debtor's open assignment: staff_id by debtor_id."""
        return holders(self._ledger)

    @cached_property
    def known_staff(self) -> frozenset[str]:
        """Everybody the records know, in post or not."""
        return frozenset(self._ledger["staff"]["staff_id"])

    @cached_property
    def joined_on(self) -> Mapping[str, date]:
        """The day each officer took up the post, by staff_id; who has none on record is left out."""
        staff = self._ledger["staff"].dropna(subset=["joined_on"])
        return {str(who): day.date() for who, day in zip(staff["staff_id"], staff["joined_on"], strict=True)}

    @cached_property
    def excluded(self) -> frozenset[tuple[str, str]]:
        """Pairs of debtor_id and staff_id that may not meet."""
        listed = self._ledger["exclusions"]
        return frozenset(zip(listed["debtor_id"], listed["staff_id"], strict=True))

    @cached_property
    def protected(self) -> frozenset[str]:
        """Debtors under protection (支援措置)."""
        debtors = self._ledger["debtors"]["debtor_id"].drop_duplicates().reset_index(drop=True)
        day = pd.Series(pd.Timestamp(self._ledger.day), debtors.index, dtype="datetime64[s]")
        held = restricted(self._ledger, pd.DataFrame({"debtor_id": debtors, "day": day}))
        return frozenset(debtors[held.to_numpy(dtype=bool)])

    @cached_property
    def levels(self) -> dict[str, int]:
        """The level of everybody in post by staff_id, 1 to 5; empty where no minutes were learnt."""
        present = present_officers_on(self._ledger)
        if self._difficulty is None:
            return {}
        levels = self._difficulty.speeds.levels(present["staff_id"], present["months_in_post"])
        return {str(name): int(level) for name, level in zip(present["staff_id"], levels, strict=True)}

    def takers(self, debtor_ids: Sequence[str]) -> dict[str, list[str]]:
        """Return by debtor_id who may take the case, the least minutes first; nobody's minutes are told.

        Where no minutes were learnt they come by staff_id.
        """
        if self._difficulty is not None:
            new = [each for each in debtor_ids if each not in self._takers]
            self._takers.update(takers(self._ledger, new, self._difficulty) if new else {})
            return {each: self._takers[each] for each in debtor_ids}
        names = [officer.staff_id for officer in self.officers]
        return {
            debtor: [name for name in names if (debtor, name) not in self.excluded] for debtor in debtor_ids
        }

    @cached_property
    def late_reminders(self) -> tuple[LateReminder, ...]:
        """Debtors with a 督促 not sent within 20 days, the most urgent first."""
        return late_reminders(self._ledger, {str(who): str(by) for who, by in self.held.items()})

    @cached_property
    def casebook(self) -> tuple[Solved, ...]:
        """Hard cases that came out some way, the latest first; protected debtors are left out."""
        work = self._ledger["assignments"]
        ended = work[work["ended_on"].notna() & (work["handling_minutes"] > 0)]
        if ended.empty:
            return ()
        minutes = ended["handling_minutes"].astype("float64")
        hard = ended[minutes >= minutes.quantile(HARD_SHARE)]
        cases = pd.DataFrame({"debtor_id": hard["debtor_id"], "day": pd.Timestamp(self._ledger.day)})
        hard = hard[~restricted(self._ledger, cases.reset_index(drop=True)).to_numpy(dtype=bool)]
        hard = hard.sort_values(["ended_on", "assignment_id"], ascending=[False, True])
        past = _pasts(self._ledger, set(hard["debtor_id"].astype(str)))
        found = (_solved(row, *past) for row in hard.to_dict("records"))
        return tuple(each for each in found if each.outcome)

    def _bands(self, present: pd.DataFrame) -> Sequence[str]:
        if self._difficulty is None:
            return ["few"] * len(present)
        cases = self._difficulty.speeds.ended(present["staff_id"])
        return [
            BAND_OF_LEVEL[self.levels[str(name)]] if count >= FEW_CASES else "few"
            for name, count in zip(present["staff_id"], cases, strict=True)
        ]


def _pasts(ledger: Ledger, debtors: set[str]) -> tuple[dict[str, pd.DataFrame], ...]:
    """Return the inquiries with their replies, the dispositions and the stays of some debtors, by debtor."""
    replies = ledger["replies"][["inquiry_id", "result", "balance"]].drop_duplicates("inquiry_id")
    tables = (ledger["inquiries"], ledger["dispositions"], ledger["stays"])
    asked, acts, stays = (table[table["debtor_id"].isin(debtors)] for table in tables)
    return tuple(
        {str(debtor): part for debtor, part in table.groupby("debtor_id")}
        for table in (asked.merge(replies, on="inquiry_id", how="left"), acts, stays)
    )


def present_officers_on(ledger: Ledger) -> pd.DataFrame:
    """Return the officers in post and not absent, by staff_id."""
    officers = officers_on(ledger)
    return officers[officers["present"] == 1].sort_values("staff_id", ignore_index=True)


def _solved(
    work: Mapping[Hashable, Any],
    asked: dict[str, pd.DataFrame],
    acts: dict[str, pd.DataFrame],
    stays: dict[str, pd.DataFrame],
) -> Solved:
    """Return what happened in the time of one assignment, and in the half-year after it."""
    debtor = str(work["debtor_id"])
    start, end = pd.Timestamp(str(work["started_on"])), pd.Timestamp(str(work["ended_on"]))
    inquiries = _during(asked.get(debtor), "requested_on", start, end)
    after = end + pd.Timedelta(days=180)
    seized = _during(acts.get(debtor), "disposed_on", start, after)
    stayed = _during(stays.get(debtor), "started_on", start, after)
    hits: list[str] = []
    if len(inquiries):
        worth = inquiries["balance"].astype("float64").fillna(0.0) >= WORTH
        hits = list(
            dict.fromkeys(inquiries.loc[worth & (inquiries["result"] == "1"), "target_kind"].astype(str))
        )
    outcome = [f"act.{kind}" for kind in dict.fromkeys(seized["kind"].astype(str))] if len(seized) else []
    outcome += [f"stay.{kind}" for kind in dict.fromkeys(stayed["kind"].astype(str))] if len(stayed) else []
    return Solved(
        debtor,
        end.date(),
        float(str(work["handling_minutes"])),
        len(inquiries),
        tuple(hits),
        int(seized["collected"].fillna(0).sum()) if len(seized) else 0,
        tuple(outcome),
    )


def _during(rows: pd.DataFrame | None, column: str, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    if rows is None:
        return pd.DataFrame()
    return rows[(rows[column] >= start) & (rows[column] <= end)]
