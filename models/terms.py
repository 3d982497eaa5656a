"""Terms: what an office wants of a matching, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

HANDOVER_MINUTES = 20.0  # what somebody new to the debtor needs to read in; weighed, not reported
TRAVEL_MINUTES = 15.0  # what a case outside an officer's area is taken to cost more; weighed, not reported
MOVE_MINUTES = 100_000.0  # dearer than all else: a case moves only where it cannot stay


@dataclass(frozen=True)
class Terms:
    """What the office wants of a matching, and what stands in the way.

    ``relief``: nobody takes more than twice the FTE share of the hardest fifth. ``growth``: newcomers get
    steps up. ``most``: cases that a full-time officer may have in hand (None: no limit but the share).
    ``exclusions``: debtor_id, staff_id that may not meet (conflicts of interest); ``declined``: likewise,
    because the officer declined the case. ``held``: staff_id by debtor_id; anybody else is charged
    ``HANDOVER_MINUTES``. ``keep``: staff_id by debtor_id of a matching already made: a case moves only where
    it cannot stay. ``load``: by staff_id, cases in hand that are not among those assigned. ``areas``:
    staff_id, postcode3 where an officer has areas; a case whose area is unknown is outside nobody's.
    """

    relief: bool = True
    growth: bool = False
    most: int | None = None
    exclusions: pd.DataFrame | None = field(default=None, repr=False)
    declined: pd.DataFrame | None = field(default=None, repr=False)
    held: pd.Series | None = field(default=None, repr=False)
    keep: pd.Series | None = field(default=None, repr=False)
    load: pd.Series | None = field(default=None, repr=False)
    areas: pd.DataFrame | None = field(default=None, repr=False)
