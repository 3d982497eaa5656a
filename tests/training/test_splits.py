from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.splits import mature_inquiries, random_split, time_split

DAY = date(2026, 4, 1)


def tables(days: list[int], waits: list[int | None]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Inquiries sent so many days before DAY, two a debtor, and replies after so many days (None: never)."""
    sent = pd.Timestamp(DAY) - pd.to_timedelta(pd.Series(days, dtype="int64"), unit="D")
    inquiries = pd.DataFrame(
        {
            "inquiry_id": pd.Series([f"q{i}" for i in range(len(days))], dtype="str"),
            "debtor_id": pd.Series([f"d{i // 2}" for i in range(len(days))], dtype="str"),
            "requested_on": sent.astype("datetime64[s]"),
        }
    )
    wait = pd.Series(waits, dtype="float64")
    replied = inquiries["requested_on"] + pd.to_timedelta(wait, unit="D")
    replies = pd.DataFrame({"inquiry_id": inquiries["inquiry_id"], "replied_on": replied})
    return inquiries, replies[wait.notna()].reset_index(drop=True)


rows = st.lists(st.tuples(st.integers(0, 900), st.one_of(st.none(), st.integers(0, 120))), max_size=60)


def test_silence_counts_only_when_it_has_lasted() -> None:
    inquiries, replies = tables([90, 30, 30, 70], [None, None, 5, 75])
    settled = mature_inquiries(inquiries, replies, DAY)
    assert settled["inquiry_id"].tolist() == ["q0", "q2", "q3"]
    assert settled["answered"].tolist() == [False, True, False]


@settings(max_examples=40, deadline=None)
@given(rows)
def test_nothing_learned_was_known_after_the_first_day_judged_on(drawn: list[tuple[int, int | None]]) -> None:
    inquiries, replies = tables([days for days, _ in drawn], [wait for _, wait in drawn])
    split = time_split(inquiries, replies, DAY)
    assert not set(split.train["debtor_id"]) & set(split.test["debtor_id"])
    if len(split.test) and len(split.train):
        first = split.test["requested_on"].min()
        assert split.train["requested_on"].max() < first
        replied = replies.set_index("inquiry_id")["replied_on"]
        answered = split.train.loc[split.train["answered"], "inquiry_id"]
        assert (replied[answered] < first).all()


@settings(max_examples=40, deadline=None)
@given(rows, st.integers(0, 5))
def test_a_random_split_ignores_row_order_and_shares_no_debtor(
    drawn: list[tuple[int, int | None]], seed: int
) -> None:
    inquiries, replies = tables([days for days, _ in drawn], [wait for _, wait in drawn])
    split = random_split(inquiries, replies, DAY, seed=seed)
    turned = random_split(inquiries[::-1], replies[::-1], DAY, seed=seed)
    assert set(split.test["inquiry_id"]) == set(turned.test["inquiry_id"])
    assert not set(split.train["debtor_id"]) & set(split.test["debtor_id"])


def test_the_later_part_is_the_stated_share_of_the_cases() -> None:
    inquiries, replies = tables([100 + i // 2 * 2 for i in range(200)], [3] * 200)
    split = time_split(inquiries, replies, DAY, share=0.25)
    assert split.test["debtor_id"].nunique() == 25


def test_a_debtor_asked_before_is_not_judged_on() -> None:
    inquiries, replies = tables([800, 100, 700, 690, 90, 90], [3] * 6)
    split = time_split(inquiries, replies, DAY, share=0.5)
    assert set(split.test["debtor_id"]) == {"d2"}


@pytest.mark.parametrize("share", [0.0, 1.0, 2.0])
def test_a_share_outside_is_refused(share: float) -> None:
    inquiries, replies = tables([100], [3])
    with pytest.raises(ValueError, match="between 0 and 1"):
        time_split(inquiries, replies, DAY, share=share)
    with pytest.raises(ValueError, match="between 0 and 1"):
        random_split(inquiries, replies, DAY, share=share)
