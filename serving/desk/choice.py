"""What an officer chooses from a recommendation, and what makes a choice refusable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from models.advice import CaseAdvice
from serving.wording import refusal, wording

TargetKey = tuple[str, str]


@dataclass(frozen=True)
class Reasoned:
    """A target that was added or dropped, and why."""

    target_kind: str
    target_code: str
    reason: str

    @property
    def key(self) -> TargetKey:
        """Return (target_kind, target_code)."""
        return self.target_kind, self.target_code


@dataclass(frozen=True)
class Choice:
    """A finished choice. ``recommendation`` is the number of what was shown; None: the latest shown.

    ``marks``: seconds before sending at which the page was worked on, as far as the page tells.
    """

    accepted: tuple[TargetKey, ...]
    added: tuple[Reasoned, ...] = ()
    dropped: tuple[Reasoned, ...] = ()
    grounds: str = ""
    recommendation: int | None = None
    marks: tuple[int, ...] = ()


def check(choice: Choice, advice: Mapping[str, Any], directory: Mapping[TargetKey, str]) -> None:
    """Refuse a choice that does not fit what was shown (``advice`` as journalled)."""
    shown = {(target["target_kind"], target["target_code"]) for target in advice["targets"]}
    dropped = [target.key for target in choice.dropped]
    added = [target.key for target in choice.added]
    if not {*choice.accepted, *dropped} <= shown:
        raise refusal("target_not_shown")
    if _repeats([*choice.accepted, *dropped, *added]) or set(added) & shown:
        raise refusal("target_twice")
    if not all(target.reason.strip() for target in (*choice.dropped, *choice.added)):
        raise refusal("reason_missing")
    if not (choice.accepted or choice.added or choice.dropped):
        raise refusal("choice_empty")
    for key in added:
        _check_known(key, directory)
    if (choice.accepted or choice.added) and not choice.grounds.strip():
        raise refusal("grounds_missing")


def _check_known(key: TargetKey, directory: Mapping[TargetKey, str]) -> None:
    """Refuse an added target that cannot be named, or that the lists know as another kind."""
    code = key[1]
    if code and nameable(key, directory):
        return
    if code and _listed(code, directory):
        raise refusal("target_kind_wrong")
    raise refusal("target_unknown")


def nameable(key: TargetKey, directory: Mapping[TargetKey, str]) -> bool:
    """Return whether somebody may name a target: one of the lists, or of a usual kind that none lists.

    Such a one goes out as it was typed, in letters and files: so no sign that cannot be printed.
    """
    kind, code = key
    if key in directory or not code:
        return key in directory
    usual = kind in usual_kinds() and not any(listed == kind for listed, _ in directory)
    return usual and code.isprintable() and not _listed(code, directory)


@cache
def usual_kinds() -> tuple[str, ...]:
    """Return the kinds of target that the product knows by a word, whether or not the office lists any."""
    return tuple(key[5:] for key in wording("ja").sentences if key.startswith("kind."))


def _listed(code: str, directory: Mapping[TargetKey, str]) -> bool:
    """Return whether a list of the office holds a code or name, of whatever kind."""
    return any(code in (known, name) for (_, known), name in directory.items())


def parts(choice: Choice, advice: Mapping[str, Any]) -> dict[str, Any]:
    """Return the choice as the journal keeps it: accepted, added, dropped and left, each with its rank."""
    ranks = {(t["target_kind"], t["target_code"]): t["rank"] for t in advice["targets"]}
    touched = {*choice.accepted, *(target.key for target in choice.dropped)}
    return {
        "accepted": tuple(_plain(key, rank=ranks[key]) for key in choice.accepted),
        "added": tuple(_plain(target.key, reason=target.reason.strip()) for target in choice.added),
        "dropped": tuple(
            _plain(target.key, rank=ranks[target.key], reason=target.reason.strip())
            for target in choice.dropped
        ),
        "left": tuple(_plain(key, rank=rank) for key, rank in ranks.items() if key not in touched),
    }


def resolve(advice: CaseAdvice, kind: str, code: str, directory: Mapping[TargetKey, str]) -> str:
    """Return the code that an officer meant by a code or a full name; the text itself when unknown."""
    if (kind, code) in directory:
        return code
    named = {
        target.target_name: target.target_code for target in advice.targets if target.target_kind == kind
    }
    named |= {name: known for (known_kind, known), name in directory.items() if known_kind == kind}
    return named.get(code, code)


def named(kind: str, text: str, directory: Mapping[TargetKey, str]) -> str:
    """Return the code of a target named by its code or its full name in the office's lists; else the text."""
    if (kind, text) in directory:
        return text
    return next((code for (each, code), name in directory.items() if each == kind and name == text), text)


def _plain(key: TargetKey, **more: object) -> dict[str, Any]:
    return {"target_kind": key[0], "target_code": key[1], **more}


def _repeats(keys: Iterable[TargetKey]) -> bool:
    listed = list(keys)
    return len(listed) != len(set(listed))
