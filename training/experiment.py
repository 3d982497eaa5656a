"""One experiment: every parameter of a training, typed and frozen; ``MLproject`` mirrors it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import MappingProxyType

from models.ranker import RankerSettings

_LEAST: Mapping[str, float] = MappingProxyType(
    {"rounds": 1, "leaves": 2, "threads": 1, "least_rows": 1, "seed": 0, "unasked_weight": 0}
)
_MOST: Mapping[str, float] = MappingProxyType({"leaves": 131_072, "seed": 2**31 - 1})
"""What LightGBM takes at most."""


@dataclass(frozen=True)
class Experiment:
    """The parameters of a training.

    ``folder`` the municipality's records; ``rounds`` boosting rounds; ``leaves`` leaves a tree;
    ``learning_rate`` in (0, 1]; ``least_rows`` rows a leaf needs; ``unasked_weight`` how much all targets
    that nobody asked count together as probably none, against all answered ones; ``threads`` cores used.
    Raises ValueError on a value outside its range.
    """

    folder: Path
    seed: int = 0
    rounds: int = 200
    leaves: int = 15
    learning_rate: float = 0.05
    least_rows: int = 60
    unasked_weight: float = 0.5
    threads: int = 2

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            if not least <= getattr(self, name) < math.inf:
                raise ValueError(f"{name} は {least:g} 以上で指定してください({getattr(self, name)})。")
        for name, most in _MOST.items():
            if getattr(self, name) > most:
                raise ValueError(f"{name} は {most:,} 以下で指定してください({getattr(self, name)})。")
        if not 0 < self.learning_rate <= 1:
            raise ValueError(
                f"learning_rate は 0 より大きく 1 以下で指定してください({self.learning_rate})。"
            )

    @property
    def ranker(self) -> RankerSettings:
        """Return the parameters as the ranker takes them."""
        return RankerSettings(
            rounds=self.rounds,
            leaves=self.leaves,
            learning_rate=self.learning_rate,
            least_rows=self.least_rows,
            unasked_weight=self.unasked_weight,
            seed=self.seed,
            threads=self.threads,
        )

    @property
    def params(self) -> dict[str, str | int | float | bool]:
        """Return the parameters as a run keeps them; the folder by its name alone, without its path."""
        return asdict(self) | {"folder": self.folder.name}


def parameter_names() -> tuple[str, ...]:
    """Return the names of the parameters in order.

    >>> parameter_names()[:2]
    ('folder', 'seed')
    """
    return tuple(each.name for each in fields(Experiment))
