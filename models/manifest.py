"""The manifest of a stored bundle, read where the models themselves are not needed."""

from __future__ import annotations

import json
from pathlib import Path

MANIFEST = "manifest.json"


def place_of(folder: Path) -> str:
    """Return code and name of the municipality that the bundle in ``folder`` was learnt from.

    "" where the bundle does not say, or cannot be read.
    """
    try:
        return str(json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("place", ""))
    except (OSError, ValueError, AttributeError):
        return ""
