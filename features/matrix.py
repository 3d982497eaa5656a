"""The matrix: the blocks joined, one row a pair of case and target; it owns the catalogue of features.

One function builds it for training and for serving, so that a model never meets a feature made otherwise.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.accounts import ACCOUNT_FEATURES, accounts_block
from features.archive import Archive
from features.candidates import Pairs
from features.catalogue import Feature
from features.inquiries import INQUIRY_FEATURES, inquiries_block
from features.payroll_bank import PAYROLL_BANK_FEATURES, payroll_bank_block
from features.profile import PROFILE_FEATURES, build_profiles
from features.reach import REACH_FEATURES, reach_block
from features.records import RECORD_FEATURES, records_block
from features.seizable import SEIZABLE_FEATURES, seizable_block

PAIR_FEATURES: tuple[Feature, ...] = (
    *RECORD_FEATURES,
    *REACH_FEATURES,
    *INQUIRY_FEATURES,
    *ACCOUNT_FEATURES,
    *PAYROLL_BANK_FEATURES,
    *SEIZABLE_FEATURES,
)
"""Features of a pair of case and target, in column order."""

CATALOGUE: tuple[Feature, ...] = (*PAIR_FEATURES, *PROFILE_FEATURES)
"""Every feature of the matrix, in column order; names are unique."""

CATALOGUE_VERSION = hashlib.sha256(
    "\n".join(f"{f.name}|{f.unit}|{f.meaning}|{f.opt_in}" for f in CATALOGUE).encode()
).hexdigest()[:16]
"""Changes when a feature is added, dropped, moved or redefined; a model made for another is refused."""


@dataclass(frozen=True)
class Matrix:
    """``pairs`` and their ``values``: float32, one row a pair, the columns of ``CATALOGUE``.

    ``profiles`` are the case-level columns, one row a case.
    """

    pairs: Pairs
    values: pd.DataFrame
    profiles: pd.DataFrame

    def take(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Matrix:
        """Return the matrix of ``rows`` (numbers or flags), the cases being the same."""
        values = self.values[rows] if rows.dtype == bool else self.values.iloc[rows]
        return Matrix(self.pairs.take(rows), values.reset_index(drop=True), self.profiles)


def build_matrix(archive: Archive, pairs: Pairs) -> Matrix:
    """Return the matrix of ``pairs``, each row as known on the day of its case."""
    profiles = build_profiles(archive.about(pairs.cases), pairs.cases)
    per_pair = profiles.astype("float32").iloc[pairs.case].reset_index(drop=True)
    blocks = (
        records_block,
        reach_block,
        inquiries_block,
        accounts_block,
        payroll_bank_block,
        seizable_block,
    )
    values = pd.concat([*(block(archive, pairs) for block in blocks), per_pair], axis=1)
    closed = [f.name for f in CATALOGUE if f.opt_in and f.opt_in not in archive.ledger.municipality.opt_in]
    return Matrix(pairs, values.assign(**dict.fromkeys(closed, float("nan"))).astype("float32"), profiles)
