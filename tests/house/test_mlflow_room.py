"""MLflow is known in one room, so that another tracking tool, or its next version, changes one room."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOM = Path("training") / "registry"
FLOORS = ("features", "models", "training", "serving")


def names_imported(source: str) -> set[str]:
    """Return the top-level names that a source imports, anywhere in it.

    >>> names_imported("def f():\\n    import mlflow.pyfunc")
    {'mlflow'}
    """
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("floor", FLOORS)
def test_nothing_but_the_registry_knows_mlflow(floor: str) -> None:
    knowing = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / floor).rglob("*.py"))
        if "mlflow" in names_imported(path.read_text(encoding="utf-8"))
        and ROOM not in path.relative_to(ROOT).parents
    ]
    assert knowing == []


def test_the_room_does_know_it() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / ROOM).glob("*.py")]
    assert any("mlflow" in names_imported(source) for source in sources)
