"""The last drift report, kept in the home for the page."""

from __future__ import annotations

import json
import math
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from training.drift import Sign
from training.drift_watch import DriftReport

FILE = "drift.json"
FIGURES = ("then", "now", "value", "bound")


def keep_drift(home: Path, report: DriftReport) -> Path:
    """Write ``report`` into ``home`` in one step and return the file."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = asdict(report) | {"signs": [_plain(asdict(sign)) for sign in report.signs]}
    draft = home / f".{FILE}.{os.getpid()}"
    draft.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    draft.replace(home / FILE)
    return home / FILE


def last_drift(home: Path) -> DriftReport | None:
    """Return the report written last, None where there is none or it cannot be read."""
    try:
        facts = json.loads((home / FILE).read_text(encoding="utf-8"))
        signs = tuple(
            Sign(**each | {key: math.nan for key in FIGURES if each[key] is None})
            for each in facts.pop("signs")
        )
        return DriftReport(**facts, signs=signs)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: None if isinstance(v, float) and math.isnan(v) else v for key, v in facts.items()}
