"""Which cases are learned from and which are judged on: by time, or at random.

A *case* is a debtor on the day that a round of inquiries was sent. A label is *mature* when a reply came or
``mature_days`` have passed since the inquiry; an inquiry that is younger and unanswered is left out, because
silence is not yet an answer, let alone a "none".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

MATURE_DAYS = 60
CASE = ["debtor_id", "requested_on"]


@dataclass(frozen=True)
class Split:
    """Two parts of the inquiries (the ledger's columns and ``answered``) without a debtor in common."""

    train: pd.DataFrame
    test: pd.DataFrame


def mature_inquiries(
    inquiries: pd.DataFrame, replies: pd.DataFrame, day: date, mature_days: int = MATURE_DAYS
) -> pd.DataFrame:
    """Return the inquiries whose outcome is settled as of ``day``, with ``answered`` (bool), order kept."""
    edge = pd.Timestamp(day)
    answered_ids = replies.loc[replies["replied_on"] <= edge, "inquiry_id"]
    sent = inquiries[inquiries["requested_on"] <= edge]
    sent = sent.assign(answered=sent["inquiry_id"].isin(answered_ids))
    old = sent["requested_on"] <= edge - pd.Timedelta(days=mature_days)
    return sent[sent["answered"] | old].reset_index(drop=True)


def time_split(
    inquiries: pd.DataFrame,
    replies: pd.DataFrame,
    day: date,
    mature_days: int = MATURE_DAYS,
    *,
    share: float = 0.2,
) -> Split:
    """Return the past and the later cases: the last ``share`` of the settled case days is judged on.

    What is learned was settled before the first day judged on, so nothing known later leaks into it; and a
    debtor investigated before that day is left out of the later part, which so holds first rounds only.
    """
    _check_share(share)
    settled = _settled_cohort(inquiries, replies, day, mature_days)
    days = settled.drop_duplicates(CASE)["requested_on"].sort_values(ignore_index=True)
    if days.empty:
        return Split(settled, settled)
    border = days.iloc[int((len(days) - 1) * (1 - share))].date()
    return split_at(inquiries, replies, day, border, mature_days)


def split_at(
    inquiries: pd.DataFrame, replies: pd.DataFrame, day: date, border: date, mature_days: int = MATURE_DAYS
) -> Split:
    """Return what was settled on ``border``, and the first rounds after it that are settled on ``day``."""
    settled = _settled_cohort(inquiries, replies, day, mature_days)
    edge = pd.Timestamp(border)
    later = settled[settled["requested_on"] > edge]
    earlier = inquiries.loc[inquiries["requested_on"] <= edge, "debtor_id"]
    past = mature_inquiries(inquiries, replies, border, mature_days)
    return Split(past, later[~later["debtor_id"].isin(earlier)].reset_index(drop=True))


def random_split(
    inquiries: pd.DataFrame,
    replies: pd.DataFrame,
    day: date,
    mature_days: int = MATURE_DAYS,
    *,
    share: float = 0.2,
    seed: int = 0,
) -> Split:
    """Return two random parts by debtor: ``share`` of the debtors is judged on.

    Row order does not matter. A ranking that looks much better here than under ``time_split`` has probably
    seen what it should not have.
    """
    _check_share(share)
    settled = _settled_cohort(inquiries, replies, day, mature_days)
    debtors = np.sort(settled["debtor_id"].unique().astype(object))
    chosen = np.random.default_rng(seed).permutation(len(debtors))[: round(len(debtors) * share)]
    judged = settled["debtor_id"].isin(debtors[chosen])
    return Split(settled[~judged].reset_index(drop=True), settled[judged].reset_index(drop=True))


def _settled_cohort(
    inquiries: pd.DataFrame, replies: pd.DataFrame, day: date, mature_days: int
) -> pd.DataFrame:
    """Return settled inquiries old enough that also the slow replies had their time.

    Taking the young answered ones too would judge on quick repliers alone.
    """
    settled = mature_inquiries(inquiries, replies, day, mature_days)
    old = settled["requested_on"] <= pd.Timestamp(day) - pd.Timedelta(days=mature_days)
    return settled[old].reset_index(drop=True)


def _check_share(share: float) -> None:
    if not 0 < share < 1:
        raise ValueError(f"the share judged on must be between 0 and 1, not {share}")
