"""No clock below serving: the day is an argument, so that any day can be computed again."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TIMELESS = [
    path for floor in ("features", "models", "training") for path in sorted((ROOT / floor).rglob("*.py"))
]
# A stopwatch (perf_counter, monotonic) tells how long, not when, and is allowed.
CLOCKS = {
    ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"),
    ("Timestamp", "now"), ("Timestamp", "today"), ("Timestamp", "utcnow"),
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"), ("time", "strftime"),
}  # fmt: skip


def clocks_read(source: str) -> list[str]:
    """Return ``owner.name`` of every clock that the source names, called or handed on.

    >>> clocks_read("from datetime import date; day = date.today()")
    ['date.today']
    >>> clocks_read("import time; started = time.perf_counter()")
    []
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if (name, node.attr) in CLOCKS:
                found.append(f"{name}.{node.attr}")
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            found += [f"time.{alias.name}" for alias in node.names if ("time", alias.name) in CLOCKS]
    return found


@pytest.mark.parametrize("module", TIMELESS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_clock_below_serving(module: Path) -> None:
    assert clocks_read(module.read_text(encoding="utf-8")) == []
