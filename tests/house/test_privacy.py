"""The project speaks of itself alone, and its catalogue holds nothing that may not weigh on a person."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from features.ledger.tables import FORBIDDEN, OPT_INS, TABLES

ROOT = Path(__file__).resolve().parents[2]
# Folders of somebody's machine; written so that this file does not name them itself.
MACHINES = re.compile(
    "|".join(
        [r"(?<![\w.])/" + "work/", r"(?<![\w.])/" + "root/", r"/home/" + r"[a-z]+/", r"/Users/" + r"\w+/"]
    )
)
GATES = {"welfare", "protected", "bankrupt", "deceased", "stay", "stays", "suspended"}


def test_no_file_names_a_folder_of_some_machine(kept: list[Path]) -> None:
    found = {}
    for path in kept:
        hits = MACHINES.findall((ROOT / path).read_text(encoding="utf-8", errors="ignore"))
        if hits:
            found[str(path)] = hits
    assert found == {}


def catalogue() -> list[object]:
    """Return every feature of the matrix; skips until there is one."""
    matrix = pytest.importorskip("features.matrix")
    for name in ("CATALOGUE", "FEATURES", "MATRIX_FEATURES"):
        if hasattr(matrix, name):
            return list(getattr(matrix, name))
    pytest.skip("features.matrix names no catalogue")


def test_the_catalogue_holds_no_gate_and_nothing_forbidden() -> None:
    words = {word for group in FORBIDDEN.values() for word in group}
    names = {feature.name: set(feature.name.lower().split("_")) for feature in catalogue()}  # type: ignore[attr-defined]
    assert [name for name, parts in names.items() if parts & GATES or name in words or parts & words] == []


def test_every_feature_can_be_told_to_an_officer() -> None:
    features = catalogue()
    names = [feature.name for feature in features]  # type: ignore[attr-defined]
    assert len(names) == len(set(names))
    for feature in features:
        for part in ("unit", "meaning", "label", "sentence"):
            assert getattr(feature, part), f"{feature.name} has no {part}"  # type: ignore[attr-defined]
        assert feature.opt_in is None or feature.opt_in in OPT_INS  # type: ignore[attr-defined]
        assert feature.record in {"", *TABLES}, f"{feature.name}: no such record"  # type: ignore[attr-defined]
