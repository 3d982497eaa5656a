"""Quiet: what was asked of late is not asked again yet."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

QUIET_DAYS = 365
"""Days for which a blank or a pending inquiry keeps a target from being proposed again."""

FOUND_DAYS = 90
"""Days for which a find does: what was found is to be seized or settled, not asked about again."""


def may_be_asked(values: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return whether nothing keeps a pair from being asked now, (n,). ``values``: rows of a matrix.

    A blank answer or an inquiry still unanswered does for ``QUIET_DAYS``, a find for ``FOUND_DAYS``.
    """
    replied = values[["recent_blank_days", "found_days"]].min(axis=1)
    blank = values["recent_blank_days"] <= QUIET_DAYS
    pending = (values["asked_days"] <= QUIET_DAYS) & ~(replied <= values["asked_days"])
    found = values["found_days"] <= FOUND_DAYS
    return np.asarray(~(blank | pending | found), dtype=bool)
