"""Run: the cases of one matching beside the officers present, and what each pairing costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.capacity import capacities, hardest
from models.proficiency import Speeds
from models.terms import HANDOVER_MINUTES, MOVE_MINUTES, TRAVEL_MINUTES, Terms

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]

NO_STAFF = "割り当てる職員が登録されていません。職員（staff）の表を確認してください。"
ALL_AWAY = "基準日に在席している職員がいません。在任期間（staff）と不在（absences）を確認してください。"
NO_CAPACITY = "在席している職員の稼働率がすべて0です。職員（staff）の稼働率を確認してください。"
TOO_FEW_PLACES = (
    "受け持てる件数の合計{places}件に対し事案は{cases}件で、{short}件足りません。上限件数を見直してください。"
)


@dataclass(frozen=True)
class Run:
    """``cases`` by debtor_id, with hard, holder, keeper, barred and group.

    ``ratios``, shape (cases, officers): minutes over the mean officer's. ``extra``, alike: weighed minutes
    besides, inf where they may not meet. ``capacity``: cases per officer.
    """

    cases: pd.DataFrame
    officers: pd.DataFrame
    ratios: Numbers
    extra: Numbers
    capacity: Counts
    terms: Terms
    speeds: Speeds

    @property
    def heads(self) -> Places:
        """Return the position of the first case of each group."""
        first = self.cases.drop_duplicates("group").sort_values("group")
        return np.asarray(pd.Index(self.cases.index).get_indexer(first.index), dtype=np.intp)


def present_officers(officers: pd.DataFrame) -> pd.DataFrame:
    """Return who can take cases, by staff_id; ValueError when there is nobody."""
    if officers.empty:
        raise ValueError(NO_STAFF)
    present = officers[officers["present"] == 1].sort_values("staff_id", ignore_index=True)
    if present.empty:
        raise ValueError(ALL_AWAY)
    if not present["fte"].sum() > 0:
        raise ValueError(NO_CAPACITY)
    return present[present["fte"] > 0].reset_index(drop=True)


def run_of(cases: pd.DataFrame, officers: pd.DataFrame, speeds: Speeds, terms: Terms) -> Run:
    """Return the run of ``cases`` and ``officers`` (columns: see ``match``)."""
    ordered = _alike(cases.sort_values("debtor_id", kind="stable"), officers, terms)
    ratios = np.exp(speeds.between(ordered["kind"], ordered["hardness"].to_numpy(np.float64), officers))
    extra = np.where(_barred(ordered, officers), np.inf, _weighed(ordered, officers, terms))
    return Run(ordered, officers, ratios, extra, _places(officers, len(ordered), terms), terms, speeds)


def _alike(cases: pd.DataFrame, officers: pd.DataFrame, terms: Terms) -> pd.DataFrame:
    """Add ``whole`` (minutes rounded), ``hard``, who holds or keeps it, ``barred`` and ``group``.

    Cases of one group cost alike and are one node of the flow: 35,000 cases become a few thousand. A
    forecast of minutes is not known more finely than to the minute, and ``_dealt`` puts the finer order back.
    """
    debtors, staff = cases["debtor_id"], set(officers["staff_id"])
    named = _barred_names(terms.exclusions, staff)
    areas = cases["postcode3"].fillna("") if terms.areas is not None and "postcode3" in cases else ""
    marked = cases.assign(
        whole=np.maximum(cases["minutes"].round(), 1.0),
        hard=hardest(cases["minutes"], debtors),
        holder=_ofpresent_officers(terms.held, debtors, staff),
        keeper=_ofpresent_officers(terms.keep, debtors, staff),
        barred=[named.get(debtor, "") for debtor in debtors],
        area=areas,
    )
    alike = ["kind", "whole", "level", "hard", "holder", "keeper", "barred", "area"]
    return marked.assign(group=marked.groupby(alike).ngroup())


def _ofpresent_officers(chosen: pd.Series | None, debtors: pd.Series, staff: set[str]) -> list[str]:
    names = {} if chosen is None else chosen[chosen.isin(staff)].to_dict()
    return [names.get(debtor, "") for debtor in debtors]


def _barred_names(exclusions: pd.DataFrame | None, staff: set[str]) -> dict[str, str]:
    if exclusions is None:
        return {}
    named = exclusions[exclusions["staff_id"].isin(staff)].sort_values("staff_id")
    return {str(debtor): "|".join(rows) for debtor, rows in named.groupby("debtor_id")["staff_id"]}


def _barred(cases: pd.DataFrame, officers: pd.DataFrame) -> Flags:
    named = [each.split("|") for each in cases["barred"]]
    barred = np.zeros((len(cases), len(officers)), dtype=bool)
    for row in np.flatnonzero((cases["barred"] != "").to_numpy()):
        barred[row] = officers["staff_id"].isin(named[row]).to_numpy()
    return barred


def _weighed(cases: pd.DataFrame, officers: pd.DataFrame, terms: Terms) -> Numbers:
    """Return minutes that are weighed but not reported, shape (cases, officers): see the constants."""
    names = pd.Index(officers["staff_id"])
    extra = np.zeros((len(cases), len(names)))
    for column, minutes in (("holder", HANDOVER_MINUTES), ("keeper", MOVE_MINUTES)):
        place = names.get_indexer(cases[column])[:, None]
        extra += np.where((place >= 0) & (place != np.arange(len(names))), minutes, 0.0)
    if terms.areas is not None:
        own = terms.areas.groupby("staff_id")["postcode3"].agg(set)
        for place, name in enumerate(names):
            if name in own.index:
                extra[:, place] += np.where(cases["area"].isin(own[name]), 0.0, TRAVEL_MINUTES)
    return extra


def _places(officers: pd.DataFrame, cases: int, terms: Terms) -> Counts:
    """Return how many cases each may take; ValueError where ``most`` leaves too few places."""
    load = None
    if terms.load is not None:
        load = officers["staff_id"].map(terms.load).fillna(0.0).astype("float64")
    places = capacities(officers["fte"], cases, load)
    if terms.most is None:
        return places
    held = 0.0 if load is None else load.to_numpy()
    full = np.floor(terms.most * officers["fte"].to_numpy(dtype=np.float64))
    room = np.maximum(full - held, 0).astype(np.int64)
    if room.sum() < cases:
        raise ValueError(TOO_FEW_PLACES.format(places=room.sum(), cases=cases, short=cases - int(room.sum())))
    return _within_room(places, room, officers, cases)


def _within_room(places: Counts, room: Counts, officers: pd.DataFrame, cases: int) -> Counts:
    """Return places within ``room``; what somebody has no room for is shared by those who have."""
    fte = officers["fte"].to_numpy(dtype=np.float64)
    found = np.minimum(places, room)
    while found.sum() < cases:
        spare = fte * (found < room)
        more = np.ceil(spare / spare.sum() * (cases - found.sum())).astype(np.int64)
        found = np.minimum(found + more, room)
    return found
