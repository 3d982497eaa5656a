from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from features.ledger.intake import read_folder
from serving.app import now
from serving.exchange.number import InquiryNumber
from serving.office.correspondence import Correspondence
from serving.problems import Problem
from serving.records.events import DecisionMade
from serving.records.identity import Identity, Role
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings
from serving.terminal import commands
from serving.terminal.exchanging import export_journal, make_batch, take_in
from serving.wording import JAPAN, era


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Path]:
    """A small town, a home with an officer, and one choice of three targets about its first open case."""
    folder = tmp_path_factory.mktemp("exchanging")
    settings = Settings(home=folder / "home")
    commands.write_town(settings, folder / "town", debtors=120, seed=3, style="ward")
    ledger = read_folder(folder / "town").ledger
    letters = Correspondence(ledger)
    debtor = min(letters.cases - letters.routed - letters.restricted)
    banks = ledger["targets"].query("target_kind == 'bank'").sort_values("target_code")["target_code"]
    engine = open_store(settings.records_url)
    journal = Journal(engine, now)
    Identity(engine, journal, now, settings).add_user("hanako", "correct-horse-battery", Role.OFFICER, "T001")
    accepted = tuple({"target_kind": "bank", "target_code": str(code), "rank": 1} for code in banks[:3])
    journal.append("hanako", DecisionMade(debtor, accepted=accepted))
    engine.dispose()
    return settings, folder


def test_batch_replies_and_export(
    place: tuple[Settings, Path], files: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, folder = place
    with pytest.raises(Problem, match="その利用者はありません"):
        make_batch(settings, folder / "out", folder / "town", "nobody")
    make_batch(settings, folder / "out", folder / "town", "hanako")
    written = sorted(path.suffix for path in (folder / "out").iterdir())
    assert written.count(".csv") == written.count(".xlsx") == 3
    assert "3件" in capsys.readouterr().out
    with pytest.raises(Problem, match="送付できる照会がありません"):
        make_batch(settings, folder / "again", folder / "town", "hanako")
    assert not (folder / "again").exists()
    first = sorted((folder / "out").glob("*.csv"))[0].read_text(encoding="utf-8-sig").splitlines()[1]
    number, today = first.split(",")[0], now().astimezone(JAPAN).date()
    strange = str(InquiryNumber(number[:6], 9999, 1))
    answer = folder / "answer.csv"
    answer.write_bytes(files.flat_rows([files.Answered(strange)], era(today)))
    with pytest.raises(Problem, match=r"2行 照会番号: この番号の照会は送っていません"):
        take_in(settings, answer, folder / "town", "hanako")
    answer.write_bytes(files.flat_rows([files.Answered(number, (("普通", 70_000),))], era(today)))
    take_in(settings, answer, folder / "town", "hanako")
    assert "回答1件を取り込みました" in capsys.readouterr().out
    with pytest.raises(Problem, match="すべて取込み済み"):
        take_in(settings, answer, folder / "town", "hanako")
    export_journal(settings, folder / "tables", folder / "town", False)
    assert sorted(path.name for path in (folder / "tables").iterdir()) == ["inquiries.csv", "replies.csv"]
    export_journal(settings, folder / "next", folder / "town", True)
    old, read = read_folder(folder / "town"), read_folder(folder / "next")
    assert (read.faults, read.repairs) == ((), ())  # the half-width kana of the town were mended before
    assert read.warnings == old.warnings
    assert len(read.ledger["inquiries"]) == len(old.ledger["inquiries"]) + 3
    assert len(read.ledger["replies"]) == len(old.ledger["replies"]) + 1
    assert read.ledger["inquiries"]["inquiry_id"].is_unique
    assert number in set(read.ledger["replies"]["inquiry_id"])
    with pytest.raises(Problem, match="空ではありません"):
        export_journal(settings, folder / "next", folder / "town", True)


def test_a_file_beyond_the_limit_is_not_read(place: tuple[Settings, Path]) -> None:
    settings, folder = place
    large = folder / "large.csv"
    with large.open("wb") as file:
        file.truncate(50 * 2**20)
    with pytest.raises(Problem, match="大きすぎます"):
        take_in(settings, large, folder / "town", "hanako")
    with pytest.raises(Problem, match="回答ファイルを読めません"):
        take_in(settings, folder / "none.csv", folder / "town", "hanako")
