"""What the commands of the exchange do: the same use cases as the pages, over the records alone."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from features.ledger.outgoing import FolderTakenError, write_folder
from serving.app import now
from serving.batch_wording import batch_file, batch_name
from serving.desk.exchange import Exchange, open_exchange
from serving.desk.loop import joined, journal_tables
from serving.desk.outbox import by_institution
from serving.desk.register import Batch
from serving.exchange.inquiry import PAPER
from serving.exchange.layout import read_layouts
from serving.exchange.number import office_digits
from serving.exchange.refused import FileRefused
from serving.exchange.samples import ENDINGS, sample_file
from serving.exchange.spreadsheet import csv_bytes, xlsx_bytes
from serving.office.belonging import require_own_home
from serving.office.correspondence import RecordsOffice
from serving.office.served import last_folder
from serving.problems import Problem
from serving.records.identity import Identity, User
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings
from serving.terminal.commands import read, say
from serving.terminal.log_file import keep_cause
from serving.terminal.places import require_out
from serving.terminal.table_file import write_tables
from serving.web.letters import letters_file
from serving.wording import wording

if TYPE_CHECKING:
    from features.ledger.snapshot import Ledger

MOST_TOLD = 20


def make_batch(settings: Settings, out: Path, folder: Path | None, by: str) -> None:
    """Make one batch of all ready choices and write a request file or letters for each institution."""
    _require_empty(out, settings.home)
    with _opened(settings, folder) as (exchange, identity, _ledger):
        user = _user(identity, by)
        number = exchange.outbox.make(user)
        with _fetched_elsewhere(settings, number):
            batch = exchange.outbox.batch(user, number, "command")
            _write(exchange, batch, out)
        say(f"{batch_name(batch, wording('ja'))}({len(batch.items):,}件)を作り、書き出しました: {out}")


@contextmanager
def _fetched_elsewhere(settings: Settings, number: int) -> Iterator[None]:
    """Whatever fails within: the batch is made and is not made again, so its reader is told where it lies."""
    place = f"画面の /batches/{number} から受け取ってください。"
    try:
        yield
    except Exception as failure:
        kept = keep_cause(settings.log_file, now(), "tegakari batch", failure)
        hint = _advice(failure, kept) + place
        raise Problem("照会は作りましたが、ファイルを書き出せません。", hint, "out") from None
    except KeyboardInterrupt:
        print(f"照会は作りましたが、ファイルを書き出す前に中断しました。{place}", file=sys.stderr)
        raise


def _advice(failure: Exception, kept: bool) -> str:
    if isinstance(failure, OSError):
        return "場所と空き容量を確かめ、"
    if isinstance(failure, Problem):
        return failure.sentence
    return "原因は log/tegakari.log に残しました。" if kept else ""


def _write(exchange: Exchange, batch: Batch, out: Path) -> None:
    """Write every file of a batch into the new folder ``out``, all or none."""
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for (kind, code), items in by_institution(batch.items).items():
            stem = batch_file(batch, kind, code).replace("/", "_")
            rows = exchange.request(items, batch.restricted)
            (draft / f"{stem}.csv").write_bytes(csv_bytes(rows))
            (draft / f"{stem}.xlsx").write_bytes(xlsx_bytes(rows, "照会"))
            if items[0].means == PAPER:
                (draft / f"{stem}.html").write_bytes(letters_file(exchange, batch, items))
        draft.replace(out)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def take_in(settings: Settings, file: Path, folder: Path | None, by: str) -> None:
    """Take in one file of replies; a refused one ends with every fault."""
    most = int(settings.upload_megabytes * 2**20)
    try:
        if file.stat().st_size > most:
            raise FileRefused("file_large")
        content = file.read_bytes()
    except OSError:
        raise Problem("回答ファイルを読めません。", "場所と権限を確かめてください。", "file") from None
    with _opened(settings, folder) as (exchange, identity, _ledger):
        try:
            done = exchange.inbox.take_in(_user(identity, by), content)
        except FileRefused as refused:
            raise Problem(refused.sentence, refused.hint + _told(refused), refused.code) from None
    known = len(done.replies) - done.new
    say(f"回答{done.new:,}件を取り込みました(様式: {done.layout}、取込み済み{known:,}件)。")


def require_reply_file(file: Path | None, by: str) -> Path:
    """Return the file to take in; refuse where it or who does it was not named."""
    if file is None or not by:
        raise Problem(
            "取り込む回答ファイルか、操作する利用者名が指定されていません。",
            "tegakari replies FILE --by 利用者名 の形で実行してください(見本は --sample DIR)。",
            "file",
        )
    return file


def write_samples(settings: Settings, out: Path) -> None:
    """Write an invented file of replies in every layout, the office's own included, into a new folder."""
    _require_empty(out, settings.home)
    layouts = read_layouts(settings.home / "layouts")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for layout in layouts:
            for ending in ENDINGS:
                name = layout.name.replace("/", "_")
                (out / f"mihon-{name}.{ending}").write_bytes(sample_file(layout, ending))
    except OSError:
        raise Problem("見本を書き出せません。", "場所と空き容量を確かめてください。", "out") from None
    say(f"見本を書き出しました: {out}({len(layouts)}様式、内容と照会番号は架空です)")


def export_journal(settings: Settings, out: Path, folder: Path | None, with_records: bool) -> None:
    """Write the journal's inquiries and replies: two tables, or (``with_records``) a whole folder."""
    _require_empty(out, settings.home)
    with _opened(settings, folder) as (exchange, _identity, ledger):
        office = office_digits(exchange.office.correspondence.code)
        tables = journal_tables(exchange.register.standing(), office)
        if with_records:
            try:
                write_folder(joined(ledger, tables), out)
            except FolderTakenError as taken:
                raise Problem(str(taken), code="out") from None
        else:
            write_tables({out / f"{name}.csv": frame for name, frame in tables.items()})
    counts = "、".join(f"{name} {len(frame):,}行" for name, frame in tables.items())
    say(f"書き出しました: {out}({counts})")


@contextmanager
def _opened(settings: Settings, folder: Path | None) -> Iterator[tuple[Exchange, Identity, Ledger]]:
    ledger = read(folder or last_folder(settings)).ledger
    require_own_home(settings, ledger.municipality.place)
    engine = open_store(settings.records_url)
    try:
        journal = Journal(engine, now)
        identity = Identity(engine, journal, now, settings)
        yield open_exchange(RecordsOffice(ledger), journal, now, settings, identity), identity, ledger
    finally:
        engine.dispose()


def _user(identity: Identity, name: str) -> User:
    user = identity.named(name)
    if user is None:
        raise Problem("その利用者はありません。", "--by に登録済みの利用者名を指定してください。", "user")
    return user


def _require_empty(out: Path, home: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Problem("書き出し先が空ではありません。", "空のフォルダか新しい名前を指定してください。", "out")
    require_out(out.parent / "file", home)


def _told(refused: FileRefused) -> str:
    words = wording("ja")
    lines = [
        f"\n{fault.sheet} {fault.line}行 {fault.column}: {words('fault.' + fault.code)}".replace("\n ", "\n")
        for fault in refused.faults[:MOST_TOLD]
    ]
    return "".join(lines)
