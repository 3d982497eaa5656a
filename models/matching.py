"""Matching: who takes which case, in the least minutes that the officers' shares of the work allow."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.apprenticeship import DEAREST, beyond, seniors, step_levels, steps_promised
from models.capacity import most_hard
from models.exchange_price import next_best
from models.flow import Limits, cheapest
from models.moves import Moves, moves_of
from models.pairing import english_reasons_of, reasons_of
from models.proficiency import Speeds
from models.run import Run, present_officers, run_of
from models.terms import Terms

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]

COLUMNS = ("debtor_id", "staff_id", "expected_minutes", "difficulty_level", "required_level", "reasons")
"""What leaves the office. ``expected_minutes`` are those of the office's mean officer: beside a name, an
officer's own would be a rating."""

_SHARES = ("shares", "english_shares")

EXCLUDED = (
    "担当除外（exclusions）により、{count}件は担当できる職員がいません。対象の組合せを見直してください。"
)
DECLINED = "辞退（担当除外と合わせて）により、{count}件は担当できる職員がいません。辞退を見直してください。"
EXCLUDED_AND_FULL = (
    "担当除外と定員のため{count}件を割り当てられません。担当除外（exclusions）か定員を見直してください。"
)
DECLINED_AND_FULL = "辞退と定員のため{count}件を割り当てられません。辞退か定員を見直してください。"
TOO_HARD = (
    "難しい事案の集中を避ける上限のため{count}件を割り当てられません。上限を外すか職員を増やしてください。"
)


@dataclass(frozen=True)
class Matching:
    """Who takes what, and what it means for everybody's load.

    ``pairs``: one row per case in the order asked for: ``COLUMNS``, english (the reasons in English) and,
    for the supervisor alone, own_minutes (of that officer), next_best, step, senior, hard, stays, kept.
    ``load``: one row per officer present: staff_id, fte, before (cases in hand not assigned here), cases,
    hard, minutes, places. ``growth_minutes``: what growth costs. ``even_minutes``: an equal-load random
    assignment. ``moves``: what became of the pairs to keep (None: there were none).
    """

    pairs: pd.DataFrame = field(repr=False)
    load: pd.DataFrame = field(repr=False)
    growth_minutes: float = 0.0
    even_minutes: float = 0.0
    moves: Moves | None = None

    @property
    def table(self) -> pd.DataFrame:
        """Return what leaves the office: ``COLUMNS``."""
        return self.pairs[list(COLUMNS)]

    @property
    def told(self) -> pd.DataFrame:
        """Return what the pages tell: ``COLUMNS`` and english."""
        return self.pairs[[*COLUMNS, "english"]]

    @property
    def minutes(self) -> float:
        """Return all expected minutes of the matching."""
        return float(self.load["minutes"].sum())


def match(
    cases: pd.DataFrame, officers: pd.DataFrame, speeds: Speeds, terms: Terms | None = None
) -> Matching:
    """Return the matching of least total minutes under ``terms``; proven.

    ``cases``: debtor_id (unique), minutes (of the mean officer), hardness, level (1 to 5), kind; where known
    low, high, selecting_minutes, shares, english_shares, postcode3. ``officers``: ``officers_on``. Nobody
    takes more than the FTE share of the cases, rounded up (with a ``load``: 1.05 times it). The answer does
    not depend on the order of the rows. ValueError, in one sentence, when there is nobody to take them or not
    everything can be placed: which limit is in the way, and by how many cases.
    """
    asked = terms or Terms()
    present = present_officers(officers)
    run = run_of(cases, present, speeds, asked)
    flows, price = _solved(run)
    return _answer(run, _dealt(run, flows), price, cases.index)


def _solved(run: Run) -> tuple[Counts, float]:
    """Return the flows (groups, officers) and what growth costs in minutes."""
    heads, sizes = run.heads, np.bincount(run.cases["group"]).astype(np.int64)
    first = run.cases.iloc[heads]
    costs = first["whole"].to_numpy()[:, None] * run.ratios[heads] + run.extra[heads] + run.moves[heads]
    hard = first["hard"].to_numpy(dtype=bool)
    relief = most_hard(run.officers["fte"], int(sizes[hard].sum())) if run.terms.relief else None
    limits = Limits(run.capacity, hard if run.terms.relief else None, relief)
    flows = cheapest(costs, sizes, limits)
    if flows.sum() < sizes.sum():
        raise ValueError(_in_the_way(run, (costs, sizes, limits), int(sizes.sum() - flows.sum())))
    return _grown(run, (costs, sizes, limits), flows) if run.terms.growth else (flows, 0.0)


def _grown(run: Run, problem: tuple[Numbers, Counts, Limits], flows: Counts) -> tuple[Counts, float]:
    """Return the flows with as many steps up as cost no more than ``DEAREST`` of all minutes."""
    costs, sizes, limits = problem
    levels = run.cases["level"].to_numpy(dtype=np.int64)[run.heads]
    next_levels = step_levels(run.officers, run.speeds)
    step, far = levels[:, None] == next_levels[None, :], beyond(levels, next_levels)
    reported = costs - run.moves[run.heads]  # a step is never worth a move, so both have as many moves
    least = _total(reported, flows)
    promised = steps_promised(run.officers, run.capacity)
    for part in (1.0, 0.75, 0.5, 0.25):
        steps = np.floor(promised * part).astype(np.int64)
        grown = cheapest(
            costs + part * far, sizes, Limits(limits.capacity, limits.hard, limits.most_hard, step, steps)
        )
        price = _total(reported, grown) - least
        if price <= DEAREST * least:
            return grown, price
    return flows, 0.0


