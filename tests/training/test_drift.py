from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from features.archive import Archive
from features.ledger.snapshot import Ledger
from models.bundle import Bundle
from models.ranker import RankerSettings
from models.reference import Answered
from training.course import Lesson, learn
from training.drift import calibration_drift, institution_drift, outcome_drift
from training.drift_proof import planted
from training.drift_watch import DriftProblem, ordered, watch_drift
from training.present import open_matrix, reference_of

QUARTER = timedelta(days=120)


@pytest.fixture(scope="module")
def past_bundle(small_ledger: Ledger) -> Bundle:
    past = small_ledger.as_of(small_ledger.day - QUARTER)
    return learn(past, RankerSettings(rounds=20, size_rounds=10, threads=1)).bundle


def test_a_planted_shift_is_flagged_and_a_quiet_day_is_not(small_archive: Archive) -> None:
    reference = reference_of(small_archive, None, 0)
    assert reference is not None
    found = planted(reference, open_matrix(small_archive, small_archive.ledger.day, seed=9))
    assert found.quiet == ()
    assert found.tried > 50
    assert found.missed == ()
    # What follows the calendar is allowed its own ups and downs of a year.
    assert len(found.calendar) < 10


def test_the_same_records_show_no_drift_and_no_later_answers(
    small_lesson: Lesson, small_ledger: Ledger
) -> None:
    found = watch_drift(small_lesson.bundle, small_ledger, seed=4)
    assert found.flagged == ()
    calibration = next(sign for sign in found.signs if sign.what == "calibration")
    assert not calibration.judged


def test_months_later_the_answers_are_judged(past_bundle: Bundle, small_ledger: Ledger) -> None:
    found = watch_drift(past_bundle, small_ledger)
    watched = {sign.what for sign in found.signs}
    assert {"input", "missing", "score", "calibration", "outcome"} <= watched
    banks = next(sign for sign in found.signs if (sign.what, sign.name) == ("outcome", "bank"))
    assert 0.0 < banks.then < 1.0
    assert 0.0 < banks.now < 1.0
    first = ordered(found.signs)
    assert [sign.flagged for sign in first] == sorted((s.flagged for s in first), reverse=True)


def test_records_older_than_the_model_are_refused(small_lesson: Lesson, small_ledger: Ledger) -> None:
    with pytest.raises(DriftProblem, match="より前です"):
        watch_drift(small_lesson.bundle, small_ledger.as_of(small_ledger.day - QUARTER))


def test_a_bundle_without_a_reference_is_refused(small_lesson: Lesson, small_ledger: Ledger) -> None:
    with pytest.raises(DriftProblem, match="比較の基準がありません"):
        watch_drift(replace(small_lesson.bundle, reference=None), small_ledger)


def test_a_bank_that_left_the_list_is_noticed(past_bundle: Bundle, small_ledger: Ledger) -> None:
    targets = small_ledger["targets"]
    gone = targets[targets["target_kind"] == "bank"].iloc[0]
    frames = dict(small_ledger.frames) | {
        "targets": targets[targets["target_code"] != gone["target_code"]].reset_index(drop=True)
    }
    found = watch_drift(past_bundle, replace(small_ledger, frames=MappingProxyType(frames)))
    left = [sign for sign in found.flagged if sign.what == "institution"]
    assert [(sign.name, sign.named) for sign in left] == [(f"bank|{gone['target_code']}", gone["name"])]


def test_a_new_name_is_noticed_and_a_new_institution_is_none() -> None:
    then = {"bank|0001": "甲銀行", "bank|0002": "乙銀行"}
    now = {"bank|0001": "甲乙銀行", "bank|0002": "乙銀行", "bank|0003": "丙銀行"}
    assert [sign.named for sign in institution_drift(then, now)] == ["甲銀行 → 甲乙銀行"]


@pytest.mark.parametrize(("rate", "flagged"), [(0.3, False), (0.5, True)])
def test_forecasts_that_no_longer_come_true_are_flagged(rate: float, flagged: bool) -> None:
    drawn = np.random.default_rng(0)
    case = np.repeat(np.arange(200.0), 4)
    hit = (drawn.uniform(size=800) < rate).astype(float)
    assert calibration_drift(np.full(800, 0.3), hit, case).flagged is flagged


@pytest.mark.parametrize(("hits", "flagged"), [(31, False), (80, True)])
def test_a_hit_rate_that_changed_is_flagged(hits: int, flagged: bool) -> None:
    signs = outcome_drift(
        {"bank": Answered(1000, 150)}, {"bank": Answered(200, hits), "pension": Answered(9, 1)}
    )
    by = pd.Series({sign.name: sign.flagged for sign in signs})
    assert by["bank"] == flagged
    assert not by["pension"]
