"""Pair files: who had which case before, who declined which, and who has which areas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from features.ledger.snapshot import Ledger
from models.terms import Terms
from serving.terminal.listing import AREA, DEBTOR, STAFF, Known, Role, listed

KEEP = Role("前回の担当案(--keep)", (DEBTOR, STAFF), "keep")
DECLINED = Role("辞退の一覧(--declined)", (DEBTOR, STAFF), "declined")
AREAS = Role("職員の地域の一覧(--areas)", (STAFF, AREA), "areas")


@dataclass(frozen=True)
class PairFiles:
    """The files that an office gives to a matching; None: not given.

    ``keep``: debtor_id, staff_id, as an earlier ``tegakari match`` wrote it; ``declined``: debtor_id,
    staff_id; ``areas``: staff_id, postcode3. Further columns are passed over.
    """

    keep: Path | None = None
    declined: Path | None = None
    areas: Path | None = None


def with_files(terms: Terms, files: PairFiles, ledger: Ledger) -> Terms:
    """Return ``terms`` with what the files say; what was declined before stays declined.

    Raises Problem for a row that is short, stands twice or names somebody whom the records do not know.
    """
    if files.keep is not None:
        pairs = _pairs(files.keep, KEEP, ledger, once="debtor_id")
        terms = replace(terms, keep=pairs.set_index("debtor_id")["staff_id"])
    if files.declined is not None:
        told = _pairs(files.declined, DECLINED, ledger)
        both = told if terms.declined is None else pd.concat([terms.declined, told], ignore_index=True)
        terms = replace(terms, declined=both.drop_duplicates(ignore_index=True))
    if files.areas is not None:
        terms = replace(terms, areas=_pairs(files.areas, AREAS, ledger))
    return terms


def _pairs(file: Path, role: Role, ledger: Ledger, once: str = "") -> pd.DataFrame:
    """Return the rows with the numbers as the records have them; ``once``: each of these at most once."""
    debtors, staff = Known(ledger["debtors"]["debtor_id"]), Known(ledger["staff"]["staff_id"])
    known = {"debtor_id": debtors, "staff_id": staff}
    seen: set[tuple[str, ...]] = set()
    rows = []
    names = [column.name for column in role.columns]
    for row in listed(file, role):
        cells = []
        for column, cell in zip(role.columns, row.cells, strict=True):
            found = known[column.name].find(cell) if column.name in known else cell
            if found is None:
                raise role.wrong(
                    row.line,
                    f"の{column.header}は、データにありません。",
                    "一覧とデータのフォルダを確かめてください。",
                )
            cells.append(found)
        key = tuple(cells) if not once else (cells[names.index(once)],)
        if key in seen:
            what = role.columns[names.index(once)].header if once else "組合せ"
            raise role.wrong(row.line, f"は、前の行と同じ{what}です。", "重複した行を除いてください。")
        seen.add(key)
        rows.append(cells)
    return pd.DataFrame(rows, columns=names).astype("str")
