"""The case list: which debtors a command is about."""

from __future__ import annotations

from pathlib import Path

from features.law import open_cases
from features.ledger.snapshot import Ledger
from serving.problems import Problem


def chosen_cases(ledger: Ledger, file: Path | None) -> list[str]:
    """Return the open cases in ascending order, or those of ``file`` (one debtor_id a line) in its order.

    A header ``debtor_id`` or 宛名番号, blank lines, further columns and repeated ids are passed over.
    Raises Problem where the file cannot be read, is empty, or names a debtor without an open case; the
    line is named, not the debtor.
    """
    every = [str(each) for each in open_cases(ledger, ledger.day)["debtor_id"]]
    if file is None:
        return every
    known = set(every)
    wanted: dict[str, None] = {}
    for number, debtor in _lines(file):
        if debtor not in known:
            raise Problem(
                f"対象の一覧の{number}行目は、滞納のある宛名番号ではありません。",
                "一覧とデータのフォルダを確かめてください。",
                "case",
            )
        wanted[debtor] = None
    if not wanted:
        raise Problem("対象の一覧に宛名番号がありません。", "1行に1件の宛名番号を書いてください。", "case")
    return list(wanted)


def _lines(file: Path) -> list[tuple[int, str]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Problem("対象の一覧を読めません。", "UTF-8のテキストを指定してください。", "case") from None
    cells = [(n, line.split(",")[0].strip().strip('"')) for n, line in enumerate(text.splitlines(), start=1)]
    return [(n, cell) for n, cell in cells if cell and cell not in ("debtor_id", "宛名番号")]
