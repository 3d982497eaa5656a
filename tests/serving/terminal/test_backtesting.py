from __future__ import annotations

import errno
import re
from pathlib import Path

import pandas as pd
import pytest
from markupsafe import escape

from features.ledger.outgoing import write_folder
from features.ledger.snapshot import Ledger
from features.town.build import build_town
from features.town.style import STYLES
from serving.cli import main
from serving.problems import Problem
from serving.settings import Settings
from serving.terminal import backtesting
from serving.terminal.backtest_page import backtest_page
from serving.terminal.backtest_summary import summary_lines
from serving.terminal.backtesting import backtest_folder, write_report
from serving.wording import wording
from training.backtest import Backtest, Terms


@pytest.fixture(scope="module")
def page(small_backtest: Backtest) -> str:
    return backtest_page(small_backtest)


def test_the_page_is_whole_in_itself(page: str) -> None:
    assert not re.findall(r"\bsrc=|\bhref=|@import|\burl\(|https?:", page)
    assert "<script" not in page
    assert page.count("<svg") > 20
    assert "default-src 'none'" in page


def test_the_page_says_everything_in_both_languages(page: str) -> None:
    assert page.count('<span lang="ja">') == page.count('<span lang="en">') > 100
    for section in ("rank", "senior", "asked", "trust", "value", "swap", "burden", "leak", "limit"):
        for language in ("ja", "en"):
            assert escape(wording(language)(f"backtest.{section}.title")) in page
    assert "nan" not in re.sub(r"<[^>]*>", "", page)


def test_nothing_written_names_a_debtor(
    small_backtest: Backtest, small_ledger: Ledger, page: str, tmp_path: Path
) -> None:
    write_report(small_backtest, tmp_path / "report")
    files = sorted((tmp_path / "report").iterdir())
    assert [file.name for file in files if file.suffix == ".html"] == ["report.html"]
    assert {f"{name}.csv" for name in (*small_backtest.tables, "facts")} == {f.name for f in files} - {
        "report.html"
    }
    text = "".join(file.read_text(encoding="utf-8") for file in files) + "\n".join(
        summary_lines(small_backtest)
    )
    assert [each for each in small_ledger["debtors"]["debtor_id"] if each in text] == []


def test_the_summary_says_the_measures_and_their_scope(small_backtest: Backtest) -> None:
    text = "\n".join(summary_lines(small_backtest))
    for words in (
        "hit@1",
        "cover@5",
        "NDCG@10",
        "二重頑健",
        "実効",
        "実績",
        "予測",
        "くじ引き",
        "年齢",
        "無作為",
    ):
        assert words in text
    assert "職員が照会し回答のあった照会先にしかありません" in text


def test_every_sentence_is_used() -> None:
    folder = Path(__file__).parents[3] / "serving"
    code = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("backtest*.py"))
    codes = ("ranking", "metric", "method", "reward", "measure", "by", "group", "variant", "col")
    keys = [key.removeprefix("backtest.") for key in wording("ja").sentences if key.startswith("backtest.")]
    plain = [key for key in keys if key.split(".")[0] not in codes]
    assert [k for k in plain if f'"{k}"' not in code and f'"backtest.{k}"' not in code] == []


def test_a_young_office_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_folder(build_town(STYLES["ward"], 60, 1).ledger, tmp_path / "town")
    with pytest.raises(SystemExit, match="1"):
        home = ["--home", str(tmp_path / "home")]
        main(["backtest", str(tmp_path / "town"), "--out", str(tmp_path / "out"), *home])
    assert "検証できる事案が足りません" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("given", "terms", "message"),
    [({"rounds": 0}, {}, "rounds は 1 以上"), ({}, {"share": 2.0}, "share は 0 と 1 の間"),
     ({}, {"mature_days": 0}, "mature_days は 1 以上")],
)  # fmt: skip
def test_a_parameter_out_of_range_is_refused_before_reading(
    tmp_path: Path, given: dict[str, float], terms: dict[str, float], message: str
) -> None:
    with pytest.raises(Problem, match=message):
        backtest_folder(Settings(home=tmp_path), tmp_path / "none", None, given, terms)


def test_a_place_that_cannot_be_written_is_refused_first(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    with pytest.raises(Problem, match="書き出し先に書き込めません"):
        backtest_folder(Settings(home=tmp_path), tmp_path / "none", file, {}, {})


def test_a_folder_where_the_page_should_be_is_refused_first(tmp_path: Path) -> None:
    (tmp_path / "out" / "report.html").mkdir(parents=True)
    with pytest.raises(Problem, match="書き出し先に書き込めません"):
        backtest_folder(Settings(home=tmp_path), tmp_path / "none", tmp_path / "out", {}, {})


@pytest.mark.parametrize("taken", ["report.html", "metrics.csv"])
def test_a_report_that_cannot_take_its_place_leaves_nothing(
    small_backtest: Backtest, tmp_path: Path, taken: str
) -> None:
    (tmp_path / taken).mkdir()
    (tmp_path / "facts.csv").write_text("of an earlier run", encoding="utf-8")
    with pytest.raises(Problem, match="書き出し先に書き込めません"):
        write_report(small_backtest, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {taken, "facts.csv"}
    assert (tmp_path / "facts.csv").read_text(encoding="utf-8") == "of an earlier run"


def test_a_disk_that_fills_up_at_the_page_leaves_nothing(
    small_backtest: Backtest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *_: object, **__: object) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(Problem, match="書き出し先に書き込めません"):
        write_report(small_backtest, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_report_takes_the_place_of_an_earlier_one_and_everyone_may_read_it(
    small_backtest: Backtest, tmp_path: Path
) -> None:
    (tmp_path / "report.html").write_text("of an earlier run", encoding="utf-8")
    written = write_report(small_backtest, tmp_path)
    assert set(written) == set(tmp_path.iterdir())
    assert {path.stat().st_mode & 0o777 for path in written} == {0o644}
    assert "<svg" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_command_writes_its_report(
    small_ledger: Ledger,
    small_backtest: Backtest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Reading, parameters and writing are real; the backtest itself is the one that other tests look into."""
    asked = {}

    def run(ledger: Ledger, learner: object, terms: Terms, say: object, threads: int) -> Backtest:
        asked.update(rows=len(ledger["inquiries"]), share=terms.share, seed=terms.seed, threads=threads)
        return small_backtest

    monkeypatch.setattr(backtesting, "backtest", run)
    write_folder(small_ledger, tmp_path / "town")
    place = ["--out", str(tmp_path / "out"), "--home", str(tmp_path / "home")]
    with pytest.raises(SystemExit, match="0"):
        main(["backtest", str(tmp_path / "town"), *place, "--share", "0.4", "--seed", "7", "--threads", "1"])
    assert asked == {"rows": len(small_ledger["inquiries"]), "share": 0.4, "seed": 7, "threads": 1}
    assert "report.html" in capsys.readouterr().out
    assert len(list((tmp_path / "home" / "artifacts").rglob("report.html"))) == 1  # the run keeps it too
    metrics = pd.read_csv(tmp_path / "out" / "metrics.csv")
    assert {"split", "band", "ranking", "metric", "mean", "low", "high"} <= set(metrics.columns)
