"""Answers: each inquiry with the first reply to it, and the day on which the office knew both."""

from __future__ import annotations

import pandas as pd

from features.ledger.snapshot import Ledger


def first_replies(ledger: Ledger) -> pd.DataFrame:
    """Return one reply per inquiry_id: the earliest, on one day the one with the greatest balance.

    A later reply never changes what an earlier one said on its day. Columns of the contract but ``as_of``.
    """
    order = ["inquiry_id", "replied_on", "result", "balance"]
    replies = ledger["replies"].drop(columns="as_of")
    ordered = replies.sort_values(order, ascending=[True, True, True, False], na_position="first")
    return ordered.drop_duplicates("inquiry_id").reset_index(drop=True)


def answers_of(ledger: Ledger) -> pd.DataFrame:
    """Return the answered inquiries: their columns, those of ``first_replies`` and ``known_on``.

    An inquiry without a reply is not a "none" and has no row. ``known_on`` is the day of the reply, or that
    of the inquiry where the records have it answered before it was asked.
    """
    rows = ledger["inquiries"].merge(first_replies(ledger), on="inquiry_id")
    return rows.assign(known_on=later_of(rows["replied_on"], rows["requested_on"]))


def later_of(one: pd.Series, other: pd.Series) -> pd.Series:
    """Return the later day of each row; a missing day is earlier than any.

    >>> days = pd.Series(["2025-04-01", None], dtype="datetime64[s]")
    >>> later_of(days, pd.Series(["2025-05-01", "2025-06-01"], dtype="datetime64[s]")).dt.month.tolist()
    [5, 6]
    """
    return one.where((one > other) | other.isna(), other)
