"""A past recommendation computed again, and whether it comes out as it was shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import isclose
from typing import Any, Literal

from models.advice import CaseAdvice
from serving.desk.inputs import inputs_of
from serving.office.office import Office
from serving.records.entry import Entry, canonical
from serving.records.events import RecommendationRecomputed
from serving.records.journal import Journal

SAME_TO = 1e-9
"""Relative difference of two numbers that counts as none: the last digits depend on the processor."""


@dataclass(frozen=True)
class Difference:
    """One place in the advice (``targets[0].probability``) that came out differently."""

    place: str
    then: str
    now: str


@dataclass(frozen=True)
class Recomputed:
    """What came of it. ``outcome`` needs: ``needs_data`` and/or ``needs_model`` name what is not at hand.

    moved: it was reckoned on a later day than that of the records (``reckoned_on``), as a case once was when
    something had been told since. It is reckoned otherwise now, so nothing is compared.
    """

    outcome: Literal["same", "differs", "needs", "moved"]
    differences: tuple[Difference, ...] = ()
    needs_data: str = ""
    needs_model: str = ""
    by_kept_model: bool = False
    reckoned_on: date | None = None

    def event(self, shown: Entry) -> RecommendationRecomputed:
        """Return what the journal keeps of it."""
        facts = shown.facts
        places = tuple(each.place for each in self.differences[:100])
        return RecommendationRecomputed(
            shown.debtor_id, shown.seq, self.outcome, places, facts["model_version"], facts["data_version"]
        )


def recompute(office: Office, journal: Journal, shown: Entry) -> Recomputed:
    """Compute the advice of a RecommendationShown again, from the inputs of that moment.

    A model that no longer serves is taken from the home where it is still kept.
    """
    facts, serving = shown.facts, office.versions
    model, data = str(facts["model_version"]), str(facts["data_version"])
    if data != serving.data:
        return Recomputed("needs", needs_data=data, needs_model=model if model != serving.model else "")
    reckoned_on = date.fromisoformat(facts["advice"]["day"])
    if reckoned_on > office.day:
        return Recomputed("moved", reckoned_on=reckoned_on)
    inputs, kept = inputs_of(shown, journal), model != serving.model
    try:
        again = office.advise_by(model, shown.debtor_id, inputs.told, inputs.slots)
    except KeyError:
        return Recomputed("needs", needs_data=data)
    if again is None:
        return Recomputed("needs", needs_model=model)
    found = differences_of(facts["advice"], again)
    return Recomputed("differs" if found else "same", found, by_kept_model=kept)


def differences_of(then: dict[str, Any], advice: CaseAdvice) -> tuple[Difference, ...]:
    """Return every place of a kept advice that is not the same in ``advice``."""
    now = canonical(advice)
    return () if now == canonical(then) else tuple(differences(then, json.loads(now)))


def differences(then: object, now: object, place: str = "") -> Iterator[Difference]:
    """Yield every place of ``then`` that is not the same in ``now``.

    What a newer program says besides, and did not say then, is no difference.

    >>> list(differences({"arrears": 5, "day": "2026-04-01"}, {"arrears": 6, "day": "2026-04-01", "new": 1}))
    [Difference(place='arrears', then='5', now='6')]
    """
    if isinstance(then, dict) and isinstance(now, dict):
        for key, value in then.items():
            inner = f"{place}.{key}" if place else str(key)
            if key in now:
                yield from differences(value, now[key], inner)
            else:
                yield Difference(inner, _text(value), "―")
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for number, (before, after) in enumerate(zip(then, now, strict=True)):
            yield from differences(before, after, f"{place}[{number}]")
    elif not _same(then, now):
        yield Difference(place, _text(then), _text(now))


def _same(then: object, now: object) -> bool:
    if isinstance(then, float) and isinstance(now, int | float):
        return isclose(then, now, rel_tol=SAME_TO, abs_tol=1e-12)
    return then == now


def _text(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:119]}…"
