"""Importing does nothing: no file, no thread, no process, no connection; and the command line stays light."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("features", "models", "training", "serving")
HEAVY = (
    "alembic",
    "fastapi",
    "lightgbm",
    "mlflow",
    "ortools",
    "pandas",
    "pyarrow",
    "shap",
    "sklearn",
    "sqlalchemy",
)

# Everything is imported twice. The first pass loads the libraries, which may do as they like; in the second
# pass only our own modules run again, and whatever happens then is their doing.
WATCH = """
import importlib, logging, os, sys, threading
sys.dont_write_bytecode = True
names = sys.argv[1:]
environment = dict(os.environ)
for name in names:
    importlib.import_module(name)
for name in list(sys.modules):
    if name.split(".")[0] in {"features", "models", "training", "serving"}:
        del sys.modules[name]
importlib.invalidate_caches()
os.environ.clear()
os.environ.update(environment)
DOING = {"os.mkdir", "os.remove", "os.rename", "socket.connect", "socket.bind", "subprocess.Popen",
         "sqlite3.connect"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND
running, watching = "", False
def watch(event, args):
    if not watching:
        return
    if event in DOING or (event == "open" and isinstance(args[2], int) and args[2] & WRITING):
        print(f"{running}: {event} {args[0]}")
sys.addaudithook(watch)
def state():
    return {"threads": threading.active_count(), "environment": dict(os.environ), "folder": os.getcwd(),
            "log handlers": list(logging.getLogger().handlers), "log level": logging.getLogger().level}
before = state()
for running in names:
    watching = True
    importlib.import_module(running)
    watching = False
    after = state()
    for what in before:
        if after[what] != before[what]:
            print(f"{running}: changed the {what}")
    before = after
"""


def module_names() -> list[str]:
    """Return every module of the four floors but the migrations, which only Alembic can load."""
    paths = [path.relative_to(ROOT) for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]
    names = [".".join(path.with_suffix("").parts) for path in paths if "migrations" not in path.parts]
    return [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]


def run_python(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def test_importing_any_module_does_nothing(tmp_path: Path) -> None:
    done = run_python("-c", WATCH, *module_names(), folder=tmp_path)
    assert (done.returncode, done.stderr[-2000:]) == (0, "")
    assert done.stdout.splitlines() == []
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_loads_nothing_heavy() -> None:
    pytest.importorskip("serving.cli")
    done = run_python(
        "-c", f"import serving.cli, sys; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    assert (done.returncode, done.stdout.split()) == (0, [])


@pytest.mark.parametrize("floor", [name for name in module_names() if "." not in name])
def test_a_floor_imports_by_itself(floor: str) -> None:
    """No floor needs another to have been imported before it."""
    assert run_python("-c", f"import {floor}").returncode == 0
