from __future__ import annotations

import pytest
from sqlalchemy import Engine

from serving.problems import Problem
from serving.records.identity import Identity, Role, User
from serving.records.saved_views import MOST_VIEWS, SavedViews


@pytest.fixture
def users(identity: Identity) -> tuple[User, User]:
    password = "correct-horse-battery"
    return (
        identity.add_user("hanako", password, Role.OFFICER),
        identity.add_user("taro", password, Role.OFFICER),
    )


def test_a_view_is_kept_for_its_owner_alone(engine: Engine, users: tuple[User, User]) -> None:
    views, (hanako, taro) = SavedViews(engine), users
    views.save(hanako, " 急ぐ  時効 ", "mark=prescription&whose=mine")
    (view,) = views.of(hanako)
    assert (view.name, view.query) == ("急ぐ 時効", "mark=prescription&whose=mine")
    assert views.of(taro) == ()
    views.forget(taro, view.number)
    assert len(views.of(hanako)) == 1
    views.forget(hanako, view.number)
    assert views.of(hanako) == ()


@pytest.mark.parametrize(("name", "query"), [(" ", ""), ("x" * 41, ""), ("x", "q" * 401)])
def test_a_view_without_a_fitting_name_is_refused(
    engine: Engine, users: tuple[User, User], name: str, query: str
) -> None:
    with pytest.raises(Problem, match="1文字以上40文字以内"):
        SavedViews(engine).save(users[0], name, query)


def test_a_taken_name_and_one_view_too_many_are_refused(engine: Engine, users: tuple[User, User]) -> None:
    views, hanako = SavedViews(engine), users[0]
    for number in range(MOST_VIEWS):
        views.save(hanako, f"条件{number}", "")
    with pytest.raises(Problem, match="20件まで"):
        views.save(hanako, "もう一つ", "")
    with pytest.raises(Problem, match="同じ名前"):
        views.save(hanako, "条件3", "")
    assert len(views.of(hanako)) == MOST_VIEWS


def test_nobody_without_cases_keeps_views(engine: Engine) -> None:
    with pytest.raises(Problem, match="権限がありません"):
        SavedViews(engine).save(User(1, "data", Role.DATA), "名前", "")
