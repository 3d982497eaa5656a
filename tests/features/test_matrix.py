from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from features.archive import Archive
from features.candidates import Pairs, candidates_of
from features.ledger.snapshot import Ledger, Municipality, ledger_of
from features.matrix import CATALOGUE, Matrix, build_matrix

KEY = ["debtor_id", "target_kind", "target_code"]
OPTIONAL = ("incomes", "contacts", "targets", "dispositions", "assignments", "stays")
ALONE = ("incomes", "contacts", "targets")


def matrix_on(ledger: Ledger | Archive, day: date, debtors: pd.Series) -> Matrix:
    cases = pd.DataFrame({"debtor_id": debtors.reset_index(drop=True)})
    cases["day"] = pd.Series(pd.Timestamp(day), cases.index, dtype="datetime64[s]")
    archive = ledger if isinstance(ledger, Archive) else Archive(ledger)
    return build_matrix(archive, candidates_of(archive, cases))


def keyed(matrix: Matrix) -> pd.DataFrame:
    """Return the values by debtor, kind and code: the numbers of a roll mean nothing outside it."""
    pairs = matrix.pairs
    keys = pairs.targets[["target_kind", "target_code"]].iloc[pairs.target].reset_index(drop=True)
    keys.insert(0, "debtor_id", pairs.cases["debtor_id"].to_numpy()[pairs.case])
    index = pd.MultiIndex.from_frame(keys.astype(object))
    return matrix.values.set_index(index).sort_index()


def with_frames(ledger: Ledger, frames: Mapping[str, pd.DataFrame | None]) -> Ledger:
    """Return the ledger with other frames; None takes a table away."""
    kept = {name: frame for name, frame in {**ledger.frames, **frames}.items() if frame is not None}
    return ledger_of(ledger.municipality, kept)


@pytest.fixture(scope="module")
def some(small_ledger: Ledger) -> pd.Series:
    return small_ledger["debtors"]["debtor_id"].iloc[::3]


@pytest.mark.parametrize("back", [1, 45, 320, 1100])
def test_later_facts_never_change_the_matrix_of_a_day(
    small_archive: Archive, some: pd.Series, back: int
) -> None:
    ledger = small_archive.ledger
    day = ledger.day - timedelta(days=back)
    then, now = (keyed(matrix_on(known, day, some)) for known in (ledger.as_of(day), small_archive))
    pd.testing.assert_frame_equal(then, now, check_exact=True)


def test_later_facts_never_change_it_where_no_targets_are_listed(
    small_ledger: Ledger, some: pd.Series
) -> None:
    bare = with_frames(small_ledger, {"targets": None})
    day = bare.day - timedelta(days=700)
    then, now = (keyed(matrix_on(ledger, day, some)) for ledger in (bare.as_of(day), bare))
    pd.testing.assert_frame_equal(then, now, check_exact=True)


def test_contradictory_days_do_not_leak(small_ledger: Ledger, some: pd.Series) -> None:
    """A reply before its inquiry, a payment before its due date, a second reply: known when all is known."""
    replies = small_ledger["replies"]
    early = replies.assign(replied_on=replies["replied_on"] - pd.Timedelta(days=60))
    again = replies.assign(
        replied_on=replies["replied_on"] + pd.Timedelta(days=30), result="1", balance=99_999
    )
    payments = small_ledger["payments"]
    paid = payments.assign(paid_on=payments["paid_on"] - pd.Timedelta(days=400))
    odd = with_frames(small_ledger, {"replies": pd.concat([again, early]), "payments": paid})
    day = odd.day - timedelta(days=300)
    then, now = (keyed(matrix_on(ledger, day, some)) for ledger in (odd.as_of(day), odd))
    pd.testing.assert_frame_equal(then, now, check_exact=True)


def test_the_order_of_rows_does_not_matter(small_archive: Archive, some: pd.Series) -> None:
    small_ledger = small_archive.ledger
    frames = {
        n: f.sample(frac=1.0, random_state=4, ignore_index=True) for n, f in small_ledger.frames.items()
    }
    shuffled = ledger_of(small_ledger.municipality, frames)
    one = keyed(matrix_on(small_archive, small_ledger.day, some))
    other = keyed(matrix_on(shuffled, small_ledger.day, some.sample(frac=1.0, random_state=5)))
    pd.testing.assert_index_equal(one.index, other.index)
    np.testing.assert_allclose(one.to_numpy(), other.to_numpy(), rtol=1e-5)


def test_a_row_does_not_depend_on_the_rows_beside_it(small_archive: Archive, everybody: pd.DataFrame) -> None:
    pairs = candidates_of(small_archive, everybody.iloc[:60].reset_index(drop=True))
    whole = build_matrix(small_archive, pairs)
    rows = np.flatnonzero(np.random.default_rng(0).random(len(pairs)) < 0.2)
    few = build_matrix(small_archive, pairs.take(rows))
    pd.testing.assert_frame_equal(few.values, whole.take(rows).values, check_exact=True)


def test_the_columns_are_those_of_the_catalogue(small_archive: Archive, everybody: pd.DataFrame) -> None:
    matrix = build_matrix(small_archive, candidates_of(small_archive, everybody.iloc[:5]))
    assert list(matrix.values.columns) == [feature.name for feature in CATALOGUE]
    assert set(matrix.values.dtypes.astype(str)) == {"float32"}
    assert len(matrix.values) == len(matrix.pairs)


def test_groups_that_are_not_opted_in_stay_empty(small_ledger: Ledger, some: pd.Series) -> None:
    place = small_ledger.municipality
    closed = Municipality(place.code, place.name, place.as_of)
    private = {"birth_year": None, "household_size": None, "dependents": None, "postcode3": None}
    debtors = small_ledger["debtors"].drop(columns=list(private))
    ledger = ledger_of(closed, {**small_ledger.frames, "debtors": debtors})
    values = matrix_on(ledger, ledger.day, some).values
    shut = [feature.name for feature in CATALOGUE if feature.opt_in]
    assert shut
    assert values[shut].isna().all(axis=None)
    assert values["kind_hit_rate"].notna().all()


@pytest.mark.parametrize("table", ALONE)
def test_an_optional_table_may_be_absent(small_ledger: Ledger, some: pd.Series, table: str) -> None:
    ledger = with_frames(small_ledger, {table: None})
    matrix = matrix_on(ledger, ledger.day, some)
    assert len(matrix.pairs) > len(some)


def test_every_optional_table_may_be_absent_at_once(small_ledger: Ledger, some: pd.Series) -> None:
    ledger = with_frames(small_ledger, dict.fromkeys(OPTIONAL))
    matrix = matrix_on(ledger, ledger.day, some)
    assert len(matrix.pairs) > 0


def test_no_cases_make_an_empty_matrix(small_archive: Archive, everybody: pd.DataFrame) -> None:
    matrix = build_matrix(small_archive, candidates_of(small_archive, everybody.iloc[:0]))
    assert matrix.values.shape == (0, len(CATALOGUE))
    assert isinstance(matrix.pairs, Pairs)
