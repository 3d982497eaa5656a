from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from serving.problems import Problem
from serving.records.events import LoggedIn
from serving.records.journal import Journal
from serving.settings import Settings
from serving.terminal.verifying import verify_journal

Client = Any


def test_a_whole_journal_agrees_with_what_was_kept(
    *,
    settings: Settings,
    journal: Journal,
    browse: Callable[[str], Client],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "journal.jsonl"
    file.write_bytes(browse("auditor").get("/audit/export.jsonl").content)
    journal.append("hanako", LoggedIn())
    last, digest = journal.head()
    verify_journal(settings, f"{last}:{digest}", file)
    said = capsys.readouterr().out
    assert f"全{last}件" in said
    assert f"--head {last}:{digest}" in said
    assert "記録と一致します" in said


def test_a_tail_that_was_cut_off_is_found(engine: Engine, settings: Settings, journal: Journal) -> None:
    for _ in range(3):
        journal.append("hanako", LoggedIn())
    last, digest = journal.head()
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER journal_no_delete"))
        connection.execute(text(f"DELETE FROM journal WHERE seq = {last}"))
    verify_journal(settings)
    with pytest.raises(Problem, match=f"記録番号{last}がありません"):
        verify_journal(settings, f"{last}:{digest}")


def test_a_changed_entry_is_named(engine: Engine, settings: Settings, journal: Journal) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER journal_no_update"))
        connection.execute(text("UPDATE journal SET actor = 'x' WHERE seq = 3"))
    with pytest.raises(Problem, match="記録番号3が書かれたままではありません"):
        verify_journal(settings)


def test_a_journal_written_anew_does_not_agree(settings: Settings, journal: Journal) -> None:
    with pytest.raises(Problem, match="記録番号2が控えと違います"):
        verify_journal(settings, f"2:{'0' * 64}")


def test_a_changed_export_is_found(
    settings: Settings, browse: Callable[[str], Client], tmp_path: Path
) -> None:
    file = tmp_path / "journal.jsonl"
    written = browse("auditor").get("/audit/export.jsonl").text
    file.write_text(written.replace('"actor": "command"', '"actor": "taro"', 1), encoding="utf-8")
    with pytest.raises(Problem, match="ファイルの記録番号1が書き換えられています"):
        verify_journal(settings, file=file)


@pytest.mark.parametrize("head", ["7", "x:y", "7:abc"])
def test_an_end_that_cannot_be_read_is_refused(settings: Settings, engine: Engine, head: str) -> None:
    with pytest.raises(Problem, match="番号:ハッシュ"):
        verify_journal(settings, head)


def test_a_file_that_cannot_be_read_is_refused(settings: Settings, engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "else.csv"
    file.write_text("seq,at\n1,2\n", encoding="utf-8")
    with pytest.raises(Problem, match="JSON Lines"):
        verify_journal(settings, file=file)
