"""Checks the journal in full, and against what was kept of it elsewhere."""

from __future__ import annotations

from pathlib import Path

from serving.problems import Problem
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings
from serving.terminal.kept_file import KeptFile, read_kept
from serving.terminal.places import holds_records


def verify_journal(settings: Settings, head: str = "", file: Path | None = None) -> None:
    """Print that the chain is whole; Problem where it is not, or does not agree with what is given."""
    from serving.app import now  # noqa: PLC0415
    from serving.terminal.commands import say  # noqa: PLC0415

    if not holds_records(settings):
        raise Problem("このホームには記録がありません。", "--home を確かめてください。", "home")
    kept = [_head(head)] if head else []
    exported = None if file is None else read_kept(file)
    engine = open_store(settings.records_url)
    try:
        journal = Journal(engine, now)
        broken = journal.verify()
        if broken is not None:
            raise Problem(
                f"記録番号{broken}が書かれたままではありません。", "控えと比べてください。", "journal"
            )
        for seq, digest in [*kept, *(() if exported is None else exported.digests)]:
            _require(journal, seq, digest)
        last, digest = journal.head()
    finally:
        engine.dispose()
    say(f"記録は書かれたままです(全{last:,}件)。")
    if exported is not None:
        say(f"ファイルの{len(exported.entries):,}件は記録と一致します{_aside(exported)}。")
        say(_completeness(exported))
    say(f"末尾の控え: --head {last}:{digest}")


def _aside(kept: KeptFile) -> str:
    return "(文の列 said は、読むためのもので照合しません)" if kept.as_table else ""


def _completeness(kept: KeptFile) -> str:
    """Return whether entries may be missing from a file that agrees with the journal."""
    if kept.complete:
        return f"記録番号1から{kept.head[0]}まで、ファイルに抜けはありません。"
    why = "検索で絞り込んだファイルの" if kept.searched else "絞り込んだものかどうかがCSVからは分からない"
    return f"{why}ため、行の抜けがないかは確かめていません(絞り込まないJSON Linesなら確かめられます)。"


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
