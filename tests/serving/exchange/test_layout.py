from __future__ import annotations

from pathlib import Path

import pytest

from serving.exchange.layout import PACKAGED, Headings, Labels, Layout, Words, fitting, read_layouts
from serving.exchange.refused import FileRefused
from serving.exchange.sheets import sheets_of
from serving.problems import Problem

ROOT = Path(__file__).resolve().parents[3]
PLAIN = """name = "a"
form = "rows"
needed = ["columns.number"]
[columns]
number = ["番号"]
balance = ["残高"]
"""


def test_every_key_and_layout_is_told_of() -> None:
    told = (ROOT / "OPERATIONS.md").read_text(encoding="utf-8")
    for model in (Layout, Headings, Labels, Words):
        assert [name for name in model.model_fields if f"`{name}`" not in told] == []
    assert [layout.name for layout in read_layouts() if layout.name not in told] == []
    assert len(list(PACKAGED.glob("*.toml"))) >= 3


def test_the_offices_own_layout_comes_first(tmp_path: Path) -> None:
    (tmp_path / "zz.toml").write_text(PLAIN, encoding="utf-8")
    assert read_layouts(tmp_path)[0].name == "a"
    assert read_layouts(tmp_path / "nowhere") == read_layouts()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("name = ", "TOMLDecodeError"),
        (PLAIN.replace("rows", "rings"), "form"),
        (PLAIN.replace("balance", "saldo"), "columns.balance"),
        (PLAIN.replace('"columns.number"', '"columns.colour"'), "columns.colour"),
        (PLAIN.replace('"columns.number"', '"columns.balance"'), "columns.number"),
    ],
)
def test_a_layout_that_cannot_be_used_is_named_with_the_place(tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Problem, match=r"ours\.toml.*" + place.replace(".", r"\.")):
        read_layouts(tmp_path)


def test_the_layout_of_which_most_is_found_is_taken() -> None:
    sheets = sheets_of("照会番号,該当有無,残高,回答日\nx,有,1,R8.4.1\n".encode())
    few = Layout.model_validate(
        {"name": "few", "form": "rows", "needed": ["columns.number"],
         "columns": {"number": ["照会番号"], "balance": ["残高"]}}
    )  # fmt: skip
    assert fitting((few, *read_layouts()), sheets)[0].name == "一覧"
    assert fitting((few,), sheets)[0].name == "few"
    with pytest.raises(FileRefused, match="知らない様式"):
        fitting((few,), sheets_of("番号,残高\n1,2\n".encode()))
