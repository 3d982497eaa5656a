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


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_both_exports_agree_with_the_journal_whatever_officers_wrote(
    *,
    settings: Settings,
    journal: Journal,
    browse: Callable[[str], Client],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    ending: str,
) -> None:
    for actor in ("=1+1", "'=1+1", "花\u2028子\u0085", '"花,子"', "花\r\n子"):
        journal.append(actor, LoggedIn())
    file = tmp_path / f"journal.{ending}"
    file.write_bytes(browse("auditor").get(f"/audit/export.{ending}").content)
    verify_journal(settings, file=file)
    count = journal.head()[0] - 1  # the export itself is journalled after what it holds
    said = capsys.readouterr().out
    assert f"ファイルの{count}件は記録と一致します" in said
    assert ("said" in said) == (ending == "csv")


def test_a_csv_with_one_changed_byte_is_found(
    settings: Settings, browse: Callable[[str], Client], tmp_path: Path
) -> None:
    file = tmp_path / "journal.csv"
    written = browse("auditor").get("/audit/export.csv").content
    file.write_bytes(written.replace(b",command,", b",commanc,", 1))
    with pytest.raises(Problem, match=r"ファイルの記録番号1が書き換えられています。表計算"):
        verify_journal(settings, file=file)


def test_a_csv_of_a_journal_written_anew_does_not_agree(
    settings: Settings, engine: Engine, browse: Callable[[str], Client], tmp_path: Path, journal: Journal
) -> None:
    file = tmp_path / "journal.csv"
    for _ in range(2):
        journal.append("hanako", LoggedIn())
    file.write_bytes(browse("auditor").get("/audit/export.csv").content)
    last = journal.head()[0]
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER journal_no_delete"))
        connection.execute(text(f"DELETE FROM journal WHERE seq > {last - 2}"))
    with pytest.raises(Problem, match="がありません"):
        verify_journal(settings, file=file)


def test_a_csv_that_was_cut_off_is_refused(
    settings: Settings, browse: Callable[[str], Client], tmp_path: Path
) -> None:
    file = tmp_path / "journal.csv"
    lines = browse("auditor").get("/audit/export.csv").content.splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(Problem, match=r"末尾を示す行がありません。.*書き出し直して"):
        verify_journal(settings, file=file)


def test_a_line_taken_out_of_a_whole_export_is_missed(
    settings: Settings, journal: Journal, browse: Callable[[str], Client], tmp_path: Path
) -> None:
    journal.append("hanako", LoggedIn())
    file = tmp_path / "journal.jsonl"
    first, *lines = browse("auditor").get("/audit/export.jsonl").content.splitlines(keepends=True)
    assert len(lines) > 4
    for gone in (0, 2, len(lines) - 1):
        file.write_bytes(first + b"".join(lines[:gone] + lines[gone + 1 :]))
        with pytest.raises(
            Problem, match=f"絞り込まずに書き出したファイルに、記録番号{gone + 1}がありません"
        ):
            verify_journal(settings, file=file)
    for wrong in ([*lines, lines[0]], lines[::-1]):
        file.write_bytes(first + b"".join(wrong))
        with pytest.raises(Problem, match="重複しているか、書き出したときの並びと違います"):
            verify_journal(settings, file=file)


@pytest.mark.parametrize(
    ("asked", "taken_out", "told"),
    [
        ("export.jsonl", 0, "記録番号1から6まで、ファイルに抜けはありません"),
        ("export.csv", 0, "記録番号1から6まで、ファイルに抜けはありません"),
        (
            "export.jsonl?actor=command",
            0,
            "検索で絞り込んだファイルのため、行の抜けがないかは確かめていません",
        ),
        ("export.csv?actor=command", 0, "CSVからは分からないため、行の抜けがないかは確かめていません"),
        ("export.csv", 1, "CSVからは分からないため、行の抜けがないかは確かめていません"),
    ],
)
def test_it_is_said_whether_lines_may_be_missing(
    *,
    settings: Settings,
    journal: Journal,
    browse: Callable[[str], Client],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    asked: str,
    taken_out: int,
    told: str,
) -> None:
    journal.append("hanako", LoggedIn())
    file = tmp_path / "journal"
    first, *lines = browse("auditor").get(f"/audit/{asked}").content.splitlines(keepends=True)
    file.write_bytes(first + b"".join(lines[taken_out:]))
    verify_journal(settings, file=file)
    assert told in capsys.readouterr().out


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


@pytest.mark.parametrize(
    "content", [b"", b"seq,at\n1,2\n", b"inquiry_id,debtor_id\n", b"{}\n", b'{"last": 1', b"\x82\xa0\xff"]
)
def test_a_file_that_cannot_be_read_is_refused(
    settings: Settings, engine: Engine, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "else.csv"
    file.write_bytes(content)
    with pytest.raises(Problem, match=r"監査の画面で書き出したCSVかJSON Lines"):
        verify_journal(settings, file=file)


def test_a_file_that_is_not_there_is_said_to_be(settings: Settings, engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="ファイルが見つかりません"):
        verify_journal(settings, file=tmp_path / "none.csv")
