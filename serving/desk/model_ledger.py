"""The ledger of promotions as staff and auditors read it: versions, verdicts, who let what in and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from serving.office.champion import registry_of
from serving.office.office import Versions
from serving.records.entry import Entry
from serving.records.identity import Right, User
from serving.records.journal import Journal
from serving.records.model_events import ChampionSet, ModelJudged, ModelRefused, ModelServed, ShadowSet
from serving.settings import Settings
from training.registry.store import RegistryProblem

KINDS = tuple(each.__name__ for each in (ChampionSet, ModelJudged, ModelServed, ModelRefused, ShadowSet))
SHOWN = 200
"""Entries of the ledger on the page, the newest first; the journal keeps all."""


@dataclass(frozen=True)
class ModelLine:
    """One version. ``standing``: champion, shadow, former, refused or waiting; ``judged``: its verdict."""

    number: str
    standing: str
    since: str
    judged: Entry | None


@dataclass(frozen=True)
class ModelBoard:
    """What stands now. ``served``: what answers here; ``unread``: why the registry was not read."""

    champion: str
    served: str
    shadow: str
    lines: tuple[ModelLine, ...]
    ledger: tuple[Entry, ...]
    verdict: Entry | None
    unread: str


class ModelLedger:
    """Reads the journal and the registry; it changes nothing and knows no case."""

    def __init__(self, journal: Journal, settings: Settings, served: Versions) -> None:
        self._journal = journal
        self._settings = settings
        self._served = served

    def board(self, user: User, judged: int = 0) -> ModelBoard:
        """Return the versions and the ledger; ``judged``: the verdict to show in full (0: the latest)."""
        user.require(Right.MODELS)
        entries = self._journal.entries(kinds=KINDS)
        numbers, unread = self._registered()
        verdicts = [each for each in entries if each.kind == ModelJudged.__name__]
        chosen = [each for each in verdicts if each.seq == judged] or verdicts[-1:]
        sets = [each for each in entries if each.kind == ChampionSet.__name__]
        shadows = [each for each in entries if each.kind == ShadowSet.__name__]
        champion = str(sets[-1].facts["model_version"]) if sets else ""
        shadow = str(shadows[-1].facts["model_version"]) if shadows else ""
        shadow = "" if shadow == champion else shadow  # what serves does not score beside itself
        known = sorted(
            numbers | {_version(each) for each in (*sets, *verdicts)} - {""}, key=_place, reverse=True
        )
        lines = tuple(_line(number, champion, shadow, sets, verdicts) for number in known)
        return ModelBoard(
            champion,
            self._served.model,
            shadow,
            lines,
            tuple(reversed(entries[-SHOWN:])),
            chosen[0] if chosen else None,
            unread,
        )

    def _registered(self) -> tuple[set[str], str]:
        try:
            return {str(each.number) for each in registry_of(self._settings).versions()}, ""
        except RegistryProblem as broken:
            return set(), str(broken)


def _line(number: str, champion: str, shadow: str, sets: list[Entry], verdicts: list[Entry]) -> ModelLine:
    mine = [each for each in sets if _version(each) == number]
    judged = next((each for each in reversed(verdicts) if _version(each) == number), None)
    standing = "waiting"
    if number == champion:
        standing = "champion"
    elif number == shadow:
        standing = "shadow"
    elif mine:
        standing = "former"
    elif judged is not None:
        standing = "refused"
    return ModelLine(number, standing, mine[-1].at if mine else "", judged)


def _version(entry: Entry) -> str:
    facts: dict[str, Any] = entry.facts
    return str(facts["model_version"])


def _place(number: str) -> tuple[int, str]:
    return (int(number) if number.isdecimal() else 0, number)
