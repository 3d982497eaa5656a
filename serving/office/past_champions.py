"""Past champions: which promotions still stand, and what a rollback therefore goes back to.

The ledger of promotions is only ever added to, so what stands is read from it: a promotion is laid on top, a
rollback takes the latest one off again. After champions 1, 2 and 3 two rollbacks lead to 2 and then to 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from serving.problems import Problem
from serving.records.journal import Journal
from serving.records.model_events import ChampionSet

ROLLBACK = "rollback"


def changes_of(journal: Journal) -> list[ChampionSet]:
    """Return every change of the champion, oldest first."""
    entries = journal.entries(kinds=(ChampionSet.__name__,))
    return [ChampionSet(**entry.facts) for entry in entries]


def standing(changes: Iterable[ChampionSet], now: int) -> tuple[int, ...]:
    """Return the versions whose promotions stand, the oldest first and ``now`` (0: none in use) last.

    A change also names what it replaced, and the registry what is in use: what neither promotion nor rollback
    brought there (an alias moved by hand, a champion of a time before there was a journal) stands as well.
    """
    stack: list[int] = []
    for change in changes:
        if change.former:
            _lay(stack, int(change.former))
        version = int(change.model_version)
        below = stack[:-1]
        if change.manner == ROLLBACK and version in below:
            del stack[len(below) - below[::-1].index(version) :]
        else:
            _lay(stack, version)
    if now:
        _lay(stack, now)
    return tuple(stack)


def back_to(changes: Sequence[ChampionSet], now: int, asked: int | None) -> int:
    """Return the version that a rollback from ``now`` goes to: the one ``asked`` for, None: the one below.

    Raises Problem where there is none below, or the one asked for is in use or never was.
    """
    below = standing(changes, now)[:-1]
    if asked is None:
        if below:
            return below[-1]
        raise Problem(
            f"モデル第{now}版より前に採用した版はないため、これ以上は戻せません。"
            if now
            else "採用中のモデルがないため、戻せません。",
            "新しい版は tegakari promote で採用してください。",
            ROLLBACK,
        )
    if asked == now:
        raise Problem(
            f"モデル第{asked}版は既に採用中です。",
            "別の版を指定するか、版を省いて一つ前の版に戻してください。",
            ROLLBACK,
        )
    if asked not in once_in_use(changes):
        raise Problem(
            f"モデル第{asked}版は一度も採用していないため、戻せません。",
            "戻せるのは以前に採用した版です。新しい版は tegakari promote で採用してください。",
            ROLLBACK,
        )
    return asked


def once_in_use(changes: Iterable[ChampionSet]) -> frozenset[int]:
    """Return every version that was ever champion, those that a rollback left included."""
    return frozenset(
        int(each) for change in changes for each in (change.former, change.model_version) if each
    )


def _lay(stack: list[int], version: int) -> None:
    if not stack or stack[-1] != version:
        stack.append(version)