def _in_the_way(run: Run, problem: tuple[Numbers, Counts, Limits], short: int) -> str:
    """Return the sentence that names the limit by which ``short`` cases cannot be placed."""
    costs, sizes, limits = problem
    excluded = int(run.excluded.sum())
    if excluded:
        return EXCLUDED.format(count=excluded)
    alone = int(sizes[~np.isfinite(costs).any(axis=1)].sum())
    if alone:
        return DECLINED.format(count=alone)
    if limits.most_hard is not None and cheapest(costs, sizes, Limits(limits.capacity)).sum() == sizes.sum():
        return TOO_HARD.format(count=short)
    declined = (run.cases["declined"] != "").any()
    return (DECLINED_AND_FULL if declined else EXCLUDED_AND_FULL).format(count=short)


def _total(costs: Numbers, flows: Counts) -> float:
    group, officer = np.nonzero(flows)
    return float((costs[group, officer] * flows[group, officer]).sum())


def _dealt(run: Run, flows: Counts) -> Places:
    """Return the officer's place per case: in a group the longest cases go to the fastest officers."""
    ratios = run.ratios[run.heads]
    group, officer = np.nonzero(flows)
    order = np.lexsort((officer, ratios[group, officer], group))
    seats = np.repeat(officer[order], flows[group, officer][order])
    longest = np.lexsort((-run.cases["minutes"].to_numpy(np.float64), run.cases["group"].to_numpy()))
    taken = np.empty(len(run.cases), dtype=np.intp)
    taken[longest] = seats
    return taken


def _answer(run: Run, taken: Places, growth_minutes: float, order: pd.Index) -> Matching:
    cases, officers = run.cases, run.officers
    minutes = cases["minutes"].to_numpy(dtype=np.float64)
    whole = minutes[:, None] * run.ratios
    staff_id = officers["staff_id"].to_numpy()[taken]
    level = cases["level"].to_numpy(dtype=np.int64)
    pairs = pd.DataFrame(
        {
            "debtor_id": cases["debtor_id"].to_numpy(),
            "staff_id": staff_id,
            "expected_minutes": np.round(minutes, 1),
            "difficulty_level": level,
            "required_level": required_levels(level),
            "own_minutes": whole[np.arange(len(taken)), taken],
            "hard": cases["hard"].to_numpy(),
            "stays": staff_id == cases["holder"].to_numpy(),
            "kept": staff_id == cases["keeper"].to_numpy(),
            **{name: _given(cases, name) for name in ("low", "high", "selecting_minutes")},
            **{name: cases[name].to_numpy() if name in cases else "" for name in _SHARES},
            **_steps(run, taken),
        },
        index=cases.index,
    )
    pairs = pairs.assign(next_best=_next_best(run, whole + run.extra, taken, pairs))
    said = {"reasons": reasons_of(pairs), "english": english_reasons_of(pairs)}
    pairs = pairs.assign(**{name: pd.Series(texts, pairs.index, "str") for name, texts in said.items()})
    even = officers["fte"].to_numpy(np.float64) / float(officers["fte"].sum())
    return Matching(
        pairs.loc[order].reset_index(drop=True),
        _load(run, pairs, taken),
        growth_minutes,
        float((whole @ even).sum()),
        moves_of(run, taken),
    )


def _next_best(run: Run, costs: Numbers, taken: Places, pairs: pd.DataFrame) -> Numbers:
    """Return what the next best officer would cost, hard cases and steps each among themselves."""
    hard, step = pairs["hard"].to_numpy(dtype=bool), pairs["step"].to_numpy(dtype=bool)
    size = len(run.officers)
    seat = np.bincount(taken, minlength=size) < run.capacity
    relieved = run.terms.relief
    limit = most_hard(run.officers["fte"], int(hard.sum())) if relieved else np.full(size, len(taken))
    room = seat & (np.bincount(taken[hard], minlength=size) < limit)
    found = np.zeros(len(taken))
    sort = 2 * step + (hard if relieved else 0)
    for each in np.unique(sort):
        rows = sort == each
        found[rows] = next_best(costs[rows], taken[rows], room if each == 1 else seat)
    return found


def _steps(run: Run, taken: Places) -> dict[str, object]:
    """Return which cases are a step up for their officer, and whom each newcomer may ask."""
    none: dict[str, object] = {"step": np.zeros(len(taken), dtype=bool), "senior": ""}
    if not run.terms.growth or not len(taken):
        return none
    wanted = step_levels(run.officers, run.speeds)[taken]
    step = (wanted > 0) & (run.cases["level"].to_numpy(dtype=np.int64) == wanted)
    asked = np.asarray(seniors(run.ratios[step], np.isinf(run.extra[step]), run.officers), dtype=object)
    named = np.full(len(taken), "", dtype=object)
    named[step] = asked
    return {"step": step, "senior": named}


def _load(run: Run, pairs: pd.DataFrame, taken: Places) -> pd.DataFrame:
    size, load = len(run.officers), run.terms.load
    before = 0 if load is None else run.officers["staff_id"].map(load).fillna(0).astype(int)
    own = pairs["own_minutes"].to_numpy(dtype=np.float64)
    return run.officers[["staff_id", "fte"]].assign(
        before=before,
        cases=np.bincount(taken, minlength=size),
        hard=np.bincount(taken, pairs["hard"].to_numpy(dtype=np.float64), size).astype(int),
        minutes=np.bincount(taken, own, size),
        places=run.capacity,
    )


def _given(cases: pd.DataFrame, name: str) -> Numbers:
    if name not in cases:
        return np.full(len(cases), np.nan)
    return cases[name].to_numpy(dtype=np.float64)


def required_levels(level: Counts) -> Counts:
    """Return the proficiency band (1 to 5) that a case of each difficulty level asks for: the same fifth."""
    return level
