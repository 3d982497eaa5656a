"""Flow: how many cases of each sort go to whom, at the least total cost that the limits allow; proven."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ortools.graph.python import min_cost_flow

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

GRAIN = 100  # costs are whole hundredths of a minute, because the solver wants whole numbers


@dataclass(frozen=True)
class Flow:
    """``flows``: how many of each group go to each officer, shape (groups, officers). ``unplaced``: the rest."""

    flows: Counts
    unplaced: int


def cheapest(costs: Numbers, sizes: Counts, capacity: Counts) -> Flow:
    """Return the flow of least total cost among those that place as many cases as can be placed.

    ``costs``: minutes of one case of a group with an officer, shape (groups, officers), inf where they may
    not meet. ``sizes``: cases per group. ``capacity``: cases per officer. Groups are the sources, officers
    follow, and a sink takes what their capacity lets through.

    >>> cheapest(np.array([[10.0, 12.0], [20.0, 30.0]]), np.array([1, 1]), np.array([1, 1])).flows.tolist()
    [[0, 1], [1, 0]]
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
    status = flow.solve_max_flow_with_min_cost()
    flows = np.zeros(costs.shape, dtype=np.int64)
    if status != flow.OPTIMAL:
        return Flow(flows, int(sizes.sum()))
    flows[group, officer] = flow.flows(arcs)
    return Flow(flows, int(sizes.sum() - flows.sum()))
