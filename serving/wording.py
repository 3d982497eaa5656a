"""Every sentence a reader sees, from one catalogue in Japanese and English."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from types import MappingProxyType

from serving.problems import Problem

LANGUAGES = ("ja", "en")
LOCALE = Path(__file__).parent / "locale"
JAPAN = timezone(timedelta(hours=9))
_REIWA, _HEISEI, _SHOWA = date(2019, 5, 1), date(1989, 1, 8), date(1926, 12, 25)


@dataclass(frozen=True)
class Wording:
    """The sentences and the forms of numbers and days in one language."""

    language: str
    sentences: MappingProxyType[str, str] = field(repr=False)

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence ``key`` with its values filled in; KeyError when there is none."""
        return self.sentences[key].format(**values)

    def term(self, group: str, word: str) -> str:
        """Return the name of a code (``kind.bank``), the code itself where the catalogue has none."""
        return self.sentences.get(f"{group}.{word}", word)

    def problem(self, problem: Problem) -> tuple[str, str]:
        """Return a problem's sentence and hint in this language, as far as the catalogue knows it."""
        sentence = self.sentences.get(f"error.{problem.code}")
        if sentence is None:
            return problem.sentence, problem.hint
        return sentence, self.sentences.get(f"error.{problem.code}.hint", "")

    def day(self, day: date | None) -> str:
        """Write a day: with its era in Japanese, in ISO form in English, a dash for none."""
        if day is None:
            return "―"
        return era(day) if self.language == "ja" else day.isoformat()

    def written(self, text: str | None) -> str:
        """Write a day that is kept as ISO text."""
        return self.day(date.fromisoformat(text) if text else None)

    def moment(self, text: str) -> str:
        """Write a journal's instant in Japanese time; a text that is none stays as it stands."""
        try:
            moment = datetime.fromisoformat(text).astimezone(JAPAN)
        except ValueError:
            return text
        return f"{self.day(moment.date())} {moment:%H:%M}"

    def yen(self, amount: float | None) -> str:
        """Write an amount of yen with separators, a dash for none."""
        if amount is None:
            return "―"
        return f"{amount:,.0f}円" if self.language == "ja" else f"¥{amount:,.0f}"


@cache
def wording(language: str) -> Wording:
    """Return the wording of a language; an unknown one is Japanese.

    >>> wording("ja").day(date(2026, 4, 1)), wording("en").yen(1200)
    ('R8.4.1', '¥1,200')
    """
    chosen = language if language in LANGUAGES else "ja"
    text = (LOCALE / f"{chosen}.json").read_text(encoding="utf-8")
    return Wording(chosen, MappingProxyType(json.loads(text)))


def refusal(code: str) -> Problem:
    """Return the problem ``code`` in the catalogue's Japanese words."""
    sentences = wording("ja").sentences
    return Problem(sentences[f"error.{code}"], sentences.get(f"error.{code}.hint", ""), code)


def era(day: date) -> str:
    """Write a day with the initial of its era, as officers do.

    >>> era(date(2019, 4, 30)), era(date(2019, 5, 1)), era(date(1989, 1, 7))
    ('H31.4.30', 'R1.5.1', 'S64.1.7')
    """
    for initial, start in (("R", _REIWA), ("H", _HEISEI), ("S", _SHOWA)):
        if day >= start:
            return f"{initial}{day.year - start.year + 1}.{day.month}.{day.day}"
    return day.isoformat()
