"""What is kept of one training: a frozen record, free of any tracking tool."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from training.metrics import Figure

COMMIT_VARIABLE = "TEGAKARI_COMMIT"
UNKNOWN = "unknown"
LIBRARIES = ("tegakari", "lightgbm", "mlflow", "numpy", "optuna", "ortools", "pandas", "scikit-learn", "shap")


def library_versions() -> dict[str, str]:
    """Return the version of Python and of each library that shapes a model (``unknown`` if not installed)."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = UNKNOWN
    return found


def git_commit() -> str:
    """Return the commit of this code: ``TEGAKARI_COMMIT``, else git's answer, else ``unknown``.

    An installed wheel has no repository around it, so the variable is what a release sets.
    """
    stated = os.environ.get(COMMIT_VARIABLE, "").strip()
    if stated:
        return stated
    folder = Path(__file__).resolve().parent
    command = ["git", "-C", str(folder), "rev-parse", "HEAD"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return UNKNOWN
    return answer.stdout.strip() if answer.returncode == 0 else UNKNOWN


@dataclass(frozen=True)
class Part:
    """A part of a training, search or backtest that has figures of its own: a fold, or a trial."""

    name: str
    metrics: Mapping[str, Figure]
    params: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()

    @property
    def tags(self) -> dict[str, str]:
        """Return which way each metric improves, as flat text."""
        return directions_of(self.metrics)


def directions_of(metrics: Mapping[str, Figure]) -> dict[str, str]:
    """Return ``direction.<metric>`` of each figure: higher, lower or none."""
    return {f"direction.{name}": str(figure.better) for name, figure in metrics.items()}


@dataclass(frozen=True)
class TrainingRecord:
    """One training that took place.

    ``data_hash`` is ``Ledger.fingerprint``; ``row_counts`` rows per table read; ``set_aside`` the rows that
    could not be read; ``catalogue`` the version of the feature catalogue the bundle was made for; ``parts``
    its folds or trials.
    """

    params: Mapping[str, str | int | float | bool]
    metrics: Mapping[str, Figure]
    data_hash: str
    row_counts: Mapping[str, int]
    set_aside: int
    seed: int
    catalogue: str
    libraries: Mapping[str, str] = field(default_factory=library_versions)
    commit: str = field(default_factory=git_commit)
    parts: tuple[Part, ...] = ()

    @property
    def tags(self) -> dict[str, str]:
        """Return the record's facts other than parameters and metrics as flat text."""
        facts = {
            "data_hash": self.data_hash,
            "set_aside": str(self.set_aside),
            "seed": str(self.seed),
            "catalogue": self.catalogue,
            "git_commit": self.commit,
        }
        rows = {f"rows.{table}": str(count) for table, count in self.row_counts.items()}
        libraries = {f"library.{name}": number for name, number in self.libraries.items()}
        return facts | rows | libraries | directions_of(self.metrics)
