"""What an entry says that an auditor searches for: its targets, and departures from the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from serving.records.entry import Entry

OVERRIDE = "override"
"""A choice that departs from the plan, or a supervisor's change."""
GATED = "gated"
"""A case was looked at that the law stops or restricts."""
ROUTED = "routed"
"""The law keeps the case from being ranked."""
DECIDED = "decided"
"""A recommendation from which a choice was made."""
READ = "read"
"""A recommendation that was shown to be read alone."""
LONGEST = 160

Facts = dict[str, Any]
Trait = tuple[str, int]
"""The trait and the number of the entry that has it."""


def target_trait(kind: str, code: str | None = None) -> str:
    """Return the trait of whatever names a target, or any target of a kind.

    >>> target_trait("bank", "0005"), target_trait("bank")
    ('target:bank|0005', 'kind:bank')
    """
    return (f"kind:{kind}" if code is None else f"target:{kind}|{code}")[:LONGEST]


def traits_of(entry: Entry, shown: Callable[[int], Facts]) -> set[Trait]:
    """Return the traits that ``entry`` gives to itself and to the recommendation it decides.

    ``shown`` returns the facts of a recommendation by its number ({} where there is none).
    """
    if not entry.readable:  # it says nothing that could be searched for
        return set()
    facts = entry.facts
    named = {(str(each["target_kind"]), str(each.get("target_code", ""))) for each in _targets(facts)}
    own = {target_trait(*target) for target in named} | {target_trait(kind) for kind, _ in named}
    found = {(trait, entry.seq) for trait in own}
    if entry.kind == "AssignmentChanged":
        found.add((OVERRIDE, entry.seq))
    if entry.kind == "DecisionMade":
        number = int(facts.get("recommendation", 0))
        found.add((DECIDED, number))
        if facts.get("dropped") or facts.get("added") or _left_of_plan(facts, shown(number)):
            found.add((OVERRIDE, entry.seq))
    if not facts.get("offered", True):
        found.add((READ, entry.seq))
    advice = facts.get("advice") or {}
    if facts.get("routed") or any(gate["routes"] for gate in advice.get("gates", [])):
        found |= {(ROUTED, entry.seq), (GATED, entry.seq)}
    if facts.get("restricted") or advice.get("restricted"):
        found.add((GATED, entry.seq))
    return found


def _targets(facts: Facts) -> Iterator[Facts]:
    if facts.get("target_kind"):
        yield facts
    lists = [value for value in facts.values() if isinstance(value, list)]
    for each in (*lists, (facts.get("advice") or {}).get("targets", [])):
        yield from (part for part in each if isinstance(part, dict) and part.get("target_kind"))


def _left_of_plan(facts: Facts, shown: Facts) -> bool:
    targets = (shown.get("advice") or {}).get("targets", [])
    planned = {(each["target_kind"], each["target_code"]) for each in targets if each["in_plan"]}
    return any((each["target_kind"], each["target_code"]) in planned for each in facts.get("left", ()))
