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
    "常勤1人の上限{most}件では、受け持てる件数の合計{places}件に対し事案は{cases}件で、{short}件足りません。"
    "上限を{enough}件以上にするか、対象の事案を減らしてください。"
)


@dataclass(frozen=True)
class Run:
    """``cases`` by debtor_id, with hard, holder, keeper, barred and group.

    ``ratios``, shape (cases, officers): minutes over the mean officer's. ``extra``, alike: weighed minutes
    besides, inf where they may not meet; ``moves``: what moving a case costs that could stay. ``capacity``:
    cases per officer. ``excluded``, shape (cases,): nobody may take it, even if nothing had been declined.
    """

    cases: pd.DataFrame
    officers: pd.DataFrame
    ratios: Numbers
    extra: Numbers
    moves: Numbers
    capacity: Counts
    excluded: Flags
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
    names = pd.Index(officers["staff_id"])
    ratios = np.exp(speeds.between(ordered["kind"], ordered["hardness"].to_numpy(np.float64), officers))
    excluded, declined = _barred(ordered["excluded"], officers), _barred(ordered["declined"], officers)
    extra = _away(ordered["holder"], names, HANDOVER_MINUTES) + _travel(ordered, names, terms)
    return Run(
        ordered,
        officers,
        ratios,
        np.where(excluded | declined, np.inf, extra),
        _away(ordered["keeper"], names, MOVE_MINUTES),
        _places(officers, len(ordered), terms),
        np.asarray(excluded.all(axis=1)),
        terms,
        speeds,
    )


def _alike(cases: pd.DataFrame, officers: pd.DataFrame, terms: Terms) -> pd.DataFrame:
    """Add ``whole`` (minutes rounded), ``hard``, who holds, keeps or may not take it, and ``group``.

    Cases of one group cost alike and are one node of the flow: 35,000 cases become a few thousand. A
    forecast of minutes is not known more finely than to the minute, and ``_dealt`` puts the finer order back.
    """
    debtors, staff = cases["debtor_id"], set(officers["staff_id"])
    areas = cases["postcode3"].fillna("") if terms.areas is not None and "postcode3" in cases else ""
    marked = cases.assign(
        whole=np.maximum(cases["minutes"].round(), 1.0),
        hard=hardest(cases["minutes"], debtors),
        holder=_of_present(terms.held, debtors, staff),
        keeper=_of_present(terms.keep, debtors, staff),
        excluded=_names_barred(terms.exclusions, debtors, staff),
        declined=_names_barred(terms.declined, debtors, staff),
        area=areas,
    )
    alike = ["kind", "whole", "level", "hard", "holder", "keeper", "excluded", "declined", "area"]
    return marked.assign(group=marked.groupby(alike).ngroup())


def _of_present(chosen: pd.Series | None, debtors: pd.Series, staff: set[str]) -> list[str]:
    names = {} if chosen is None else chosen[chosen.isin(staff)].to_dict()
    return [names.get(debtor, "") for debtor in debtors]


def _names_barred(barred: pd.DataFrame | None, debtors: pd.Series, staff: set[str]) -> list[str]:
    """Return per debtor who of ``staff`` may not take the case, names joined by a bar."""
    if barred is None:
        return [""] * len(debtors)
    named = barred[barred["staff_id"].isin(staff)].sort_values("staff_id")
    found = {str(debtor): "|".join(rows) for debtor, rows in named.groupby("debtor_id")["staff_id"]}
    return [found.get(debtor, "") for debtor in debtors]


def _barred(names: pd.Series, officers: pd.DataFrame) -> Flags:
    barred = np.zeros((len(names), len(officers)), dtype=bool)
    for row in np.flatnonzero((names != "").to_numpy()):
        barred[row] = officers["staff_id"].isin(str(names.iloc[row]).split("|")).to_numpy()
    return barred


def _away(whose: pd.Series, names: pd.Index, minutes: float) -> Numbers:
    """Return ``minutes`` for everybody but the one whose the case is, shape (cases, officers)."""
    place = names.get_indexer(pd.Index(whose))[:, None]
    return np.where((place >= 0) & (place != np.arange(len(names))), minutes, 0.0)


def _travel(cases: pd.DataFrame, names: pd.Index, terms: Terms) -> Numbers:
    """Return ``TRAVEL_MINUTES`` where a case is known to be outside an officer's areas."""
    extra = np.zeros((len(cases), len(names)))
    if terms.areas is not None:
        own = terms.areas.groupby("staff_id")["postcode3"].agg(set)
        for place, name in enumerate(names):
            if name in own.index:
                inside = cases["area"].isin(own[name]) | (cases["area"] == "")
                extra[:, place] = np.where(inside, 0.0, TRAVEL_MINUTES)
    return extra


def _places(officers: pd.DataFrame, cases: int, terms: Terms) -> Counts:
    """Return how many cases each may take; ValueError where ``most`` leaves too few places."""
    load = None
    if terms.load is not None:
        load = officers["staff_id"].map(terms.load).fillna(0.0).astype("float64")
    places = capacities(officers["fte"], cases, load)
    if terms.most is None:
        return places
    held = np.zeros(len(officers)) if load is None else np.asarray(load, dtype=np.float64)
    fte = np.asarray(officers["fte"], dtype=np.float64)
    room = room_within(terms.most, fte, held)
    if room.sum() < cases:
        short, enough = cases - int(room.sum()), _enough(fte, held, cases)
        raise ValueError(
            TOO_FEW_PLACES.format(most=terms.most, places=room.sum(), cases=cases, short=short, enough=enough)
        )
    return _within_room(places, room, officers, cases)


def room_within(most: int, fte: Numbers, held: Numbers) -> Counts:
    """Return how many more cases each may hold where a full-time officer may hold ``most``."""
    return np.maximum(np.floor(most * fte + 1e-9) - held, 0).astype(np.int64)


def _enough(fte: Numbers, held: Numbers, cases: int) -> int:
    """Return the least ``most`` that leaves room for all cases."""
    low, high = 0, int((held.sum() + cases) / fte.min()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if room_within(middle, fte, held).sum() >= cases else (middle, high)
    return high


def _within_room(places: Counts, room: Counts, officers: pd.DataFrame, cases: int) -> Counts:
    """Return places within ``room``; what somebody has no room for is shared by those who have."""
    fte = officers["fte"].to_numpy(dtype=np.float64)
    found = np.minimum(places, room)
    while found.sum() < cases:
        spare = fte * (found < room)
        more = np.ceil(spare / spare.sum() * (cases - found.sum())).astype(np.int64)
        found = np.minimum(found + more, room)
    return found
