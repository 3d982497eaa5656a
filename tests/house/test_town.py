"""The town shares no code with the features, or it would hide property where the features look."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_contract_of_the_town_names_every_other_module() -> None:
    """The machine that watches the arrows needs them by name; a new module must not be forgotten."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    town = next(contract for contract in contracts if contract.get("source_modules") == ["features.town"])
    others = {path.stem for path in (ROOT / "features").iterdir() if not path.name.startswith("_")}
    assert set(town["forbidden_modules"]) == {f"features.{name}" for name in others - {"ledger", "town"}}
