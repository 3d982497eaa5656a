"""The command ``backtest``: run it, print it, and write its tables and its page."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from serving.office.champion import registry_of, require_registry
from serving.problems import Problem
from serving.settings import Settings
from serving.terminal.backtest_page import backtest_page
from serving.terminal.backtest_summary import summary_lines
from serving.terminal.commands import WAITS, read, say
from serving.terminal.places import can_hold, require_parent
from serving.terminal.table_file import write_tables
from training.backtest import Backtest, BacktestProblem, Terms, backtest, schooled
from training.backtest_record import record_of
from training.experiment import Experiment
from training.registry.outbox import Outbox
from training.registry.parcel import Parcel
from training.registry.store import RegistryProblem

PAGE = "report.html"
REPORT = "report"
Say = Callable[[str], None]


def backtest_folder(
    settings: Settings,
    folder: Path,
    out: Path | None,
    given: Mapping[str, float],
    terms: Mapping[str, float],
) -> None:
    """Backtest on ``folder``, write its report into ``out`` (default: ``backtest`` in the home), keep a run.

    ``given``: parameters of the experiment, ``terms``: of the backtest, other than the defaults.
    """
    try:
        experiment = Experiment(folder, **dict(given))  # type: ignore[arg-type]
        stated = Terms(**dict(terms), seed=experiment.seed)  # type: ignore[arg-type]
    except ValueError as wrong:
        raise Problem(str(wrong), code="parameter") from None
    place = out or settings.home / "backtest"
    require_parent(place, settings.home)
    if (place.exists() and not place.is_dir()) or not can_hold(place) or (place / PAGE).is_dir():
        raise Problem(
            "書き出し先に書き込めません。", "書き込めるフォルダ名を --out で指定してください。", "out"
        )
    require_registry(settings, to_write=True)
    say("データを読んでいます…")
    reading = read(folder)
    try:
        found = backtest(
            reading.ledger, schooled(experiment.ranker, say), stated, say, threads=experiment.threads
        )
    except BacktestProblem as few:
        raise Problem(str(few), code="backtest") from None
    for line in summary_lines(found):
        say(line)
    say("[4/4] 報告を書いています…")
    files = write_report(found, place)
    record = record_of(found, experiment, stated, reading.ledger, len(reading.faults))
    try:
        with tempfile.TemporaryDirectory(prefix="tegakari-") as scratch:
            papers = Path(scratch)
            (papers / REPORT).mkdir()
            for file in files:
                shutil.copy(file, papers / REPORT)
            reached = Outbox(registry_of(settings)).file(Parcel("backtest", record, papers))
    except RegistryProblem as broken:
        raise Problem(str(broken), code="registry") from None
    if not reached:
        say(WAITS)
    say(f"書き出しました: {place / PAGE} と表{len(found.tables) + 1}点(CSV)")


def write_report(found: Backtest, place: Path) -> list[Path]:
    """Write the page and one CSV a table into ``place`` and return them.

    All of it is drafted in a folder inside ``place``, on the same disk, before anything takes its place.
    """
    page = backtest_page(found)
    facts = pd.DataFrame({"fact": list(found.facts), "value": [str(each) for each in found.facts.values()]})
    tables = {f"{name}.csv": table for name, table in {"facts": facts, **found.tables}.items()}
    names = [PAGE, *tables]
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{PAGE}.", dir=place, ignore_cleanup_errors=True) as folder:
            drafts = Path(folder)
            write_tables({drafts / name: table for name, table in tables.items()})
            (drafts / PAGE).write_text(page, encoding="utf-8")
            (drafts / PAGE).chmod(0o644)
            _move(drafts, place, names)
    except OSError:
        raise Problem(
            "書き出し先に書き込めません。", "場所、権限、空き容量を確かめてください。", "out"
        ) from None
    return [place / name for name in names]


def _move(drafts: Path, place: Path, names: list[str]) -> None:
    """Move all; a folder in the way of one of them is found before the first is moved."""
    for name in names:
        if (place / name).is_dir():
            raise IsADirectoryError(name)
    for name in names:
        (drafts / name).replace(place / name)
