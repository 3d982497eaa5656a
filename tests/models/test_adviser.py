from __future__ import annotations

import re
import sys
from dataclasses import replace
from threading import Thread

import numpy as np
import pandas as pd
import pytest

from features.archive import Archive
from features.english_law import GATES
from features.law import open_cases, restricted, routed
from features.ledger.snapshot import Ledger, ledger_of
from models.advice import CaseAdvice
from models.adviser import Adviser
from models.quiet import QUIET_DAYS
from models.ranker import RankerSettings
from models.restriction import ADDRESS_WORDS, unaddressed
from training.course import Lesson, learn


@pytest.fixture(scope="module")
def adviser(small_lesson: Lesson, small_ledger: Ledger) -> Adviser:
    return Adviser(small_lesson.bundle, small_ledger)


@pytest.fixture(scope="module")
def cases(small_ledger: Ledger) -> pd.DataFrame:
    return open_cases(small_ledger, small_ledger.day)


@pytest.fixture(scope="module")
def advice(adviser: Adviser, cases: pd.DataFrame) -> list[CaseAdvice]:
    return adviser.advise(list(cases["debtor_id"]))


def test_a_routed_case_is_never_ranked(
    advice: list[CaseAdvice], small_ledger: Ledger, cases: pd.DataFrame
) -> None:
    gated = routed(small_ledger, cases)
    assert gated.any()
    assert [each.routed for each in advice] == gated.tolist()
    assert [each for each in advice if each.routed and (each.targets or each.forecasts)] == []
    assert all(each.targets for each in advice if not each.routed)


def test_a_protected_case_is_ranked_and_restricted(
    adviser: Adviser, small_ledger: Ledger, cases: pd.DataFrame, advice: list[CaseAdvice]
) -> None:
    assert [each.restricted for each in advice] == restricted(small_ledger, cases).tolist()
    free = next(each for each in advice if not each.routed and not each.restricted)
    debtors = small_ledger["debtors"]
    flags = debtors["protected"].mask(debtors["debtor_id"] == free.debtor_id, 1)
    frames = {**small_ledger.frames, "debtors": debtors.assign(protected=flags)}
    held = Adviser(adviser.bundle, ledger_of(small_ledger.municipality, frames)).advise([free.debtor_id])[0]
    assert held.restricted
    texts = [r.sentence for t in held.targets for r in t.reasons] + [
        g for t in held.targets for g in t.grounds
    ]
    assert not [text for text in texts if any(word in text for word in ADDRESS_WORDS)]
    assert held.targets == unaddressed(replace(free, restricted=True)).targets
    # Nothing is left out of the candidates, so nothing may say so.
    (gate,) = (each for each in held.gates if each.gate == "protected")
    assert "照会先" not in gate.sentence
    assert "targets" not in GATES["protected"]


def test_ranks_run_on_and_the_plan_leaves_out_only_what_costs_more_than_it_adds(
    advice: list[CaseAdvice],
) -> None:
    for each in advice:
        assert [target.rank for target in each.targets] == list(range(1, len(each.targets) + 1))
        assert len(each.targets) <= 10
        planned = [target for target in each.targets if target.in_plan]
        for target in each.targets:
            dearer = [other for other in planned if other.rank > target.rank]
            if not target.in_plan and dearer:
                cost = min(other.minutes * other.days for other in dearer)
                assert target.minutes * target.days > cost
        assert all(0 <= target.expected_yen <= each.arrears for target in each.targets)
        keys = [(target.target_kind, target.target_code) for target in each.targets]
        assert len(set(keys)) == len(keys)


def test_each_target_has_grounds_and_reasons_in_japanese(advice: list[CaseAdvice]) -> None:
    targets = [target for each in advice for target in each.targets]
    assert all(target.grounds and target.reasons for target in targets)
    said = [reason.sentence for target in targets for reason in target.reasons]
    assert all(re.search(r"[ぁ-んァ-ヶ一-龠]", sentence) and "{" not in sentence for sentence in said)


