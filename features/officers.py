"""Officers: who is there on a day, for how long in post, and what work each has done and holds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.catalogue import Feature
from features.ledger.snapshot import Ledger
from features.sight import Numbers, Sight, sight_of

MONTH = 365.25 / 12
LEAST_ENDED = 50
"""Ended assignments below which open ones are left out: nothing would tell how they differ."""
CHOOSING_DAYS = 60  # by then the targets of a case have been chosen (two rounds: field.md's reply times)

OFFICER_FEATURES: tuple[Feature, ...] = (
    Feature("months_in_post", "months", "months since joining", "在任月数", "着任から{value}",
            record="staff"),
    Feature("fte", "share", "full-time equivalent", "稼働率", "稼働率は{value}", record="staff"),
    Feature("present", "flag", "in post and not absent", "在席", "在席している", "不在である",
            record="staff"),
    Feature("open_cases", "count", "assignments in hand", "担当中の件数", "担当中は{value}",
            "担当中の事件はない", record="assignments"),
    Feature("past_cases", "count", "assignments ended", "終了した担当の件数", "終了した担当は{value}",
            "終了した担当はない", record="assignments"),
)  # fmt: skip
"""What this block says of an officer on a day, in column order."""


def officers_block(ledger: Ledger, officers: pd.DataFrame) -> pd.DataFrame:
    """Return one row per officer and day (index of ``officers``), columns ``OFFICER_FEATURES``, float64.

    ``officers``: columns staff_id (str), day (datetime64[s]). An unknown share of work counts as full.
    """
    staff = ledger["staff"].drop_duplicates("staff_id")
    seen = sight_of(officers, staff, staff["joined_on"], key="staff_id")
    fte = seen.greatest(np.nan_to_num(seen.number("fte"), nan=1.0))
    columns = {
        "months_in_post": seen.greatest(seen.ago("joined_on")) / MONTH,
        "fte": fte,
        "present": _present(ledger, officers, seen),
        **_work(ledger, officers),
    }
    return pd.DataFrame(columns, index=officers.index)


def officers_on(ledger: Ledger) -> pd.DataFrame:
    """Return staff_id, day and ``OFFICER_FEATURES`` of everybody known on the ledger's day, by staff_id."""
    staff = ledger["staff"].drop_duplicates("staff_id").sort_values("staff_id", ignore_index=True)
    day = pd.Series(pd.Timestamp(ledger.day), index=staff.index, dtype="datetime64[s]")
    officers = pd.DataFrame({"staff_id": staff["staff_id"], "day": day})
    return pd.concat([officers, officers_block(ledger, officers)], axis=1)


def finished_work(ledger: Ledger) -> pd.DataFrame:
    """Return the work whose minutes are known, each with the eve of its start.

    Ended assignments, and open ones begun so long ago that choosing is over: of these handling_minutes is
    missing, because it still grows. They are what is known of an officer who came a few months ago.
    Columns: assignment_id, debtor_id, staff_id, started_on, ended_on, ``day`` (the day before the start:
    what was known then is what a forecast may use), months_in_post (on the start), selecting_minutes,
    handling_minutes. Fresh RangeIndex, in the order of the records.
    """
    work = ledger["assignments"]
    ended = work["ended_on"].notna() & (work["handling_minutes"] > 0)
    begun = work["started_on"] <= pd.Timestamp(ledger.day) - pd.Timedelta(days=CHOOSING_DAYS)
    in_hand = work["ended_on"].isna() & begun & (work["selecting_minutes"] > 0)
    in_hand &= int(ended.sum()) >= LEAST_ENDED
    kept = work.assign(handling_minutes=work["handling_minutes"].where(ended))
    kept = kept[(ended | in_hand).to_numpy(dtype=bool, na_value=False)].reset_index(drop=True)
    starts = pd.DataFrame({"staff_id": kept["staff_id"], "day": kept["started_on"]})
    months = officers_block(ledger, starts)["months_in_post"]
    return kept.assign(day=kept["started_on"] - pd.Timedelta(days=1), months_in_post=months)


def _present(ledger: Ledger, officers: pd.DataFrame, seen: Sight) -> Numbers:
    in_post = seen.count(~(seen.ago("left_on") >= 0)) > 0
    absences = ledger["absences"]
    away = sight_of(officers, absences, absences["from_on"], key="staff_id")
    absent = away.count(~(away.ago("to_on") > 0)) > 0
    return np.asarray(in_post & ~absent).astype(np.float64)


def _work(ledger: Ledger, officers: pd.DataFrame) -> dict[str, Numbers]:
    work = ledger["assignments"]
    seen = sight_of(officers, work, work["started_on"], key="staff_id")
    ended = np.asarray(seen.ago("ended_on") >= 0)
    return {"open_cases": seen.count(~ended), "past_cases": seen.count(ended)}
