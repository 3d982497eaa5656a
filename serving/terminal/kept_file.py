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

    ``as_table``: it is a CSV, whose column ``said`` no digest covers. ``searched``: whether it holds only
    what was searched for (None: the file does not say, as no CSV does).
    """

    entries: tuple[Entry, ...]
    head: tuple[int, str]
    as_table: bool
    searched: bool | None

    @property
    def digests(self) -> Iterator[tuple[int, str]]:
        """Yield number and digest of the end and of every entry."""
        yield self.head
        yield from ((entry.seq, entry.digest) for entry in self.entries)

    @property
    def complete(self) -> bool:
        """Whether it holds every entry from the first to the end, each once and in order."""
        return [entry.seq for entry in self.entries] == list(range(1, self.head[0] + 1))


def read_kept(file: Path) -> KeptFile:
    """Return what a file of the audit page holds.

    Raises Problem where it is not there, not such a file, cut off, an entry does not fit its own digest, or
    one is missing though nothing was searched for.
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
    if kept.searched is False and not kept.complete:
        raise _incomplete(kept)
    return kept


def _incomplete(kept: KeptFile) -> Problem:
    there = {entry.seq for entry in kept.entries}
    missing = next((seq for seq in range(1, kept.head[0] + 1) if seq not in there), None)
    sentence = (
        "ファイルの行が、重複しているか、書き出したときの並びと違います。"
        if missing is None
        else f"絞り込まずに書き出したファイルに、記録番号{missing}がありません。"
    )
    return Problem(sentence, "行が除かれていないか、書き出したままのファイルと比べてください。", "journal")


def _of_lines(text: str) -> KeptFile:
    # Not ``splitlines``: what officers wrote may hold other signs that it takes for the end of a line.
    first, *rest = text.rstrip("\n").split("\n")
    told = json.loads(first)
    entries = tuple(Entry(**json.loads(line)) for line in rest)
    searched = told["search"] != {}
    return KeptFile(entries, (int(told["last"]), str(told["head"])), as_table=False, searched=searched)


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
    head = int(end["seq"]), end["digest"]
    return KeptFile(tuple(_entry(row) for row in entries), head, as_table=True, searched=None)


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
