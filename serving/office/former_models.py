"""Versions of the model that no longer serve, as far as the home still holds them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from features.ledger.snapshot import Ledger
from models.adviser import Adviser
from models.bundle import BundleProblem, load_bundle
from serving.office.outlook import Counsel, remembering

HELD = 2
"""Former advisers held in memory at once: each is as large as the one that serves."""


def former_models(store: Path, ledger: Ledger, key: str = "") -> Callable[[str], Counsel | None]:
    """Return a function from a version to its counsel about ``ledger``; None where it is not at hand.

    ``store`` holds one bundle a version, as the registry keeps them; ``key``: of the officers' pseudonyms.
    """

    @lru_cache(maxsize=HELD)
    def former(version: str) -> Counsel | None:
        if not version.isdecimal() or not (store / version).is_dir():
            return None
        try:
            bundle = load_bundle(store / version, version, key)
        except BundleProblem:
            return None
        return Counsel(remembering(Adviser(bundle, ledger)))

    return former
