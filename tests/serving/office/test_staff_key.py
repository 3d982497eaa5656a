from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from features.ledger.intake import read_folder
from serving.office.champion import champion, registry_of
from serving.office.staff_key import key_file, known_key, made_key
from serving.problems import Problem
from serving.settings import Settings
from serving.terminal import commands
from training.copies import digest_of

Learnt = Any


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    assert known_key(settings) == ""
    assert not settings.home.exists()
    key = made_key(settings)
    assert (made_key(settings), known_key(settings), len(key)) == (key, key, 64)
    assert stat.S_IMODE(key_file(settings).stat().st_mode) == 0o600
    assert [path.name for path in settings.home.iterdir()] == ["staff.key"]
    assert made_key(Settings(home=tmp_path / "other")) != key


def test_a_damaged_key_is_told_and_not_replaced(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    key_file(settings).write_text("half of")
    with pytest.raises(Problem, match=r"staff\.key"):
        made_key(settings)
    assert key_file(settings).read_text() == "half of"


def test_no_file_of_a_registered_model_names_an_officer(learnt: Learnt) -> None:
    staff = set(read_folder(learnt.folder).ledger["staff"]["staff_id"])
    folders = [learnt.settings.home / "artifacts", registry_of(learnt.settings).fetch_champion()]
    texts = {
        path: path.read_text(encoding="utf-8")
        for each in folders
        for path in each.rglob("*")
        if path.is_file()
    }
    assert any(path.name == "difficulty.json" for path in texts)
    assert {path.name for path, text in texts.items() for name in staff if name in text} == set()


def test_the_same_records_seed_and_home_give_the_same_model(learnt: Learnt, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    key_of_learnt = key_file(learnt.settings).read_text()
    settings.home.mkdir()
    key_file(settings).write_text(key_of_learnt)
    commands.train_folder(settings, learnt.folder, given={"rounds": 15, "threads": 1})
    first = registry_of(learnt.settings).fetch_champion(tmp_path / "first")
    again = registry_of(settings).fetch_champion(tmp_path / "again")
    assert digest_of(first) == digest_of(again)
    key_file(settings).unlink()
    with pytest.raises(Problem, match=r"staff\.key.*tegakari train"):
        champion(settings)
