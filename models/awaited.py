"""Awaited: what a case's inquiries that are out may still bring."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Awaited:
    """What is expected of a case's inquiries that are out: ``share`` of the arrears.

    ``missed``: the forecast that none of them hits (1: none is out; 0: a reply has found property).
    """

    share: float = 0.0
    missed: float = 1.0
