"""Matching: who takes which case, in the least minutes that the officers' shares of the work allow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from ortools.graph.python import min_cost_flow

from features.ledger.snapshot import Ledger
from features.officers import officers_on
from features.profile import build_profiles
from models.difficulty import Difficulty
from models.proficiency import Speeds, case_kinds

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]

COLUMNS = ("debtor_id", "staff_id", "expected_minutes", "difficulty_level", "required_level", "reasons")
HANDOVER_MINUTES = 20.0  # what somebody new to the debtor needs to read in; weighed, not reported
GRAIN = 100  # costs are whole hundredths of a minute, because the solver wants whole numbers

NO_STAFF = "割り当てる職員が登録されていません。職員（staff）の表を確認してください。"
ALL_AWAY = "基準日に在席している職員がいません。在任期間（staff）と不在（absences）を確認してください。"
NO_CAPACITY = "在席している職員の稼働率がすべて0です。職員（staff）の稼働率を確認してください。"
NOT_MET = "担当除外と定員のため{count}件を割り当てられません。担当除外（exclusions）を見直してください。"


def propose(ledger: Ledger, debtor_ids: list[str], difficulty: Difficulty) -> pd.DataFrame:
    """Return who should take which of ``debtor_ids`` as of the ledger's day (columns: see ``match``)."""
    day = pd.Timestamp(ledger.day)
    cases = pd.DataFrame({"debtor_id": pd.Series(debtor_ids, dtype="str")})
    cases["day"] = pd.Series(day, index=cases.index, dtype="datetime64[s]")
    profiles = build_profiles(ledger, cases)
    expected = difficulty.predict(profiles)
    known = cases[["debtor_id"]].assign(
        minutes=expected["minutes"], level=expected["level"], kind=case_kinds(profiles)
    )
    found = match(
        known, officers_on(ledger), difficulty.speeds, exclusions=ledger["exclusions"], held=holders(ledger)
    )
    lengthened = [
        f"見込みを延ばす主な要素は{'と'.join(f'「{x}」' for x in row)}です。" if row else ""
        for row in difficulty.drivers(profiles)
    ]
    return found.assign(reasons=found["reasons"] + pd.Series(lengthened, index=found.index, dtype="str"))


def holders(ledger: Ledger) -> pd.Series:
    """Return the officer (staff_id) who holds each debtor's open assignment, by debtor_id; latest start."""
    work = ledger["assignments"]
    held = work[work["ended_on"].isna()].sort_values(["started_on", "assignment_id"], kind="stable")
    return held.drop_duplicates("debtor_id", keep="last").set_index("debtor_id")["staff_id"]


def match(
    cases: pd.DataFrame,
    officers: pd.DataFrame,
    speeds: Speeds,
    *,
    exclusions: pd.DataFrame | None = None,
    held: pd.Series | None = None,
) -> pd.DataFrame:
    """Return one row per case, in the order of ``cases``, with ``COLUMNS``; proven least in total minutes.

    ``cases``: debtor_id (unique), minutes (of the mean officer), level (1 to 5), kind. ``officers``:
    ``officers_on``. ``exclusions``: debtor_id, staff_id that may not meet. ``held``: staff_id by
    debtor_id; anybody else is charged ``HANDOVER_MINUTES``. Nobody takes more than the FTE share of
    the cases, rounded up. The answer does not depend on the order of the rows. ValueError, in one
    sentence, when there is nobody to take them or not everything can be placed.
    """
    present = _present(officers)
    if cases.empty:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    ordered = _alike(cases.sort_values("debtor_id", kind="stable"), present, exclusions, held)
    ratios = _ratios(ordered, present, speeds)
    first = ordered.drop_duplicates("group").sort_values("group")
    heads = ratios[pd.Index(ordered.index).get_indexer(first.index)]
    costs = first["whole"].to_numpy()[:, None] * heads + _reading(first, present)
    costs[_barred(first, present)] = np.inf
    sizes = np.bincount(ordered["group"]).astype(np.int64)
    flows = _solve(costs, sizes, capacities(present["fte"], len(ordered)))
    taken = _dealt(ordered, flows, heads)
    return _answer(ordered, present, ratios, taken).loc[cases.index].reset_index(drop=True)


def capacities(fte: pd.Series, cases: int) -> Counts:
    """Return how many cases each officer may take: the FTE share of ``cases``, rounded up.

    >>> capacities(pd.Series([1.0, 0.5, 0.5]), 10).tolist()
    [5, 3, 3]
    """
    share = fte.to_numpy(dtype=np.float64)
    places: Counts = np.ceil(np.round(share / share.sum() * cases, 9)).astype(np.int64)
    return places


def _present(officers: pd.DataFrame) -> pd.DataFrame:
    if officers.empty:
        raise ValueError(NO_STAFF)
    present = officers[officers["present"] == 1].sort_values("staff_id", ignore_index=True)
    if present.empty:
        raise ValueError(ALL_AWAY)
    if not present["fte"].sum() > 0:
        raise ValueError(NO_CAPACITY)
    return present


def _alike(
    cases: pd.DataFrame, officers: pd.DataFrame, exclusions: pd.DataFrame | None, held: pd.Series | None
) -> pd.DataFrame:
    """Add ``whole`` (minutes rounded), ``holder``, ``barred`` and ``group``: cases that cost alike.

    Cases of one group are one node of the flow: 35,000 cases become a few thousand. A forecast of minutes
    is not known more finely than to the minute, and ``_dealt`` puts the finer order back.
    """
    barred: dict[str, str] = {}
    if exclusions is not None:
        named = exclusions[exclusions["staff_id"].isin(officers["staff_id"])].sort_values("staff_id")
        barred = {str(debtor): "|".join(rows) for debtor, rows in named.groupby("debtor_id")["staff_id"]}
    holders = {} if held is None else held[held.isin(officers["staff_id"])].to_dict()
    marked = cases.assign(
        whole=np.maximum(cases["minutes"].round(), 1.0),
        holder=[holders.get(debtor, "") for debtor in cases["debtor_id"]],
        barred=[barred.get(debtor, "") for debtor in cases["debtor_id"]],
    )
    return marked.assign(group=marked.groupby(["kind", "whole", "holder", "barred"]).ngroup())


