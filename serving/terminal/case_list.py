"""The case list: which debtors a command is about."""

from __future__ import annotations

from pathlib import Path

from features.law import open_cases
from features.ledger.snapshot import Ledger
from serving.problems import Problem
from serving.terminal.listing import DEBTOR, Known, Role, listed

CASES = Role("対象の一覧(--cases)", (DEBTOR,), "case")


def chosen_cases(ledger: Ledger, file: Path | None) -> list[str]:
    """Return the open cases in ascending order, or those of ``file`` (one debtor_id a line) in its order.

    A header, blank lines, further columns and repeated ids are passed over; lost leading zeros are put back.
    Raises Problem where the file cannot be read, is empty, or names a debtor without an open case; the
    line is named, not the debtor.
    """
    every = [str(each) for each in open_cases(ledger, ledger.day)["debtor_id"]]
    if file is None:
        return every
    known = Known(every)
    wanted: dict[str, None] = {}
    for row in listed(file, CASES):
        debtor = known.find(row.cells[0])
        if debtor is None:
            raise CASES.wrong(
                row.line,
                "は、滞納のある宛名番号ではありません。",
                "一覧とデータのフォルダを確かめてください。",
            )
        wanted[debtor] = None
    if not wanted:
        raise Problem(f"{CASES.name}に宛名番号がありません。", "1行に1件の宛名番号を書いてください。", "case")
    return list(wanted)
