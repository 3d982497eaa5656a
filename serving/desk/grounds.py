"""Grounds: the written reasons of a choice as they are proposed to an officer, who may change every word.

They go into the office's file, so they are in Japanese whatever language the page is in.
"""

from __future__ import annotations

from collections.abc import Iterable

from models.advice import RankedTarget, Reason
from serving.wording import Wording, wording


def opening_line(arrears: int) -> str:
    """Return why anything is asked at all; where nothing is owed, that is for the officer to say."""
    words = wording("ja")
    return "" if arrears <= 0 else words("grounds.opening", arrears=words.yen(arrears))


def target_line(target: RankedTarget) -> str:
    """Return why ``target`` is asked: its grounds, and the strongest reason for it with its record."""
    words = wording("ja")
    grounds = "、".join(target.grounds) or "―"
    reason = next((reason for reason in target.reasons if reason.weight > 0), None)
    return words(
        "grounds.target",
        kind=words.term("kind", target.target_kind),
        name=target.target_name,
        grounds=grounds,
        reason=_told(reason, words) if reason else "",
    )


def added_line(kind: str, name: str, reason: str) -> str:
    """Return why a target that was not proposed is asked."""
    words = wording("ja")
    return words("grounds.added", kind=words.term("kind", kind), name=name, reason=reason)


def grounds_text(opening: str, lines: Iterable[str]) -> str:
    """Return the text of a choice: its opening, and one line a target; empty without targets."""
    listed = list(lines)
    return "\n".join(filter(None, [opening, *listed])) if listed else ""


def _told(reason: Reason, words: Wording) -> str:
    record = words.term("record", reason.record) if reason.record else ""
    day = words.day(reason.record_day) if reason.record_day else ""
    source = " ".join(part for part in (record, day) if part)
    return words("grounds.reason", sentence=reason.sentence, source=f"〔{source}〕" if source else "")
