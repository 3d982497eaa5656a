"""A verdict on a challenger: each written rule with its sentence, what was measured, and whether it holds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """Whether a rule holds; one that is not measurable does not, one that is excepted does."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_MEASURABLE = "not_measurable"
    EXCEPTED = "excepted"


@dataclass(frozen=True)
class RuleResult:
    """One rule and what was found.

    ``name`` is stable; ``ja`` and ``en`` say the rule, ``note_ja`` and ``note_en`` what was found besides the
    figures. ``value`` with its interval and the ``bound`` it is held against are None where there is no
    figure; ``cases`` is what the figure rests on. ``firm``: nobody can set the rule aside once it fails.
    """

    name: str
    ja: str
    en: str
    outcome: Outcome
    value: float | None = None
    low: float | None = None
    high: float | None = None
    bound: float | None = None
    cases: int | None = None
    note_ja: str = ""
    note_en: str = ""
    firm: bool = False

    @property
    def holds(self) -> bool:
        """Whether the rule lets the challenger in."""
        return self.outcome in {Outcome.PASSED, Outcome.EXCEPTED}

    @property
    def facts(self) -> dict[str, Any]:
        """Return the result as plain JSON values; what is not a number is None."""
        return {
            key: None if isinstance(value, float) and not math.isfinite(value) else value
            for key, value in (asdict(self) | {"outcome": self.outcome.value}).items()
        }


@dataclass(frozen=True)
class Verdict:
    """What was judged on what, and every rule's result.

    ``champion`` is the version to be replaced (0: none); ``basis`` says on which cases, by name.
    """

    challenger: int
    champion: int
    results: tuple[RuleResult, ...]
    basis: Mapping[str, str | int | bool]

    @property
    def passed(self) -> bool:
        """Whether every rule holds."""
        return not self.failed

    @property
    def failed(self) -> tuple[RuleResult, ...]:
        """The rules that do not hold."""
        return tuple(each for each in self.results if not each.holds)

    @property
    def firm(self) -> tuple[RuleResult, ...]:
        """The rules that were measured to fail and that nobody can set aside."""
        return tuple(each for each in self.failed if each.firm and each.outcome is Outcome.FAILED)

    @property
    def facts(self) -> dict[str, Any]:
        """Return the verdict as plain JSON values."""
        return {
            "challenger": self.challenger,
            "champion": self.champion,
            "passed": self.passed,
            "basis": dict(self.basis),
            "rules": [each.facts for each in self.results],
        }