@pytest.mark.parametrize("learnt", [True, False])
def test_reasons_add_up_to_the_score(adviser: Adviser, cases: pd.DataFrame, learnt: bool) -> None:
    one = adviser if learnt else Adviser(replace(adviser.bundle, ranker=None), adviser.ledger)
    free = cases[~routed(adviser.ledger, cases)].iloc[:40].reset_index(drop=True)
    ranking = one.rank(free)
    told = one.explained(ranking)
    sums = [each.base + each.rest + sum(reason.weight for reason in each.reasons) for each in told]
    np.testing.assert_allclose(sums, ranking.rows["score"], atol=1e-6)


def test_a_recent_blank_is_not_proposed_again(advice: list[CaseAdvice], small_ledger: Ledger) -> None:
    replies = small_ledger["replies"]
    edge = pd.Timestamp(small_ledger.day) - pd.Timedelta(days=QUIET_DAYS)
    blank = replies[(replies["result"] == "2") & (replies["replied_on"] >= edge)]
    rows = small_ledger["inquiries"].merge(blank[["inquiry_id"]], on="inquiry_id")
    quiet = set(rows[["debtor_id", "target_kind", "target_code"]].itertuples(index=False, name=None))
    proposed = {(e.debtor_id, t.target_kind, t.target_code) for e in advice for t in e.targets}
    assert quiet
    assert not quiet & proposed


def test_one_case_is_advised_as_among_many(adviser: Adviser, advice: list[CaseAdvice]) -> None:
    each = next(each for each in advice if each.targets)
    alone = adviser.advise([each.debtor_id])[0]
    assert [t.target_code for t in alone.targets] == [t.target_code for t in each.targets]
    assert alone.forecasts == each.forecasts


def test_an_unknown_debtor_gets_no_targets(adviser: Adviser) -> None:
    advice = adviser.advise(["nobody"])[0]
    assert advice.targets == ()
    assert adviser.advise([]) == []


def test_without_any_inquiry_the_rules_rank(small_ledger: Ledger, cases: pd.DataFrame) -> None:
    kept = {n: f for n, f in small_ledger.frames.items() if n not in ("inquiries", "replies")}
    cold = ledger_of(small_ledger.municipality, kept)
    bundle = learn(cold, RankerSettings(threads=1)).bundle
    assert bundle.ranker is None
    found = Adviser(bundle, cold).advise(list(cases["debtor_id"][:30]))
    assert any(each.targets for each in found)
    assert all(target.reasons is not None for each in found for target in each.targets)


def test_an_added_kind_is_ranked(small_ledger: Ledger, small_lesson: Lesson, cases: pd.DataFrame) -> None:
    crypto = pd.DataFrame({"target_kind": ["crypto"], "target_code": ["C1"], "name": ["試験交換所"]})
    targets = pd.concat([small_ledger["targets"], crypto], ignore_index=True)
    ledger = ledger_of(small_ledger.municipality, {**small_ledger.frames, "targets": targets})
    free = cases[~routed(ledger, cases)].iloc[:10].reset_index(drop=True)
    ranking = Adviser(small_lesson.bundle, ledger).rank(free, top=100)
    kinds = ranking.matrix.pairs.kinds[ranking.rows["row"]]
    assert (kinds == "crypto").sum() == len(free)


def test_two_threads_never_read_each_others_case(small_archive: Archive, everybody: pd.DataFrame) -> None:
    ids = everybody["debtor_id"]
    wrong = []

    def ask(debtor: str) -> None:
        case = everybody[ids == debtor].reset_index(drop=True)
        for _ in range(60):
            seen = set(small_archive.about(case)["debtors"]["debtor_id"])
            if seen != {debtor}:
                wrong.append(seen)

    threads = [Thread(target=ask, args=(str(each),)) for each in ids.head(4)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert wrong == []
