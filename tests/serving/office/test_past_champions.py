from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.office.past_champions import back_to, standing
from serving.problems import Problem
from serving.records.model_events import ChampionSet

VERSIONS = st.integers(1, 5)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("promote"), VERSIONS),
        st.just(("rollback", 0)),
        st.tuples(st.just("rollback to"), VERSIONS),
    ),
    max_size=30,
)


def change(manner: str, version: int, former: int) -> ChampionSet:
    return ChampionSet("", str(version), manner=manner, former=str(former) if former else "")


def went_back(changes: list[ChampionSet], now: int, asked: int | None) -> int | None:
    try:
        return back_to(changes, now, asked)
    except Problem:
        return None


@given(STEPS)
def test_promotions_and_rollbacks_are_a_stack(steps: list[tuple[str, int]]) -> None:
    ledger, stack, ever = [change("", 1, 0)], [1], {1}
    for what, version in steps:
        before = stack[-1]
        if what == "promote":
            if version == before:
                continue  # the version in use is not judged again
            stack.append(version)
            ever.add(version)
            ledger.append(change("promotion", version, before))
            continue
        asked = version if what == "rollback to" else None
        found = went_back(ledger, before, asked)
        if asked is None:
            expected = stack[-2] if len(stack) > 1 else None
        else:
            expected = asked if asked in ever and asked != before else None
        assert found == expected
        if found is None:
            continue
        ledger.append(change("rollback", found, before))
        if asked in stack or asked is None:
            stack.pop()
            while stack[-1] != found:
                stack.pop()
        else:
            stack.append(found)
        assert standing(ledger, found) == tuple(stack)


@given(st.lists(VERSIONS, min_size=1, max_size=8))
def test_as_many_rollbacks_as_promotions_lead_to_the_first_and_no_further(versions: list[int]) -> None:
    ledger, now, promoted = [change("", 9, 0)], 9, 0
    for version in versions:
        if version != now:
            ledger.append(change("promotion", version, now))
            now, promoted = version, promoted + 1
    for _ in range(promoted):
        back = back_to(ledger, now, None)
        ledger.append(change("rollback", back, now))
        now = back
    assert now == 9
    with pytest.raises(Problem, match=r"^モデル第9版より前に採用した版はないため、これ以上は戻せません。"):
        back_to(ledger, now, None)


def test_what_stood_before_there_was_a_journal_and_what_was_moved_by_hand_counts() -> None:
    assert standing([change("promotion", 4, 3)], 4) == (3, 4)
    assert standing([change("promotion", 4, 3)], 7) == (3, 4, 7)
    assert back_to([change("promotion", 4, 3)], 7, None) == 4
    assert standing([change("promotion", 4, 3), change("rollback", 4, 7)], 4) == (3, 4)


def test_without_any_model_there_is_nothing_to_go_back_from() -> None:
    with pytest.raises(Problem, match=r"^採用中のモデルがないため、戻せません。"):
        back_to([], 0, None)
