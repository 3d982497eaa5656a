"""Models, registries, records and places that break: one sentence, exit code 1, nothing half-written."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from serving.cli import main
from serving.settings import Settings
from serving.terminal import commands

Told = Callable[..., str]


def works(*arguments: object) -> None:
    """Run a command that must succeed."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    assert not ended.value.code


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faults") / "town"
    commands.write_town(Settings(folder.parent), folder, debtors=60, seed=3, style="ward")
    return folder


@pytest.fixture(scope="module")
def ruled(town: Path) -> Path:
    """A home whose champion is the officers' rules."""
    home = town.parent / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TEGAKARI_TRACKING_URI", raising=False)
        works("recommend", town, "--out", home / "first.csv", "--home", home)
    return home


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Told:
    """Run a command that must be refused and return what the reader is told."""

    def run(*arguments: object) -> str:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert ended.value.code == 1, said.out + said.err
        assert "Traceback" not in said.out + said.err
        assert "予期しない" not in said.err, said.err
        assert said.err.endswith("。\n"), said.err
        return said.err

    return run


def test_a_home_of_another_municipality_is_refused(
    town: Path, ruled: Path, refused: Told, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(town, other)
    facts = json.loads((other / "municipality.json").read_text(encoding="utf-8"))
    name, facts["name"] = facts["name"], "隣町"
    (other / "municipality.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    home = tmp_path / "home"
    shutil.copytree(ruled, home)
    works("train", town, "--home", home)
    versions = sorted((home / "models").iterdir())
    for arguments in (
        ("recommend", other, "--out", tmp_path / "o.csv"),
        ("match", other, "--out", tmp_path / "o.csv"),
        ("train", other),
        ("drift", other),
        ("fairness", other),
        ("demo", other),
        ("promote", 2, other, "--by", "課長", "--ground", "試し"),
        ("export", tmp_path / "o.csv", other),
        ("batch", tmp_path / "o.csv", other, "--by", "hanako"),
        ("replies", town / "staff.csv", other, "--by", "hanako"),
        ("user", "add", "hanako", "--staff-id", "T001", "--folder", other),
    ):
        told = refused(*arguments, "--home", home)
        assert f"「{name}(" in told, arguments
        assert "「隣町(" in told, arguments
        assert "別のホーム" in told, arguments
    assert sorted((home / "models").iterdir()) == versions
    assert not (tmp_path / "o.csv").exists()


def test_a_case_that_is_not_open_is_named_by_its_line(
    town: Path, ruled: Path, refused: Told, tmp_path: Path
) -> None:
    known = (ruled / "first.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    (tmp_path / "cases.txt").write_text(f"debtor_id\n{known}\n999999999999999\n", encoding="utf-8")
    for command in ("recommend", "match"):
        told = refused(
            command, town, "--out", tmp_path / "o.csv", "--cases", tmp_path / "cases.txt", "--home", ruled
        )
        assert "3行目" in told
        assert "9999" not in told
    assert not list(tmp_path.glob("*.csv"))


@pytest.mark.parametrize("text", [b"", b"\xff\xfe\x00", None])
def test_a_case_list_that_cannot_be_used(
    town: Path, ruled: Path, refused: Told, tmp_path: Path, text: bytes | None
) -> None:
    if text is not None:
        (tmp_path / "cases.txt").write_bytes(text)
    out = tmp_path / "o.csv"
    assert "一覧" in refused(
        "recommend", town, "--out", out, "--cases", tmp_path / "cases.txt", "--home", ruled
    )
    assert not out.exists()


def test_a_case_list_that_is_missing_is_said_to_be(
    town: Path, ruled: Path, refused: Told, tmp_path: Path
) -> None:
    told = refused("recommend", town, "--out", tmp_path / "o", "--cases", tmp_path / "x", "--home", ruled)
    assert "対象の一覧(--cases)のファイルが見つかりません" in told


def test_a_home_without_a_model_says_so_and_is_not_made(town: Path, refused: Told, tmp_path: Path) -> None:
    told = refused("match", town, "--out", tmp_path / "o.csv", "--home", tmp_path / "home")
    assert "まだ何も学習していない" in told
    assert "tegakari train" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["recommend", "match", "backtest"])
def test_a_folder_to_write_into_that_is_mistyped(
    town: Path, ruled: Path, refused: Told, tmp_path: Path, command: str
) -> None:
    told = refused(command, town, "--out", tmp_path / "outt" / "o.csv", "--home", ruled)
    assert "書き出し先のフォルダが見つかりません" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("command", "option"), [("recommend", "--top"), ("match", "--most")])
@pytest.mark.parametrize("figure", ["0", "-3"])
def test_a_figure_out_of_range_is_one_sentence(
    *, town: Path, refused: Told, tmp_path: Path, command: str, option: str, figure: str
) -> None:
    told = refused(command, town, "--out", tmp_path / "o.csv", option, figure, "--home", tmp_path / "home")
    assert told.startswith(f"{option} は1")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_local_model_is_replaced_and_that_is_said(
    town: Path, ruled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = ruled / "models" / "1" / "manifest.json"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole[:-2] + b" " + whole[-1:])
    works("recommend", town, "--out", tmp_path / "o.csv", "--home", ruled)
    assert (tmp_path / "o.csv").read_bytes() == (ruled / "first.csv").read_bytes()
    assert manifest.read_bytes() == whole
    told = [line for line in capsys.readouterr().out.splitlines() if "登録先の写しで置き換えました" in line]
    assert len(told) == 1
    assert "手元のモデル第1版" in told[0]


def test_a_damaged_registered_model(town: Path, refused: Told, tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "o.csv"
    works("recommend", town, "--out", tmp_path / "first.csv", "--home", home)
    for manifest in home.rglob("manifest.json"):
        manifest.write_text("{", encoding="utf-8")
    told = refused("recommend", town, "--out", out, "--home", home)
    assert "手元のモデル第1版" in told
    assert "登録先にあるモデル第1版" in told
    assert "tegakari train" in told
    assert not out.exists()


def test_a_model_made_for_other_features(
    town: Path, ruled: Path, refused: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.bundle.CATALOGUE_VERSION", "another")
    told = refused("recommend", town, "--out", tmp_path / "o.csv", "--home", ruled)
    assert "別の特徴量" in told
    assert "tegakari train" in told
    assert not (tmp_path / "o.csv").exists()


@pytest.mark.parametrize("uri", ["http://127.0.0.1:9", "sqlite:////{file}/mlflow.db", "nonsense://x"])
def test_a_registry_that_cannot_be_reached(
    *, town: Path, refused: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uri: str
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TEGAKARI_TRACKING_URI", uri.format(file=str(tmp_path / "file").lstrip("/")))
    started = time.monotonic()
    told = refused("recommend", town, "--out", tmp_path / "o.csv", "--home", tmp_path / "home")
    assert "トラッキングURI" in told
    assert time.monotonic() - started < 20
    assert not (tmp_path / "o.csv").exists()


def test_training_asks_the_registry_before_the_long_work(
    town: Path, refused: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEGAKARI_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setattr("training.school.learn", lambda *_: pytest.fail("learnt before asking"))
    assert "トラッキングURI" in refused("train", town, "--home", tmp_path / "home")


def test_a_place_that_cannot_be_written(town: Path, ruled: Path, refused: Told, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    (tmp_path / "folder").mkdir()
    for out in (tmp_path / "file" / "o.csv", tmp_path / "folder"):
        for command in ("recommend", "match"):
            assert "書き" in refused(command, town, "--out", out, "--home", ruled)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]


@pytest.mark.parametrize(
    "command", [("recommend", "--out", "o.csv"), ("train",), ("serve", "--port", "8977"), ("demo",)]
)
def test_a_home_that_is_a_file(town: Path, refused: Told, tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "home").write_text("kept")
    name, *rest = (tmp_path / part if part == "o.csv" else part for part in command)
    assert "--home" in refused(name, town, *rest, "--home", tmp_path / "home")
    assert (tmp_path / "home").read_text() == "kept"
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


@pytest.mark.parametrize("damage", [b"not a database at all, but text" * 99, None])
def test_records_that_are_damaged(
    *, town: Path, ruled: Path, refused: Told, tmp_path: Path, damage: bytes | None
) -> None:
    home = tmp_path / "home"
    shutil.copytree(ruled, home)
    records = home / "tegakari.db"
    whole = records.read_bytes()
    records.write_bytes(damage if damage is not None else whole[:5000] + b"\0" * (len(whole) - 5000))
    before = records.read_bytes()
    told = refused(
        "user", "add", "hanako", "--role", "auditor", "--password", "correct-horse-battery", "--home", home
    )
    assert "データベース" in told
    assert "データベース" in refused("serve", town, "--home", home, "--port", "8978")
    assert records.read_bytes() == before


def test_promoting_what_is_not_there(ruled: Path, refused: Told) -> None:
    told = refused("promote", "99", "--by", "課長", "--ground", "検証", "--home", ruled)
    assert "第99版" in told
    assert "承認" in refused("promote", "1", "--by", " ", "--ground", "x", "--home", ruled)


def test_training_with_a_parameter_that_makes_no_sense(town: Path, refused: Told, tmp_path: Path) -> None:
    refused("train", town, "--learning-rate", "-1", "--home", tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_a_home_without_records_cannot_be_verified(refused: Told, tmp_path: Path) -> None:
    assert "このホームには記録がありません" in refused("verify", "--home", tmp_path / "mistyped")
    assert not (tmp_path / "mistyped").exists()
