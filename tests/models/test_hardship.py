from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.law import open_cases, routed
from features.ledger.snapshot import Ledger, ledger_of
from features.profile import build_profiles
from features.town.truth import Town
from models.adviser import Adviser
from models.finding import SUGGESTIONS
from models.hardship import FACTS, HardshipModel, fit_hardship, written_rule
from models.hardship_signs import signs_of
from training.calibration import calibration
from training.course import Lesson
from training.hardship_proof import finding_scores


@pytest.fixture(scope="module")
def known(small_ledger: Ledger, everybody: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    profiles = build_profiles(small_ledger, everybody)
    return profiles, signs_of(small_ledger, everybody, profiles)


def test_the_finding_is_calibrated_on_the_towns_truth(small_town: Town, small_lesson: Lesson) -> None:
    scores = finding_scores(small_town, small_lesson.bundle)
    told = calibration(scores["probability"].to_numpy(), scores["truly_both"].to_numpy(), bins=5)
    assert told.error < 0.04
    assert told.resolution > 0.0005
    hard = scores.nlargest(25, "hard")
    assert hard["truly_hard"].mean() > 2 * scores["truly_hard"].mean()


def test_the_parts_add_up(known: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    model = fit_hardship(*known)
    odds = model.level + model.parts(*known).sum(axis=1).to_numpy()
    np.testing.assert_allclose(model.hard(*known), 1 / (1 + np.exp(-odds)))
    assert all(within >= out for out, within in model.rates)
    assert HardshipModel.from_text(model.to_text()) == model


def test_the_reasons_add_up_and_name_no_gate(small_ledger: Ledger, small_lesson: Lesson) -> None:
    cases = open_cases(small_ledger, small_ledger.day)
    debtors = cases["debtor_id"][~routed(small_ledger, cases)].astype(str).tolist()[:60]
    for advice in Adviser(small_lesson.bundle, small_ledger).advise(debtors):
        finding = advice.finding
        assert finding is not None
        odds = finding.base + finding.rest + sum(reason.weight for reason in finding.reasons)
        assert finding.hard == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-9)
        assert finding.probability == pytest.approx(finding.hard * finding.nothing)
        assert advice.hardship == finding.probability
        assert set(finding.suggestions) <= set(SUGGESTIONS)
        assert {reason.feature for reason in finding.reasons} <= {
            *FACTS,
            "statements",
            "suspended",
            "deferred",
        }


def test_a_statement_and_no_income_speak_for_hardship(known: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    profiles, signs = known
    for model in (written_rule(), fit_hardship(profiles, signs)):
        quiet = signs.assign(contacts=3.0, statements=0.0)
        loud = signs.assign(contacts=3.0, statements=2.0)
        assert (model.hard(profiles, loud) > model.hard(profiles, quiet)).all()
    poor, rich = profiles.assign(income_total=0.0), profiles.assign(income_total=9e6)
    assert (written_rule().hard(poor, signs) > written_rule().hard(rich, signs)).all()


def test_with_few_records_the_written_rule_speaks(known: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    profiles, signs = known
    assert fit_hardship(profiles[:100], signs[:100]) == written_rule()
    assert fit_hardship(profiles, signs.assign(statements=0.0)) == written_rule()


def test_what_became_known_later_is_no_sign(small_ledger: Ledger, everybody: pd.DataFrame) -> None:
    early = everybody.assign(day=everybody["day"] - pd.Timedelta(days=400))
    day = early["day"].iloc[0].date()
    whole, cut = small_ledger, small_ledger.as_of(day)
    told = signs_of(whole, early, build_profiles(whole, early))
    pd.testing.assert_frame_equal(told, signs_of(cut, early, build_profiles(cut, early)))


def test_a_statement_is_told_with_the_days_since_the_last(small_ledger: Ledger, small_lesson: Lesson) -> None:
    cases = open_cases(small_ledger, small_ledger.day)
    free = cases["debtor_id"][~routed(small_ledger, cases)].astype(str).tolist()
    told = [
        (advice.debtor_id, reason.sentence)
        for advice in Adviser(small_lesson.bundle, small_ledger).advise(free)
        for reason in (advice.finding.reasons if advice.finding else ())
        if reason.feature == "statements" and "件に生活の苦しさに関する申出がある" in reason.sentence
    ]
    assert told
    contacts = small_ledger["contacts"]
    for debtor_id, sentence in told:
        found = re.search(r"\(最後は(\d+)日前\)$", sentence)
        assert found is not None, sentence
        day = pd.Timestamp(small_ledger.day) - pd.Timedelta(days=int(found[1]))
        assert ((contacts["debtor_id"] == debtor_id) & (contacts["contacted_on"] == day)).any()


def test_a_routed_case_has_no_finding(small_ledger: Ledger, small_lesson: Lesson) -> None:
    cases = open_cases(small_ledger, small_ledger.day)
    gone = cases["debtor_id"][routed(small_ledger, cases)].astype(str).tolist()[:5]
    found = Adviser(small_lesson.bundle, small_ledger).advise(gone)
    assert [(each.hardship, each.finding) for each in found] == [(None, None)] * len(gone)


def test_an_older_bundle_finds_nothing(small_ledger: Ledger, small_lesson: Lesson) -> None:
    cases = open_cases(small_ledger, small_ledger.day)
    adviser = Adviser(replace(small_lesson.bundle, hardship=None), small_ledger)
    assert all(each.hardship is None for each in adviser.advise(cases["debtor_id"].astype(str).tolist()[:10]))


def test_a_case_without_candidates_has_a_finding(small_ledger: Ledger, small_lesson: Lesson) -> None:
    frames = {n: f for n, f in small_ledger.frames.items() if n != "targets"}
    ledger = ledger_of(small_ledger.municipality, frames)
    cases = open_cases(ledger, ledger.day)
    free = cases["debtor_id"][~routed(ledger, cases)].astype(str).tolist()[:5]
    assert all(each.finding is not None for each in Adviser(small_lesson.bundle, ledger).advise(free))
