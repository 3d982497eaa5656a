"""Apprenticeship: newcomers get a rising share of cases a step above their level, and somebody to ask."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.proficiency import LEVELS, Speeds

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

NEWCOMER_MONTHS = 24.0
"""Months in post within which somebody is new; who has more may be asked."""
FIRST_SHARE, LAST_SHARE = 0.05, 0.50
"""Share of a newcomer's cases that are a step up: on the first day, and after ``NEWCOMER_MONTHS``."""
BEYOND_MINUTES = 30.0
"""What each level above a newcomer's next step is taken to cost; weighed, not reported."""
DEAREST = 0.01
"""Growth may not cost more than this share of all minutes: else fewer steps are promised."""
SENIORS = 3  # the fastest on a case who take turns in being asked


def step_levels(officers: pd.DataFrame, speeds: Speeds) -> Counts:
    """Return per officer the level of case that is one step up (2 to 5; 0: no newcomer).

    ``officers``: staff_id, months_in_post.
    """
    levels = speeds.levels(officers["staff_id"], officers["months_in_post"])
    return np.where(_new(officers), np.minimum(levels + 1, LEVELS), 0).astype(np.int64)


def beyond(levels: Counts, steps: Counts) -> Numbers:
    """Return the weighed minutes of cases beyond a newcomer's next step, shape (cases, officers)."""
    above = np.maximum(levels[:, None] - steps[None, :], 0)
    return np.where((steps > 0)[None, :], BEYOND_MINUTES * above, 0.0)


def steps_promised(officers: pd.DataFrame, capacity: Counts) -> Counts:
    """Return how many steps up each officer is to get; the share rises with the months in post."""
    months = np.clip(officers["months_in_post"].to_numpy(dtype=np.float64), 0.0, NEWCOMER_MONTHS)
    share = FIRST_SHARE + (LAST_SHARE - FIRST_SHARE) * months / NEWCOMER_MONTHS
    return np.where(_new(officers), np.floor(share * capacity), 0).astype(np.int64)


def seniors(ratios: Numbers, barred: npt.NDArray[np.bool_], officers: pd.DataFrame) -> list[str]:
    """Return for each case whom the newcomer may ask: staff_id, "" where nobody is senior.

    ``ratios``, ``barred``: shape (cases, officers). The fastest seniors on like cases take turns, so that
    nobody is asked about everything.
    """
    senior = ~_new(officers) & np.isfinite(officers["months_in_post"].to_numpy(dtype=np.float64))
    open_to = np.where(senior[None, :] & ~barred, ratios, np.inf)
    best = np.argsort(open_to, axis=1, kind="stable")[:, :SENIORS]
    able = np.isfinite(np.take_along_axis(open_to, best, axis=1)).sum(axis=1)
    turn = np.arange(len(ratios)) % np.maximum(able, 1)
    names = officers["staff_id"].to_numpy()
    return [str(names[best[row, turn[row]]]) if able[row] else "" for row in range(len(ratios))]


def _new(officers: pd.DataFrame) -> npt.NDArray[np.bool_]:
    return np.asarray(officers["months_in_post"].to_numpy(dtype=np.float64) < NEWCOMER_MONTHS)
