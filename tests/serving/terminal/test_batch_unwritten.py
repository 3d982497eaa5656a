"""A batch whose files cannot be written is made all the same: it is told where they can be fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from features.ledger.intake import read_folder
from serving.app import now
from serving.office.correspondence import Correspondence
from serving.problems import Problem
from serving.records.events import DecisionMade
from serving.records.identity import Identity, Role
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings
from serving.terminal import commands, exchanging
from serving.terminal.exchanging import make_batch
from serving.wording import refusal

NAME = "滞納花子"


@pytest.fixture(scope="module")
def town_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unwritten") / "town"
    commands.write_town(Settings(home=folder.parent), folder, debtors=120, seed=3, style="ward")
    return folder


@pytest.fixture
def home(town_folder: Path, tmp_path: Path) -> Settings:
    """A home with an officer and one choice about the first open case."""
    settings = Settings(home=tmp_path / "home")
    ledger = read_folder(town_folder).ledger
    letters = Correspondence(ledger)
    debtor = min(letters.cases - letters.routed - letters.restricted)
    bank = ledger["targets"].query("target_kind == 'bank'")["target_code"].min()
    engine = open_store(settings.records_url)
    journal = Journal(engine, now)
    Identity(engine, journal, now, settings).add_user("hanako", "correct-horse-battery", Role.OFFICER, "T001")
    accepted = ({"target_kind": "bank", "target_code": str(bank), "rank": 1},)
    journal.append("hanako", DecisionMade(debtor, accepted=accepted))
    engine.dispose()
    return settings


def made(settings: Settings) -> int:
    """Return the number of the only batch."""
    engine = open_store(settings.records_url)
    try:
        [batch] = Journal(engine, now).entries(("BatchMade",))
        return batch.seq
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    ("failure", "advice"),
    [
        (OSError(28, NAME), "空き容量を確かめ"),
        (ValueError(f"{NAME} cannot be used in worksheets."), "log/tegakari.log"),
        (refusal("batch_mixed"), refusal("batch_mixed").sentence),
    ],
)
def test_whatever_fails_it_is_told_where_the_files_are(
    *,
    home: Settings,
    town_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    advice: str,
) -> None:
    def broken(*_: object) -> bytes:
        raise failure

    monkeypatch.setattr(exchanging, "xlsx_bytes", broken)
    with pytest.raises(Problem, match="照会は作りましたが、ファイルを書き出せません。") as told:
        make_batch(home, tmp_path / "out", town_folder, "hanako")
    assert advice in told.value.hint
    assert f"/batches/{made(home)} から受け取ってください" in told.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    log = home.log_file.read_text(encoding="utf-8")
    assert f"tegakari batch: {type(failure).__name__}" in log
    assert "_write" in log
    assert NAME not in log + str(told.value)


def test_an_interrupted_one_tells_it_too(
    home: Settings,
    town_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(exchanging, "xlsx_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        make_batch(home, tmp_path / "out", town_folder, "hanako")
    assert f"/batches/{made(home)} から受け取ってください" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_log_that_cannot_be_written_hides_nothing(
    home: Settings, town_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise ValueError(NAME)

    monkeypatch.setattr(exchanging, "xlsx_bytes", broken)
    (home.home / "log").write_text("in the way", encoding="utf-8")
    with pytest.raises(Problem, match=r"書き出せません。画面の /batches/") as told:
        make_batch(home, tmp_path / "out", town_folder, "hanako")
    assert "log" not in told.value.hint
