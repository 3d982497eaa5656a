"""A kept file: entries of the journal that the audit page wrote out, as CSV or as JSON lines, read back."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from itertools import product
from pathlib import Path

from serving.exchange.spreadsheet import harmless
from serving.problems import Problem
from serving.records.entry import Entry, digest_of
from serving.web.audit_file import HEAD

_TEXTS = ("at", "kind", "actor", "debtor_id", "body", "previous", "digest")


@dataclass(frozen=True)
class KeptFile:
    """``entries`` of a search, and the end of the chain at that time: number and digest.

    ``as_table``: it is a CSV, whose column ``said`` no digest covers.
    """

    entries: tuple[Entry, ...]
    head: tuple[int, str]
    as_table: bool

    @property
    def digests(self) -> Iterator[tuple[int, str]]:
        """Yield number and digest of the end and of every entry."""
        yield self.head
        yield from ((entry.seq, entry.digest) for entry in self.entries)


def read_kept(file: Path) -> KeptFile:
    """Return what a file of the audit page holds.

    Raises Problem where it is not there, not such a file, cut off, or an entry does not fit its own digest.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise Problem(
            "--file のファイルが見つかりません。", "ファイルの名前を確かめてください。", "file"
        ) from None
    except (OSError, UnicodeDecodeError):
        raise _unreadable() from None
    try:
        kept = _of_lines(text) if text.startswith("{") else _of_table(text)
    except (ValueError, KeyError, TypeError, csv.Error):
        raise _unreadable() from None
    for entry in kept.entries:
        if digest_of(entry.content) != entry.digest:
            raise Problem(
                f"ファイルの記録番号{entry.seq}が書き換えられています。",
                "表計算ソフトなどで保存し直したファイルも、そうなります。"
                if kept.as_table
                else "書き出したままのファイルと比べてください。",
                "journal",
            )
    return kept


def _of_lines(text: str) -> KeptFile:
    # Not ``splitlines``: what officers wrote may hold other signs that it takes for the end of a line.
    first, *rest = text.rstrip("\n").split("\n")
    told = json.loads(first)
    entries = tuple(Entry(**json.loads(line)) for line in rest)
    return KeptFile(entries, (int(told["last"]), str(told["head"])), as_table=False)


def _of_table(text: str) -> KeptFile:
    csv.field_size_limit(sys.maxsize)  # an entry may be long
    rows = list(csv.DictReader(StringIO(text, newline=""), strict=True))
    if not rows or not {"seq", *_TEXTS} <= rows[0].keys():
        raise _unreadable()
    *entries, end = rows
    if end["kind"] != HEAD:
        raise Problem(
            "ファイルの最後に、鎖の末尾を示す行がありません。",
            "途中で切れているため、監査の画面から書き出し直してください。",
            "file",
        )
    return KeptFile(tuple(_entry(row) for row in entries), (int(end["seq"]), end["digest"]), as_table=True)


def _entry(row: Mapping[str, str]) -> Entry:
    """Return the entry of a row as it was before its cells were made harmless for spreadsheets.

    An apostrophe may be such a mark or the journal's own: the one that fits the digest is taken.
    """
    written = Entry(int(row["seq"]), **{name: str(row[name]) for name in _TEXTS})
    readings = product(*(_readings(row[name]) for name in _TEXTS))
    every = (Entry(written.seq, **dict(zip(_TEXTS, each, strict=True))) for each in readings)
    return next((each for each in every if digest_of(each.content) == each.digest), written)


def _readings(cell: str) -> tuple[str, ...]:
    bare = cell.removeprefix("'")
    return (cell, bare) if bare != cell and harmless(bare) == cell else (cell,)


def _unreadable() -> Problem:
    return Problem(
        "--file のファイルを読み取れません。",
        "監査の画面で書き出したCSVかJSON Linesを、保存し直さずに指定してください"
        "(tegakari export の表には、照合に要るハッシュがありません)。",
        "file",
    )
