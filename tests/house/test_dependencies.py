"""What is imported is declared, what is declared is locked, and the locks name no machine."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("features", "models", "training", "serving")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def plain(requirement: str) -> str:
    """Return the name of a requirement as the index spells it.

    >>> plain("SQLAlchemy_x>=2.1; python_version > '3'")
    'sqlalchemy-x'
    """
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def pins(lock: str) -> dict[str, str]:
    """Return the version pinned for each package of a lock."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {plain(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.M)}


def imported() -> set[str]:
    """Return the top-level names of every library that the four floors import, anywhere in a file."""
    names: set[str] = set()
    for path in (path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - set(FLOORS)


def test_what_is_imported_is_declared() -> None:
    declared = {plain(requirement) for requirement in PROJECT["dependencies"]}
    homes = packages_distributions()
    missing = {
        name for name in imported() if not {plain(home) for home in homes.get(name, [name])} & declared
    }
    assert missing == set()


def test_what_is_declared_is_locked() -> None:
    extras = PROJECT["optional-dependencies"]
    run = {plain(name) for name in [*PROJECT["dependencies"], *extras["build"]]}
    assert run - set(pins("requirements.lock")) == set()
    assert (run | {plain(name) for name in extras["test"]}) - set(pins("requirements-dev.lock")) == set()


def test_tests_run_on_the_versions_that_serve() -> None:
    tested = pins("requirements-dev.lock")
    assert {name: tested.get(name) for name in pins("requirements.lock")} == pins("requirements.lock")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_carries_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]
    assert len(blocks) > 50
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_index_and_no_folder(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    kinds = ("#", "    --hash=sha256:")
    strange = [
        line for line in lines if not line.startswith(kinds) and not re.match(r"[a-z0-9.-]+==\S+ ", line)
    ]
    assert strange == []


def test_nothing_calls_out() -> None:
    """A municipal network is cut off: what watches or trains elsewhere has no place in the run-time lock."""
    assert (
        set(pins("requirements.lock")) & {"evidently", "sentry-sdk", "posthog", "torch", "transformers"}
        == set()
    )
