"""Flow: how many cases of each sort go to whom, at the least total cost that the limits allow; proven."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ortools.graph.python import min_cost_flow

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

GRAIN = 100  # costs are whole hundredths of a minute, because the solver wants whole numbers
REWARD = 10_000.0  # minutes: a promised step up is kept wherever the other limits allow it


@dataclass(frozen=True)
class Limits:
    """``capacity``: cases per officer. ``hard``: which groups are hard, ``most_hard`` of them per officer.

    ``step``: shape (groups, officers), where a case is one step above the officer's level; ``steps``: how
    many such cases each is to get where it can be done. No group is both hard and a step.
    """

    capacity: Counts
    hard: Flags | None = None
    most_hard: Counts | None = None
    step: Flags | None = None
    steps: Counts | None = None


def cheapest(costs: Numbers, sizes: Counts, limits: Limits) -> Counts:
    """Return how many of each group go to each officer (shape of ``costs``): as many as can be placed.

    ``costs``: minutes of one case of a group with an officer, shape (groups, officers), inf where they may
    not meet. ``sizes``: cases per group. Groups are the sources; hard cases and steps pass a gate of their
    own before the officer, and a sink takes what the officers' capacity lets through.

    >>> two = Limits(np.array([1, 1]))
    >>> cheapest(np.array([[10.0, 12.0], [20.0, 30.0]]), np.array([1, 1]), two).tolist()
    [[0, 1], [1, 0]]
    """
    groups, officers = costs.shape
    group, officer = np.nonzero(np.isfinite(costs))
    flow = min_cost_flow.SimpleMinCostFlow()
    price = np.rint(costs[group, officer] * GRAIN).astype(np.int64)
    gate = _gates(limits, group, officer)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        group, groups + gate * officers + officer, sizes[group], price
    )
    seats, everything = groups + np.arange(officers), np.full(officers, sizes.sum())
    hard = everything if limits.most_hard is None else limits.most_hard
    free, paid = np.zeros(officers, dtype=np.int64), np.full(officers, -int(REWARD * GRAIN))
    for place, most, cost in (
        (seats + officers, hard, free),
        (seats + 2 * officers, everything, free),
        (seats + 2 * officers, free if limits.steps is None else limits.steps, paid),
    ):
        flow.add_arcs_with_capacity_and_unit_cost(place, seats, most.astype(np.int64), cost)
    sink = groups + 3 * officers
    flow.add_arcs_with_capacity_and_unit_cost(seats, np.full(officers, sink), limits.capacity, free)
    flow.set_nodes_supplies(np.append(np.arange(groups), sink), np.append(sizes, -sizes.sum()))
    status = flow.solve_max_flow_with_min_cost()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"the flow could not be solved: {status}")
    flows = np.zeros(costs.shape, dtype=np.int64)
    flows[group, officer] = flow.flows(arcs)
    return flows


def _gates(limits: Limits, group: npt.NDArray[np.intp], officer: npt.NDArray[np.intp]) -> Counts:
    """Return per arc where it leads: 0 straight to the officer, 1 the gate of hard cases, 2 that of steps."""
    gate = np.zeros(len(group), dtype=np.int64)
    if limits.hard is not None:
        gate[limits.hard[group]] = 1
    if limits.step is not None:
        gate[limits.step[group, officer] & (gate == 0)] = 2
    return gate
