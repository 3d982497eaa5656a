"""Slots filled at random: a small, known share of what is shown, so that later learning can trust its log.

Officers ask what looks promising, and a model that learns from their log alone never meets the rest. Of the
targets shown in a case the last few are drawn at random from plausible candidates, each with a probability
that is logged. The best are never displaced, and everything drawn is a candidate with grounds that may be
asked now: routed cases have none, a recent blank is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

ADVISED = 0.1
"""The share advised: one of ten."""

LARGEST = 0.3
POOL = 30
"""Ranks from which a slot may be filled: beyond them a target is no longer plausible."""


@dataclass(frozen=True)
class Slots:
    """``share`` of the shown targets that is drawn (0 to ``LARGEST``); ``seed`` keeps offices apart.

    The draw depends on the case, the day and the seed alone: a reload shows the same.
    """

    share: float = ADVISED
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse a share that is none."""
        if not 0 <= self.share <= LARGEST:
            raise ValueError(f"the share of random slots is between 0 and {LARGEST}")


@dataclass(frozen=True)
class Draw:
    """What is shown, in order: ``places`` (0: the best), whether each was drawn, and its probability.

    The probability is that of being shown at all, over every draw there could have been: 1 for a target
    that is always shown.
    """

    places: Ints
    drawn: Flags
    probability: Floats


def draw_slots(candidates: int, shown: int, slots: Slots, debtor_id: str, day: date) -> Draw:
    """Return what is shown of ``candidates`` ranked targets where there is room for ``shown``.

    With a share of 0.1 and ten shown, the tenth is drawn from the ranks 10 to ``POOL``.
    """
    room = min(shown, candidates)
    rng = _dice(debtor_id, day, slots.seed)
    sizes, chances = _sizes(room, slots.share)
    size = int(sizes[rng.choice(len(sizes), p=chances)])
    kept = room - size
    pool = np.arange(kept, _reach(candidates))
    picked = np.sort(rng.choice(pool, size=size, replace=False)) if size else np.empty(0, dtype=np.int64)
    places = np.concatenate([np.arange(kept), picked]).astype(np.int64)
    return Draw(places, np.arange(room) >= kept, chance_of_being_shown(candidates, shown, slots)[places])


def chance_of_being_shown(candidates: int, shown: int, slots: Slots) -> Floats:
    """Return each ranked target's probability of being shown, (candidates,); they sum to what is shown.

    >>> chance_of_being_shown(12, 10, Slots(0.1))[[0, 9, 11]].round(3).tolist()
    [1.0, 0.333, 0.333]
    """
    room = min(shown, candidates)
    total = np.zeros(candidates)
    for size, chance in zip(*_sizes(room, slots.share), strict=True):
        kept = room - int(size)
        each = np.zeros(candidates)
        each[:kept] = 1.0
        reach = _reach(candidates)
        if size:
            each[kept:reach] = size / (reach - kept)
        total += chance * each
    return total


def slotted(rows: pd.DataFrame, cases: pd.DataFrame, top: int, slots: Slots | None) -> pd.DataFrame:
    """Return the rows that are shown, with random_slot and slot_probability; a drawn one is never planned."""
    if slots is None or rows.empty:
        return rows.assign(random_slot=False, slot_probability=1.0)
    parts = []
    days = pd.DatetimeIndex(cases["day"])
    for case, part in rows.groupby(rows["case"].to_numpy(np.int64)):
        place = int(str(case))
        debtor = str(cases["debtor_id"].iat[place])
        draw = draw_slots(len(part), top, slots, debtor, days[place].date())
        shown = part.iloc[draw.places]
        parts.append(
            shown.assign(
                rank=np.arange(1, len(shown) + 1),
                random_slot=draw.drawn,
                slot_probability=draw.probability,
                in_plan=shown["in_plan"].to_numpy() & ~draw.drawn,
            )
        )
    return pd.concat(parts, ignore_index=True)


def _reach(candidates: int) -> int:
    return min(candidates, POOL)


def _sizes(room: int, share: float) -> tuple[Ints, Floats]:
    """Return how many slots may be drawn, and with what chance, so that the share holds on average."""
    wanted = room * share
    whole = int(np.floor(wanted + 1e-9))
    rest = wanted - whole
    if rest < 1e-9:
        return np.array([whole]), np.array([1.0])
    return np.array([whole, whole + 1]), np.array([1.0 - rest, rest])


def _dice(debtor_id: str, day: date, seed: int) -> np.random.Generator:
    digest = sha256(f"{debtor_id}|{day.isoformat()}|{seed}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
