"""What an officer chooses before the ranking is seen, and what makes such a choice refusable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from serving.desk.choice import TargetKey, nameable
from serving.wording import refusal

ROWS = 10
"""Targets that the page has room for; as many as a ranking shows."""

REASON = "順位を見る前に選定"
"""Why a target of a blind choice that the ranking does not show is added to the final one."""


@dataclass(frozen=True)
class BlindChoice:
    """The chosen targets in the order in which they were named; ``nothing``: nobody is to be asked."""

    chosen: tuple[TargetKey, ...]
    nothing: bool = False
    grounds: str = ""
    marks: tuple[int, ...] = ()


def check(choice: BlindChoice, directory: Mapping[TargetKey, str]) -> None:
    """Refuse an empty choice, a target named twice, or one that no list of the office holds."""
    if bool(choice.chosen) == choice.nothing:
        raise refusal("blind_both" if choice.nothing else "blind_empty")
    if len(set(choice.chosen)) < len(choice.chosen):
        raise refusal("target_twice")
    if not all(nameable(key, directory) for key in choice.chosen):
        raise refusal("target_unknown")


def chosen_keys(facts: Mapping[str, Any]) -> tuple[TargetKey, ...]:
    """Return the targets of a journalled blind choice."""
    return tuple((target["target_kind"], target["target_code"]) for target in facts["chosen"])
