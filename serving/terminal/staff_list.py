"""The staff of the records at hand: whose number an account may carry."""

from __future__ import annotations

from pathlib import Path

from features.ledger.door import open_folder
from features.ledger.faults import FolderRefused
from features.ledger.rows import read_rows
from serving.office.served import last_folder
from serving.problems import Problem
from serving.settings import Settings
from serving.terminal.listing import Known

UNCHECKED = "職員番号は確かめていません(手元に使えるデータのフォルダがありません。--folder で指定できます)。"


def staff_number(settings: Settings, folder: Path | None, role: str, given: str) -> tuple[str, str]:
    """Return a staff number as the records have it, and a sentence where they could not be asked ("": asked).

    ``folder``: the records (None: those served last). Raises Problem for an officer without a number, and for
    a number that the records do not have: whose it is would have no cases.
    """
    number = given.strip()
    if not number and role == "officer":
        raise Problem(
            "職員(officer)の利用者には職員番号が要ります。担当の事案は職員番号で決まります。",
            "--staff-id に職員の表の職員番号を指定してください。",
            "staff",
        )
    if not number:
        return "", ""
    known = _known(settings, folder)
    if known is None:
        return number, UNCHECKED
    found = known.find(number)
    if found is None:
        raise Problem(
            "その職員番号は、データの職員の表にありません。",
            "番号を確かめるか、職員の表を更新したデータを --folder に指定してください。",
            "staff",
        )
    return found, ""


def _known(settings: Settings, folder: Path | None) -> Known | None:
    """Return the staff numbers of a folder; None where none was given and none can be read."""
    try:
        door = open_folder(folder or last_folder(settings))
    except (FolderRefused, Problem, OSError):
        if folder is not None:
            raise Problem(
                "職員番号を確かめるデータのフォルダを読めません。",
                "tegakari check で確かめてください。",
                "folder",
            ) from None
        return None
    return Known(read_rows(door.files["staff"]).frame["staff_id"].dropna())
