"""The staff of the records at hand: whose number an account may carry."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from features.ledger.door import Door, open_folder
from features.ledger.faults import FolderRefused
from features.ledger.rows import read_rows
from serving.office.belonging import require_own_home
from serving.office.served import last_folder
from serving.problems import Problem
from serving.settings import Settings
from serving.terminal.listing import Known

UNCHECKED = "職員番号は確かめていません(手元に使えるデータのフォルダがありません。--folder で指定できます)。"


def staff_number(settings: Settings, folder: Path | None, role: str, given: str) -> tuple[str, str]:
    """Return a staff number as the records have it, and a sentence where they could not be asked ("": asked).

    ``folder``: the records (None: those served last). Raises Problem for an officer without a number, and for
    a number that the records do not have or whose holder has left: whose it is would have no cases.
    Records of another municipality than the home's are refused.
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
    door = _door(settings, folder)
    if door is None:
        return number, UNCHECKED
    require_own_home(settings, door.municipality.place)
    staff = read_rows(door.files["staff"]).frame
    found = Known(staff["staff_id"].dropna()).find(number)
    if found is None:
        raise Problem(
            "その職員番号は、データの職員の表にありません。",
            "番号を確かめるか、職員の表を更新したデータを --folder に指定してください。",
            "staff",
        )
    _require_in_post(staff[staff["staff_id"] == found], door.municipality.as_of)
    return found, ""


def _require_in_post(rows: pd.DataFrame, day: date) -> None:
    """Refuse somebody all of whose ``rows`` (columns of the staff table) ended by ``day``."""
    if (rows["left_on"] <= pd.Timestamp(day)).all():
        left = f"{rows['left_on'].max():%Y-%m-%d}"
        raise Problem(
            f"その職員番号の職員は、データの基準日({day})までに離任しています(離任日 {left})。",
            "在職している職員の番号を指定するか、職員の表を更新したデータを --folder に指定してください。",
            "staff",
        )


def _door(settings: Settings, folder: Path | None) -> Door | None:
    """Return the folder's files; None where no folder was given and none can be read."""
    try:
        return open_folder(folder or last_folder(settings))
    except (FolderRefused, Problem, OSError):
        if folder is not None:
            raise Problem(
                "職員番号を確かめるデータのフォルダを読めません。",
                "tegakari check で確かめてください。",
                "folder",
            ) from None
        return None
