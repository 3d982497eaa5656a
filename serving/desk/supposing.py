"""Supposing: what an officer may suppose about a case to see the ranking change; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from features.supposed import Supposition
from models.advice import CaseAdvice
from models.what_if import Moved, moves
from serving.office.office import CaseProfile
from serving.wording import refusal

FACTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "left": ("denied", "employer"),
        "works": ("works_at", "employer"),
        "account": ("pays_from", "bank"),
        "closed": ("denied", "bank"),
        "note": ("", ""),
    }
)
"""Each fact that may be supposed: in what manner the log of contacts would hold it, and of which kind."""


@dataclass(frozen=True)
class Supposed:
    """A fact that is supposed: the code of its target, or a note. What it says is nobody's record."""

    fact: str
    target_code: str = ""
    note: str = ""


@dataclass(frozen=True)
class WhatIf:
    """The case as it stands and as it would be, target by target.

    ``read``: kind and code of the targets of which a supposed note says something.
    """

    profile: CaseProfile
    before: CaseAdvice
    after: CaseAdvice
    read: tuple[tuple[str, str], ...] = ()

    @property
    def moves(self) -> tuple[Moved, ...]:
        """Every target of either."""
        return moves(self.before, self.after)


def said_of(supposed: Supposed) -> tuple[Supposition, ...]:
    """Return what is supposed as the log would hold it; refuse what says nothing."""
    if supposed.fact not in FACTS:
        raise refusal("supposed_nothing")
    manner, kind = FACTS[supposed.fact]
    if supposed.fact == "note":
        if not supposed.note.strip():
            raise refusal("supposed_nothing")
        return ()
    if not supposed.target_code:
        raise refusal("supposed_nothing")
    return (Supposition(manner, kind, supposed.target_code),)
