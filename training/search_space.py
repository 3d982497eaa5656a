"""The space that a search looks through: each setting's range, and why it ends where it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from training.experiment import Experiment

if TYPE_CHECKING:
    from optuna import Trial

Settings = Mapping[str, float]
"""Values of the settings of ``SPACE`` by name."""


@dataclass(frozen=True)
class Range:
    """One setting: from ``low`` to ``high``, whole numbers in steps of ``step`` or (0) real ones."""

    name: str
    low: float
    high: float
    step: int
    log: bool
    why: str

    def suggested(self, trial: Trial) -> float:
        """Return what ``trial`` tries."""
        if self.step:
            low, high = int(self.low), int(self.high)
            return trial.suggest_int(self.name, low, high, step=self.step, log=self.log)
        return self.rounded(trial.suggest_float(self.name, self.low, self.high, log=self.log))

    def rounded(self, value: float) -> float:
        """Return a value as it is tried and told: four digits, so that it can be typed again."""
        return value if self.step else float(f"{value:.4g}")


SPACE: tuple[Range, ...] = (
    Range("rounds", 80, 400, 20, False, "more trees than 400 double the time an exact reason takes"),
    Range("leaves", 7, 31, 1, True, "a reason costs depth squared times leaves: an officer waits for it"),
    Range("learning_rate", 0.02, 0.15, 0, True, "below 0.02 the trees above are too few, above 0.15 noise"),
    Range("least_rows", 20, 200, 1, True, "a leaf of fewer than 20 rows speaks of persons, not of patterns"),
    Range("unasked_weight", 0.1, 1.0, 0, False, "0 forgets what nobody asks, above 1 it outweighs answers"),
)
"""Depth, regularisation and the share of features per tree stay: on made-up towns they moved nothing."""


def present(experiment: Experiment) -> dict[str, float]:
    """Return the settings of ``experiment`` in the space; ValueError where one lies outside it."""
    found = {each.name: getattr(experiment, each.name) for each in SPACE}
    for each in SPACE:
        if not each.low <= found[each.name] <= each.high:
            raise ValueError(
                f"{each.name} は探索の範囲 {each.low:g}〜{each.high:g} の中で指定してください"
                f"({found[each.name]:g})。"
            )
    return found
