"""What each case can see of a table on its own day: the one place where later facts are cut off."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def days_of(values: pd.Series) -> Numbers:
    """Return days since 1970-01-01 as floats (NaN where the day is missing).

    >>> days_of(pd.Series(["1970-01-03", None], dtype="datetime64[s]")).tolist()
    [2.0, nan]
    """
    days = values.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), np.nan, days.astype(np.int64).astype(np.float64))


def numbers_of(values: pd.Series) -> Numbers:
    """Return a nullable number column as floats (NaN where missing)."""
    return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


@dataclass(frozen=True)
class Sight:
    """Pairs of a case and a row of ``table`` that it can see.

    ``case``: position of the case, ``row``: position in ``table``, ``day``: the case's day (days since
    1970); the three run in parallel. ``size``: number of cases. Sums and extremes come back one per case.
    """

    table: pd.DataFrame
    case: npt.NDArray[np.intp]
    row: npt.NDArray[np.intp]
    day: Numbers
    size: int

    def where(self, keep: Flags) -> Sight:
        """Return the sight of the pairs that ``keep`` marks."""
        return replace(self, case=self.case[keep], row=self.row[keep], day=self.day[keep])

    def number(self, column: str) -> Numbers:
        """Return a number column, one value per pair."""
        return numbers_of(self.table[column])[self.row]

    def days(self, column: str) -> Numbers:
        """Return a day column as days since 1970, one value per pair."""
        return days_of(self.table[column])[self.row]

    def ago(self, column: str) -> Numbers:
        """Return how many days before the case's day a day lies (negative: ahead), one value per pair."""
        return self.day - self.days(column)

    def matches(self, column: str, value: str) -> Flags:
        """Return whether a text column equals ``value``, one flag per pair."""
        return np.asarray((self.table[column] == value).to_numpy(dtype=bool, na_value=False))[self.row]

    def text(self, column: str) -> pd.Series:
        """Return a text column, one value per pair (fresh index)."""
        return self.table[column].take(self.row).reset_index(drop=True)

    def codes(self, column: str) -> npt.NDArray[np.intp]:
        """Return equal numbers for equal texts (−1 where missing), one per pair."""
        return np.asarray(pd.factorize(self.table[column])[0], dtype=np.intp)[self.row]

    def count(self, keep: Flags | None = None) -> Numbers:
        """Return the number of pairs per case, of those that ``keep`` marks."""
        case = self.case if keep is None else self.case[keep]
        return np.bincount(case, minlength=self.size).astype(np.float64)

    def total(self, values: Numbers, keep: Flags | None = None) -> Numbers:
        """Return the sum of ``values`` per case; missing values add nothing."""
        chosen = ~np.isnan(values) if keep is None else keep & ~np.isnan(values)
        return np.bincount(self.case[chosen], weights=values[chosen], minlength=self.size).astype(np.float64)

    def greatest(self, values: Numbers, keep: Flags | None = None) -> Numbers:
        """Return the greatest of ``values`` per case (NaN where a case has none)."""
        found = np.full(self.size, -np.inf)
        chosen = ~np.isnan(values) if keep is None else keep & ~np.isnan(values)
        np.maximum.at(found, self.case[chosen], values[chosen])
        return np.where(np.isinf(found), np.nan, found)

    def least(self, values: Numbers, keep: Flags | None = None) -> Numbers:
        """Return the least of ``values`` per case (NaN where a case has none)."""
        return -self.greatest(-values, keep)

    def distinct(self, codes: npt.NDArray[np.intp]) -> Numbers:
        """Return the number of different ``codes`` per case; −1 (missing) does not count."""
        chosen = codes >= 0
        pairs = np.unique(np.stack([self.case[chosen], codes[chosen]]), axis=1)
        return np.bincount(pairs[0], minlength=self.size).astype(np.float64)


def sight_of(
    cases: pd.DataFrame, table: pd.DataFrame, known_on: pd.Series | None = None, key: str = "debtor_id"
) -> Sight:
    """Pair every case with the rows of its debtor that were known on or before the case's day.

    ``cases``: columns debtor_id, day. ``table`` has debtor_id (``key`` names another column that both have:
    an officer on a day is seen in the same way). ``known_on``: the day on which each row
    became known, parallel to ``table`` (None, or a missing day: always known).
    """
    case, row = _paired(cases[key], table[key], key)
    day = days_of(cases["day"])[case]
    sight = Sight(table, case, row, day, len(cases))
    return sight if known_on is None else sight.where(~(days_of(known_on)[row] > day))


def _paired(asked: pd.Series, held: pd.Series, key: str) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return every pair of places in ``asked`` and ``held`` with the same value, in the order of both."""
    if len(asked) == 1 and asked.notna().iat[0]:  # a page asks about one case: joining would cost most of it
        row = np.flatnonzero((held == asked.iat[0]).to_numpy(dtype=bool, na_value=False))
        return np.zeros(len(row), dtype=np.intp), row
    left = pd.DataFrame({key: asked.to_numpy(), "case": np.arange(len(asked))})
    right = pd.DataFrame({key: held.to_numpy(), "row": np.arange(len(held))})
    pairs = left.merge(right, on=key, sort=False)
    return pairs["case"].to_numpy(dtype=np.intp), pairs["row"].to_numpy(dtype=np.intp)


def share_of(part: Numbers, whole: Numbers) -> Numbers:
    """Return part / whole, NaN where the whole is zero.

    >>> share_of(np.array([1.0, 0.0]), np.array([4.0, 0.0])).tolist()
    [0.25, nan]
    """
    shares: Numbers = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return shares
