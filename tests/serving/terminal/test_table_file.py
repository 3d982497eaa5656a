from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from serving.problems import Problem
from serving.terminal.table_file import write_table, write_tables


def test_cells_that_a_spreadsheet_would_run_are_made_harmless(tmp_path: Path) -> None:
    frame = pd.DataFrame({"name": ["=HYPERLINK()", "@x", "ふつう", None], "yen": [-5, 1, 2, 3]})
    write_table(frame, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().splitlines() == [
        "name,yen",
        "'=HYPERLINK(),-5",
        "'@x,1",
        "ふつう,2",
        ",3",
    ]
    assert frame["name"][0] == "=HYPERLINK()"


def test_either_both_files_or_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(Problem, match="書き込めません"):
        write_tables({tmp_path / "one.csv": frame, tmp_path / "file" / "two.csv": frame})
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
