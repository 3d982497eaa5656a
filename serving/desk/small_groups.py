"""Which groups of a whole are too small to be shown, and which others would give them away."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

FEWEST_OFFICERS = 3
"""A figure of fewer officers than this would be about persons."""

Key = TypeVar("Key", bound=Hashable)


def large_enough(officers: Sequence[int], needed: int) -> bool:
    """Return whether choices (given by the number of their officer) are enough to be spoken of together."""
    return len(officers) >= needed and len(set(officers)) >= FEWEST_OFFICERS


def hidden_groups(groups: Mapping[Key, Sequence[int]], needed: int) -> frozenset[Key]:
    """Return the groups not to be shown, when the whole that they make up is shown.

    Too small ones first; then, as long as what is hidden is itself too small to be spoken of or is one group
    alone (the whole less the shown ones would tell it), the smallest of the others. Empty groups count for
    nothing.

    >>> many, one = [1, 2, 3] * 9, [4] * 30
    >>> sorted(hidden_groups({"new": one, "usual": many, "old": many * 2}, needed=20))
    ['new', 'usual']
    >>> sorted(hidden_groups({"new": [], "usual": many, "old": many}, needed=20))
    []
    """
    filled = {key: officers for key, officers in groups.items() if len(officers)}
    hidden = {key for key, officers in filled.items() if not large_enough(officers, needed)}
    by_size = sorted(filled, key=lambda key: (len(filled[key]), str(key)))
    for key in by_size:
        if not hidden:
            break
        together = [officer for name in hidden for officer in filled[name]]
        if len(hidden) > 1 and large_enough(together, needed):
            break
        hidden.add(key)
    return frozenset(hidden)
