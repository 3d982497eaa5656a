"""Checks the journal in full, and against what was kept of it elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

from serving.problems import Problem
from serving.records.journal import Entry, Journal, digest_of
from serving.records.store import open_store
from serving.settings import Settings


def verify_journal(settings: Settings, head: str = "", file: Path | None = None) -> None:
    """Print that the chain is whole; Problem where it is not, or does not agree with what is given."""
    from serving.app import now  # noqa: PLC0415
    from serving.terminal.commands import say  # noqa: PLC0415

    kept = [_head(head)] if head else []
    exported = _exported(file) if file is not None else []
    engine = open_store(settings.records_url)
    try:
        journal = Journal(engine, now)
        broken = journal.verify()
        if broken is not None:
            raise Problem(
                f"記録番号{broken}が書かれたままではありません。", "控えと比べてください。", "journal"
            )
        for seq, digest in [*kept, *exported]:
            _require(journal, seq, digest)
        last, digest = journal.head()
    finally:
        engine.dispose()
    say(f"記録は書かれたままです(全{last:,}件)。")
    if exported:
        say(f"ファイルの{len(exported):,}件は記録と一致します。")
    say(f"末尾の控え: --head {last}:{digest}")


def _require(journal: Journal, seq: int, digest: str) -> None:
    entry = journal.entry(seq) if seq else None
    if entry is None:
        raise Problem(
            f"控えにある記録番号{seq}がありません。", "記録が途中までに切られた疑いがあります。", "journal"
        )
    if entry.digest != digest:
        raise Problem(f"記録番号{seq}が控えと違います。", "記録が書き換えられた疑いがあります。", "journal")


def _head(text: str) -> tuple[int, str]:
    seq, _, digest = text.partition(":")
    if not seq.isdecimal() or len(digest) != 64:
        raise Problem("--head を読み取れません。", "番号:ハッシュ(64文字)の形で指定してください。", "head")
    return int(seq), digest


def _exported(file: Path) -> list[tuple[int, str]]:
    """Return number and digest of every entry of a file, and of the end of the chain that it names."""
    found = []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        first = json.loads(lines[0])
        found.append((int(first["last"]), str(first["head"])))
        for line in lines[1:]:
            entry = Entry(**json.loads(line))
            if digest_of(entry.content) != entry.digest:
                raise Problem(f"ファイルの記録番号{entry.seq}が書き換えられています。", code="journal")
            found.append((entry.seq, entry.digest))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        raise Problem(
            "ファイルを読み取れません。", "監査の画面で書き出したJSON Linesを指定してください。", "file"
        ) from None
    return found
