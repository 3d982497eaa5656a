from __future__ import annotations

import pytest

from features.archive import Archive
from features.law import open_cases, routed
from features.ledger.snapshot import Ledger
from features.ledger.told import NONE, Told
from features.supposed import Supposition, read_note
from models.advice import CaseAdvice, RankedTarget
from models.adviser import Adviser
from models.follow_up import follow_up
from models.what_if import moves, what_if
from training.course import Lesson


@pytest.fixture(scope="module")
def adviser(small_ledger: Ledger, small_lesson: Lesson, small_archive: Archive) -> Adviser:
    return Adviser(small_lesson.bundle, small_ledger, small_archive)


@pytest.fixture(scope="module")
def employed(adviser: Adviser) -> CaseAdvice:
    """A case whose employer of the latest slip is proposed."""
    cases = open_cases(adviser.ledger, adviser.ledger.day)
    free = [str(each) for each in cases["debtor_id"][~routed(adviser.ledger, cases)]]
    return next(
        each
        for each in adviser.advise(free[:60])
        if any(t.target_kind == "employer" for t in each.targets[:3])
    )


def place(advice: CaseAdvice, kind: str, code: str) -> float:
    found = [t.probability for t in advice.targets if (t.target_kind, t.target_code) == (kind, code)]
    return found[0] if found else 0.0


def test_an_employer_that_was_left_is_less_likely(adviser: Adviser, employed: CaseAdvice) -> None:
    work = next(t for t in employed.targets if t.target_kind == "employer")
    left = Supposition("denied", "employer", work.target_code)
    after = what_if(adviser, employed.debtor_id, [left])
    assert place(after, "employer", work.target_code) < work.probability
    assert moves(employed, after)[0].after == after.targets[0]
    assert {m.target.target_code for m in moves(employed, after)} >= {t.target_code for t in employed.targets}


def test_an_account_that_becomes_known_is_likelier(adviser: Adviser, employed: CaseAdvice) -> None:
    banks = [t for t in employed.targets if t.target_kind == "bank"]
    last = banks[-1]
    after = what_if(adviser, employed.debtor_id, [Supposition("pays_from", "bank", last.target_code)])
    assert place(after, "bank", last.target_code) > last.probability


def test_nothing_of_it_stays(adviser: Adviser, employed: CaseAdvice) -> None:
    what_if(adviser, employed.debtor_id, [], note="ゆうちょ銀行の口座から払う。失業中。")
    assert adviser.advise([employed.debtor_id])[0] == employed


def test_a_note_is_read_as_the_log_is(adviser: Adviser) -> None:
    said = read_note(adviser.ledger, "ゆうちょ銀行の口座から払うとのこと")
    assert Supposition("pays_from", "bank", "9900") in said


def test_what_was_answered_since_still_counts(adviser: Adviser, employed: CaseAdvice) -> None:
    first = employed.targets[0]
    told = [Told(employed.debtor_id, first.target_kind, first.target_code, employed.day, employed.day, NONE)]
    after = what_if(adviser, employed.debtor_id, [], told=told)
    assert (first.target_kind, first.target_code) not in {
        (t.target_kind, t.target_code) for t in after.targets
    }


def test_an_unknown_target_is_refused(adviser: Adviser, employed: CaseAdvice) -> None:
    with pytest.raises(ValueError, match="no record and no list"):
        what_if(adviser, employed.debtor_id, [Supposition("works_at", "employer", "nowhere")])


def test_a_follow_up_before_anything_else_leaves_everybody_elses_slips_alone(
    small_ledger: Ledger, small_lesson: Lesson, employed: CaseAdvice
) -> None:
    """The first case asked for after a start may be one with replies."""
    fresh = Adviser(small_lesson.bundle, small_ledger, Archive(small_ledger))
    other = str(small_ledger["debtors"]["debtor_id"].iloc[-1])
    told = [Told(other, "bank", "9900", employed.day, employed.day, NONE)]
    follow_up(fresh, other, told)
    assert fresh.advise([employed.debtor_id])[0] == employed


def works(advice: CaseAdvice) -> RankedTarget | None:
    return next((t for t in advice.targets if t.target_kind == "employer"), None)


CURRENT = (
    "最新の給与支払報告書の支払者",
    "で働いている",
    "最新の課税資料に給与支払者がある",
    "特別徴収がある",
)
"""What only a present employer may be said to be."""


def test_an_employer_that_was_left_falls_and_is_not_called_the_payer(adviser: Adviser) -> None:
    """In a clear majority of cases; where nothing better is known, it may stay the first even so."""
    cases = open_cases(adviser.ledger, adviser.ledger.day)
    free = [str(each) for each in cases["debtor_id"][~routed(adviser.ledger, cases)]]
    paid = [each for each in adviser.advise(free[:120]) if pays(each)][:25]
    assert len(paid) >= 15
    less, fell = [], []
    for before in paid:
        work = works(before)
        assert work is not None
        left = [Supposition("denied", "employer", work.target_code)]
        after = what_if(adviser, before.debtor_id, left, top=30)
        again = next((t for t in after.targets if t.target_code == work.target_code), None)
        less.append(again is None or again.probability < 0.7 * work.probability)
        fell += [again is None or again.rank > 1] if work.rank == 1 else []
        said = "".join(r.sentence for t in after.targets for r in t.reasons if t.target_kind == "employer")
        said += "".join(ground for ground in (again.grounds if again else ()))
        assert not [word for word in (*CURRENT, "最新の給与支払報告書") if word in said]
        assert again is None or "以前の給与支払報告書" in again.grounds
    assert sum(less) >= 0.9 * len(paid)
    assert sum(fell) >= 0.7 * len(fell)


def pays(advice: CaseAdvice) -> bool:
    work = works(advice)
    return work is not None and work.rank <= 3 and "最新の給与支払報告書" in work.grounds
