"""The house: what stands at the top, what files may be called, how long a module may be."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("features", "models", "training", "serving")
PROSE = {
    "README.md", "README.ja.md", "CONTRIBUTING.md", "DECISIONS.md", "OPERATIONS.md", "CHANGELOG.md",
    "LICENSE",
}  # fmt: skip
MACHINERY = {
    "pyproject.toml", "requirements.lock", "requirements-dev.lock", "MLproject", "Makefile", ".ci",
    ".gitignore",
}  # fmt: skip
LONGEST = 300
# The contract is data, one line a column: cutting it in two would only hide half of it.
DATA = {"features/ledger/tables.py"}


def modules() -> list[Path]:
    return sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))


def test_the_top_holds_four_floors_tests_notebooks_and_prose(kept: list[Path]) -> None:
    allowed = {*FLOORS, "tests", "notebooks", *PROSE, *MACHINERY}
    assert {path.parts[0] for path in kept} - allowed == set()


@pytest.mark.parametrize("name", sorted(PROSE | MACHINERY | {*FLOORS, "tests", "notebooks"}))
def test_nothing_is_missing_at_the_top(name: str) -> None:
    assert (ROOT / name).exists()


def test_no_file_is_a_drawer_for_everything(kept: list[Path]) -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "base", "misc", "tools", "core"}
    assert [path for path in kept if path.stem in drawers and path.suffix == ".py"] == []


def test_tests_are_no_packages(kept: list[Path]) -> None:
    assert [path for path in kept if path.parts[0] == "tests" and path.name == "__init__.py"] == []


@pytest.mark.parametrize("module", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_can_be_read_in_one_sitting(module: Path) -> None:
    if str(module.relative_to(ROOT)) in DATA:
        return
    assert len(module.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("module", [path for path in modules() if path.name == "__init__.py"], ids=str)
def test_an_init_holds_no_logic(module: Path) -> None:
    compiled = compile(module.read_text(encoding="utf-8"), str(module), "exec")
    assert set(compiled.co_names) <= {"__doc__", "annotations", "__future__"}


def test_a_test_stands_where_what_it_tests_stands(kept: list[Path]) -> None:
    """``tests/features/x/test_y.py`` belongs to a folder ``features/x`` that exists."""
    strays = {
        path.parent
        for path in kept
        if path.parts[0] == "tests"
        and len(path.parts) > 2
        and path.parts[1] in FLOORS
        and path.name.startswith("test_")
        and not (ROOT / Path(*path.parent.parts[1:])).is_dir()
    }
    assert strays == set()
