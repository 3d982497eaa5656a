from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from features.archive import Archive
from features.candidates import candidates_of
from features.follow_up import FollowUp
from features.inquiries import INQUIRY_FEATURES
from features.ledger.snapshot import Ledger
from features.ledger.told import FOUND, NONE, Told, with_replies
from features.matrix import CATALOGUE, build_matrix
from features.payroll_bank import PAYROLL_BANK_FEATURES

OF_EVERYBODY = {each.name for each in (*INQUIRY_FEATURES, *PAYROLL_BANK_FEATURES)}
OWN = [f.name for f in CATALOGUE if f.name not in OF_EVERYBODY]


def cases_on(debtors: Sequence[str], day: date) -> pd.DataFrame:
    ids = pd.Series(list(debtors), dtype="str")
    return pd.DataFrame({"debtor_id": ids, "day": pd.Series(pd.Timestamp(day), ids.index, "datetime64[s]")})


@pytest.fixture(scope="module")
def told(small_ledger: Ledger, small_archive: Archive) -> list[Told]:
    """A blank, a find and an inquiry still waiting about each of three debtors, ten days after the export."""
    debtors = sorted(small_ledger["debtors"]["debtor_id"])[:3]
    pairs = candidates_of(small_archive, cases_on(debtors, small_ledger.day))
    asked, later = small_ledger.day + timedelta(days=1), small_ledger.day + timedelta(days=10)
    told = []
    for case, debtor in enumerate(debtors):
        targets = small_archive.roll.targets.iloc[pairs.target[pairs.case == case][:3]]
        keys = list(targets[["target_kind", "target_code"]].itertuples(index=False, name=None))
        told += [
            Told(debtor, *keys[0], asked, later, NONE),
            Told(debtor, *keys[1], asked, later, FOUND, 250_000),
            Told(debtor, *keys[2], asked),
        ]
    return told


def test_replies_are_added_and_nothing_else_changes(small_ledger: Ledger, told: list[Told]) -> None:
    before = {name: frame.copy() for name, frame in small_ledger.frames.items()}
    after = with_replies(small_ledger, told)
    assert after.day == small_ledger.day + timedelta(days=10)
    assert len(after["inquiries"]) == len(small_ledger["inquiries"]) + 9
    assert len(after["replies"]) == len(small_ledger["replies"]) + 6
    for name, frame in small_ledger.frames.items():
        pd.testing.assert_frame_equal(frame, before[name])
        pd.testing.assert_frame_equal(after[name].iloc[: len(frame)], frame)


def test_what_was_told_later_is_not_known_earlier(small_ledger: Ledger, told: list[Told]) -> None:
    again = with_replies(small_ledger, told).as_of(small_ledger.day)
    for name, frame in small_ledger.frames.items():
        pd.testing.assert_frame_equal(again[name], frame)


def test_a_reply_goes_to_the_inquiry_that_waits_for_it(small_ledger: Ledger) -> None:
    asked = small_ledger["inquiries"]
    waiting = asked[~asked["inquiry_id"].isin(small_ledger["replies"]["inquiry_id"])].iloc[-1]
    day = small_ledger.day + timedelta(days=1)
    key = (waiting["debtor_id"], waiting["target_kind"], waiting["target_code"])
    after = with_replies(small_ledger, [Told(*key, day, day, NONE), Told(*key, day, day, NONE)])
    assert waiting["inquiry_id"] in set(after["replies"]["inquiry_id"])
    assert after["inquiries"]["inquiry_id"].is_unique
    assert len(after["replies"]) == len(small_ledger["replies"]) + 2


def test_nobody_is_added_who_is_not_on_record(small_ledger: Ledger) -> None:
    day = small_ledger.day
    assert with_replies(small_ledger, [Told("nobody", "bank", "0001", day, day, NONE)]) is small_ledger


def test_a_follow_up_sees_what_a_whole_new_archive_sees(
    small_ledger: Ledger, small_archive: Archive, told: list[Told]
) -> None:
    quick, whole = FollowUp(small_archive, told), Archive(with_replies(small_ledger, told))
    cases = cases_on(sorted({each.debtor_id for each in told}), quick.ledger.day)
    pairs = candidates_of(quick, cases)
    np.testing.assert_array_equal(pairs.target, candidates_of(whole, cases).target)
    ours, theirs = build_matrix(quick, pairs).values, build_matrix(whole, pairs).values
    pd.testing.assert_frame_equal(ours[OWN], theirs[OWN])
    assert (ours["recent_blank_days"] == 0).sum() == 3
    assert (ours["found_days"] == 0).sum() == 3


def test_a_target_of_no_record_is_refused(small_archive: Archive) -> None:
    day, debtor = small_archive.ledger.day, str(small_archive.roll.debtors[0])
    with pytest.raises(ValueError, match="no record and no list"):
        FollowUp(small_archive, [Told(debtor, "bank", "nowhere", day, day, NONE)])