def _ratios(cases: pd.DataFrame, officers: pd.DataFrame, speeds: Speeds) -> Numbers:
    """Return each officer's minutes over the mean officer's, shape (cases, officers)."""
    names = sorted(set(cases["kind"]))
    kinds = [pd.Series(name, index=officers.index, dtype="str") for name in names]
    logs = [speeds.log_ratio(officers["staff_id"], officers["months_in_post"], kind) for kind in kinds]
    ratios: Numbers = np.exp(np.stack(logs))[pd.Index(names).get_indexer(cases["kind"])]
    return ratios


def _barred(cases: pd.DataFrame, officers: pd.DataFrame) -> Flags:
    named = cases["barred"].str.split("|").tolist()
    barred = np.zeros((len(cases), len(officers)), dtype=bool)
    for row in np.flatnonzero((cases["barred"] != "").to_numpy()):
        barred[row] = officers["staff_id"].isin(named[row]).to_numpy()
    return barred


def _reading(cases: pd.DataFrame, officers: pd.DataFrame) -> Numbers:
    """Return the minutes of reading in, shape (cases, officers): none for who holds the debtor already."""
    holder = pd.Index(officers["staff_id"]).get_indexer(cases["holder"])[:, None]
    return np.where((holder >= 0) & (holder != np.arange(len(officers))), HANDOVER_MINUTES, 0.0)


def _solve(costs: Numbers, sizes: Counts, capacity: Counts) -> Counts:
    """Return how many of each group go to each officer, shape of ``costs`` (minutes; inf: barred).

    Groups are the sources, officers follow, and a sink takes what the officers' capacity lets through.
    """
    groups, officers = costs.shape
    group, officer = np.nonzero(np.isfinite(costs))
    flow = min_cost_flow.SimpleMinCostFlow()
    price = np.rint(costs[group, officer] * GRAIN).astype(np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(group, groups + officer, sizes[group], price)
    seats, sink = groups + np.arange(officers), np.full(officers, groups + officers)
    flow.add_arcs_with_capacity_and_unit_cost(seats, sink, capacity, np.zeros_like(capacity))
    nodes = np.append(np.arange(groups), groups + officers)
    flow.set_nodes_supplies(nodes, np.append(sizes, -sizes.sum()))
    status, flows = flow.solve_max_flow_with_min_cost(), np.zeros(costs.shape, dtype=np.int64)
    flows[group, officer] = flow.flows(arcs)
    if status != flow.OPTIMAL or flows.sum() < sizes.sum():
        raise ValueError(NOT_MET.format(count=int(sizes.sum() - flows.sum())))
    return flows


def _dealt(cases: pd.DataFrame, flows: Counts, ratios: Numbers) -> Places:
    """Return the officer's place per case: in a group the longest cases go to the fastest officers."""
    group, officer = np.nonzero(flows)
    order = np.lexsort((officer, ratios[group, officer], group))
    seats = np.repeat(officer[order], flows[group, officer][order])
    longest = np.lexsort((-cases["minutes"].to_numpy(dtype=np.float64), cases["group"].to_numpy()))
    taken = np.empty(len(cases), dtype=np.intp)
    taken[longest] = seats
    return taken


def _answer(cases: pd.DataFrame, officers: pd.DataFrame, ratios: Numbers, taken: Places) -> pd.DataFrame:
    rows = np.arange(len(taken))
    minutes = cases["minutes"].to_numpy(dtype=np.float64)[:, None] * ratios
    own = minutes[rows, taken]
    others = np.where(_barred(cases, officers), np.inf, minutes)
    others[rows, taken] = np.inf
    level = cases["level"].to_numpy(dtype=np.int64)
    staff_id = officers["staff_id"].to_numpy()[taken]
    columns = {
        "debtor_id": cases["debtor_id"].to_numpy(),
        "staff_id": staff_id,
        "expected_minutes": np.round(own, 1),
        "difficulty_level": level,
        "required_level": required_levels(level),
        "reasons": _reasons(own, others.min(axis=1), level, staff_id == cases["holder"].to_numpy()),
    }
    return pd.DataFrame(columns, index=cases.index)


def required_levels(level: Counts) -> Counts:
    """Return the proficiency band (1 to 5) that a case of each difficulty level asks for: the same fifth."""
    return level


def _reasons(own: Numbers, other: Numbers, level: Counts, stays: Flags) -> list[str]:
    need = required_levels(level)
    return [
        f"難易度は5段階の{level[i]}で、習熟度{need[i]}以上が目安です。見込みは約{own[i]:.0f}分です。"
        + _compared(other[i] - own[i])
        + ("すでに担当している職員のため引き継ぎが要りません。" if stays[i] else "")
        for i in range(len(own))
    ]


def _compared(saved: float) -> str:
    if np.isinf(saved):
        return "ほかに担当できる職員がいません。"
    if round(saved) > 0:
        return f"次に早い見込みの職員より約{saved:.0f}分短くなります。"
    if round(saved) == 0:
        return "最も早い見込みの職員と所要時間はほぼ同じです。"
    return f"最も早い見込みの職員より約{-saved:.0f}分長いものの、定員の中で全体の合計が最短になる組合せです。"
