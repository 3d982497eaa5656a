from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from features.ledger.intake import read_folder
from serving.app import now
from serving.office.champion import champion, known_version
from serving.office.matching import matching_or_none, proposed_matching
from serving.problems import Problem
from serving.records.entry import Entry
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings
from serving.terminal import commands, service
from serving.terminal.case_list import chosen_cases
from serving.terminal.promoting import promote_version, roll_back_to

Learnt = Any


def _champions(settings: Settings) -> list[Entry]:
    engine = open_store(settings.records_url)
    try:
        return Journal(engine, now).entries(kinds=("ChampionSet",))
    finally:
        engine.dispose()


def test_the_first_model_serves_unapproved_and_that_is_journalled(learnt: Learnt) -> None:
    first = _champions(learnt.settings)[0].facts
    assert (first["model_version"], first["approved_by"]) == ("1", "")
    assert "承認を待たず" in first["ground"]
    assert champion(learnt.settings).ranker is not None


def test_the_first_model_that_learnt_takes_over_from_the_rules(
    learnt: Learnt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, quick = Settings(tmp_path / "home"), {"rounds": 5, "threads": 1}
    for _ in range(2):
        commands.recommend_folder(settings, learnt.folder, tmp_path / "r.csv", 10, None)
        assert "経験則で順位を付けます" in capsys.readouterr().out
    assert commands.train_folder(settings, learnt.folder, only_if_new=True, given=quick) == "2"
    assert "第2版を登録し、採用しました" in capsys.readouterr().out
    assert champion(settings).ranker is not None
    assert [entry.facts["model_version"] for entry in _champions(settings)] == ["1", "2"]
    assert commands.train_folder(settings, learnt.folder, given=quick) == "3"
    assert champion(settings).version == "2"


def test_a_second_training_changes_nothing_until_it_is_approved(
    learnt: Learnt, capsys: pytest.CaptureFixture[str]
) -> None:
    number = commands.train_folder(learnt.settings, learnt.folder, given={"rounds": 5, "threads": 1})
    assert "tegakari promote" in capsys.readouterr().out
    assert champion(learnt.settings).version == "1"
    with pytest.raises(Problem, match=r"満たさない規則: 「採用中のモデルより良い.*--despite"):
        promote_version(learnt.settings, int(number), learnt.folder, by="課長", ground="新しい設定")
    assert champion(learnt.settings).version == "1"
    promote_version(
        learnt.settings, int(number), learnt.folder, by=" 課長 ", ground="新しい設定", despite="件数が少ない"
    )
    assert champion(learnt.settings).version == number
    last = _champions(learnt.settings)[-1].facts
    assert (last["model_version"], last["approved_by"], last["despite"]) == (number, "課長", "件数が少ない")
    roll_back_to(learnt.settings, None, "課長", "戻す")
    assert champion(learnt.settings).version == "1"


def test_an_unknown_version_is_refused_and_the_champion_stays(learnt: Learnt) -> None:
    with pytest.raises(Problem, match="第77版"):
        promote_version(learnt.settings, 77, learnt.folder, by="課長", ground="試行")
    assert champion(learnt.settings).version == "1"


def test_the_same_records_are_not_learnt_twice(learnt: Learnt, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.train_folder(learnt.settings, learnt.folder, only_if_new=True) == "1"
    assert "省きます" in capsys.readouterr().out
    assert known_version(learnt.settings, read_folder(learnt.folder)) == 1


def test_a_damaged_copy_is_told_in_the_terminal_and_in_the_log(
    learnt: Learnt, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(home=Path(shutil.copytree(learnt.settings.home, tmp_path / "home")))
    file = settings.home / "models" / "1" / "ranker_hit.txt"
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    assert champion(settings).ranker is not None
    assert file.read_bytes() == whole
    assert capsys.readouterr().out.count("手元のモデル第1版") == 1
    (kept,) = caplog.records
    assert "登録先の写しで置き換えました" in kept.getMessage()


def test_an_empty_home_recommends_by_the_rules(learnt: Learnt, tmp_path: Path) -> None:
    settings, out = Settings(home=tmp_path / "home"), tmp_path / "recs.csv"
    commands.recommend_folder(settings, learnt.folder, out, 10, None)
    assert champion(settings).ranker is None
    assert [entry.facts["model_version"] for entry in _champions(settings)] == ["1"]
    ranked = pd.read_csv(out, dtype={"debtor_id": str})
    assert set(ranked["debtor_id"]) == set(
        pd.read_csv(learnt.recommended, dtype={"debtor_id": str})["debtor_id"]
    )
    with pytest.raises(Problem, match="tegakari train"):
        commands.match_folder(settings, learnt.folder, tmp_path / "match.csv", None)
    assert not (tmp_path / "match.csv").exists()


def test_a_foreign_parameter_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"rounds|木"):
        commands.train_folder(Settings(home=tmp_path / "home"), tmp_path, given={"rounds": -1})
    assert not (tmp_path / "home").exists()


def test_a_case_list_keeps_its_order_and_each_case_once(learnt: Learnt, tmp_path: Path) -> None:
    ledger = read_folder(learnt.folder).ledger
    every = chosen_cases(ledger, None)
    assert every == sorted(every)
    file = tmp_path / "cases.csv"
    file.write_text(f'\ufeffdebtor_id\n\n"{every[2]}"\n{every[0]},memo\n{every[2]}\n', encoding="utf-8")
    assert chosen_cases(ledger, file) == [every[2], every[0]]
    file.write_text("nobody\n", encoding="utf-8")
    with pytest.raises(Problem, match="1行目"):
        chosen_cases(ledger, file)


def test_an_office_without_a_matching_says_why_and_goes_on(learnt: Learnt, tmp_path: Path) -> None:
    ledger, bundle = read_folder(learnt.folder).ledger, replace(champion(learnt.settings), difficulty=None)
    said: list[str] = []
    assert matching_or_none(bundle, ledger, chosen_cases(ledger, None)[:5], said.append).empty
    assert "担当案はありません" in said[0]
    with pytest.raises(Problem, match="処理時間"):
        proposed_matching(bundle, ledger, [])


def test_an_office_opens_over_a_folder(learnt: Learnt, tmp_path: Path) -> None:
    home = Path(shutil.copytree(learnt.settings.home, tmp_path / "home"))
    office = service.open_office(Settings(home=home), learnt.folder)
    first = office.lines(office.case_ids[:3])
    assert [line.debtor_id for line in first] == list(office.case_ids[:3])
    assert office.advise(first[0].debtor_id).model_version == office.versions.model == "1"
    with pytest.raises(KeyError, match="no such open case"):
        office.advise("nobody")
