from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from features.ledger.outgoing import write_folder
from serving.office.served import remember
from serving.problems import Problem
from serving.records.identity import Identity
from serving.settings import Settings
from serving.terminal.commands import add_user

PASSWORD = "correct-horse-battery"


@pytest.fixture
def folder(town: ModuleType, tmp_path: Path) -> Path:
    write_folder(town.tiny_ledger(), tmp_path / "town")
    return tmp_path / "town"


def test_an_officer_needs_a_staff_number(settings: Settings, identity: Identity) -> None:
    with pytest.raises(Problem, match="職員番号が要ります"):
        add_user(settings, "hanako", "officer", PASSWORD)
    add_user(settings, "hanako", "auditor", PASSWORD)
    assert identity.named("hanako") is not None


def test_a_number_that_the_records_do_not_have_is_refused(
    settings: Settings, identity: Identity, folder: Path
) -> None:
    remember(settings, folder)
    with pytest.raises(Problem, match="職員の表にありません"):
        add_user(settings, "hanako", "officer", PASSWORD, "T999")
    assert identity.named("hanako") is None
    add_user(settings, "hanako", "officer", PASSWORD, "T003")
    add_user(settings, "taro", "officer", PASSWORD, " T002 ", folder=folder)
    hanako, taro = identity.named("hanako"), identity.named("taro")
    assert hanako is not None
    assert taro is not None
    assert (hanako.staff_id, taro.staff_id) == ("T003", "T002")


def test_without_records_at_hand_it_is_said_that_nothing_was_checked(
    settings: Settings, identity: Identity, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    add_user(settings, "hanako", "officer", PASSWORD, "T999")
    assert "職員番号は確かめていません" in capsys.readouterr().out
    with pytest.raises(Problem, match="フォルダを読めません"):
        add_user(settings, "taro", "officer", PASSWORD, "T002", folder=tmp_path / "nothing")
    assert identity.named("taro") is None
