"""Profile: everything known about a case itself, joined from the case-level blocks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.arrears import ARREARS_FEATURES, arrears_block
from features.catalogue import Feature
from features.contacts import CONTACTS_FEATURES, contacts_block
from features.household import HOUSEHOLD_FEATURES, household_block
from features.income import INCOME_FEATURES, income_block
from features.ledger.snapshot import Ledger

PROFILE_FEATURES: tuple[Feature, ...] = (
    *ARREARS_FEATURES,
    *INCOME_FEATURES,
    *CONTACTS_FEATURES,
    *HOUSEHOLD_FEATURES,
)
"""Every case-level feature, in column order; names are unique across the blocks."""

_BLOCKS = (arrears_block, income_block, contacts_block, household_block)


def build_profiles(ledger: Ledger, cases: pd.DataFrame) -> pd.DataFrame:
    """Return one row per case (index of ``cases``), columns ``PROFILE_FEATURES``, all float64.

    ``cases``: columns debtor_id (str), day (datetime64[s]). A row sees only facts known on or before its
    own day, whatever later facts ``ledger`` holds. NaN: not known, or the column belongs to a group that
    the municipality has not opted in to.
    """
    profiles = pd.concat([block(ledger, cases) for block in _BLOCKS], axis=1)
    closed = [f.name for f in PROFILE_FEATURES if f.opt_in and f.opt_in not in ledger.municipality.opt_in]
    return profiles.assign(**dict.fromkeys(closed, np.nan))
