"""Days and years as Japanese offices write them (和暦, western, with or without separators)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from types import MappingProxyType

FIRST_YEAR, LAST_YEAR = 1868, 2199
"""Days outside these years are slips of the keyboard (9999-12-31, the open end, is let through)."""

_ERAS = MappingProxyType(
    {
        "明治": (1867, 45), "大正": (1911, 15), "昭和": (1925, 64), "平成": (1988, 99), "令和": (2018, 99),
    }
)  # fmt: skip
"""Era to (the year before its first, its last year). 平成 goes on: forms printed before 2019 do."""

_SHORT = MappingProxyType(
    {
        letter: era
        for era, letters in zip(_ERAS, ("明M1", "大T2", "昭S3", "平H4", "令R5"), strict=True)
        for letter in letters
    }
)
_FIRST_DAYS = MappingProxyType(
    {
        "明治": date(1868, 1, 25), "大正": date(1912, 7, 30), "昭和": date(1926, 12, 25),
        "平成": date(1989, 1, 8), "令和": date(2019, 5, 1),
    }
)  # fmt: skip
_ERA = "(?P<era>明治|大正|昭和|平成|令和|[明大昭平令MTSHR])[.]?"
_ERA_YEAR = r"(?P<year>元|\d{1,2})"
_WESTERN_YEAR = r"(?P<year>\d{4})"
_REST = r"[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?(?:\([日月火水木金土]\))?"
_DAY_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        _WESTERN_YEAR + _REST,
        _WESTERN_YEAR + r"(?P<month>\d{2})(?P<day>\d{2})",
        _ERA + _ERA_YEAR + _REST,
        _ERA + r"(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<era>[1-5])(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})",
    )
)
_YEAR_FORMS = tuple(
    re.compile(form + "年?度?分?", re.IGNORECASE) for form in (_WESTERN_YEAR, _ERA + _ERA_YEAR)
)
_NO_DAY = re.compile(r"0+|99999999|(?:0000|9999)[-/.年](?:00?|99)[-/.月](?:00?|99)日?")
_TIME = re.compile(r"(?<=\S)[T\s]\d{1,2}:\d{2}(?::\d{2}(?:[.]\d+)?)?Z?$")
_BLANKS = re.compile(r"\s+")


class NotADayError(ValueError):
    """The text is no day (or no year) that can be read without guessing."""


def read_day(found: str) -> date | None:
    """Return the day that ``found`` spells; None for a written-out "no day" (``0000-00-00``).

    Raises NotADayError for anything else, a day that the calendar does not have included.

    >>> read_day("令和元年５月１日"), read_day("R6.4.1"), read_day("5060401")
    (datetime.date(2019, 5, 1), datetime.date(2024, 4, 1), datetime.date(2024, 4, 1))
    >>> read_day("0000-00-00")
    """
    text = _BLANKS.sub("", _TIME.sub("", unicodedata.normalize("NFKC", found).strip()))
    if _NO_DAY.fullmatch(text):
        return None
    for form in _DAY_FORMS:
        if match := form.fullmatch(text):
            return _calendar_day(_western_year(match), int(match["month"]), int(match["day"]))
    raise NotADayError("no day")


def read_year(found: str) -> int:
    """Return the western year that ``found`` spells; raises NotADayError otherwise.

    >>> read_year("2024"), read_year("令和6年度"), read_year("S60")
    (2024, 2024, 1985)
    """
    text = _BLANKS.sub("", unicodedata.normalize("NFKC", found))
    for form in _YEAR_FORMS:
        if match := form.fullmatch(text):
            return _western_year(match)
    raise NotADayError("no year")


def era_of(day: date) -> tuple[str, str, int]:
    """Return the era, its letter and the year of it in which ``day`` lies.

    >>> era_of(date(2019, 4, 30)), era_of(date(2019, 5, 1))
    (('平成', 'H', 31), ('令和', 'R', 1))
    """
    begun = [era for era, first in _FIRST_DAYS.items() if first <= day]
    era = begun[-1] if begun else "明治"
    letter = next(letter for letter, name in _SHORT.items() if name == era and letter in "MTSHR")
    return era, letter, day.year - _ERAS[era][0]


def fiscal_year(day: date) -> int:
    """Return the fiscal year (年度, from April) in which ``day`` lies, by the year in which it begins.

    >>> fiscal_year(date(2026, 3, 31)), fiscal_year(date(2026, 4, 1))
    (2025, 2026)
    """
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def era_fiscal_year(year: int) -> str:
    """Return a fiscal year by its era, as offices write it: the era in which it ends.

    >>> era_fiscal_year(2026), era_fiscal_year(2019), era_fiscal_year(2018)
    ('令和8年度', '令和元年度', '平成30年度')
    """
    era, _, number = era_of(date(year + 1, 3, 31))
    return f"{era}{'元' if number == FIRST_YEAR_ENDS else number - 1}年度"


FIRST_MONTH = 4
FIRST_YEAR_ENDS = 2
"""The year of an era in which its first fiscal year ends."""


def _western_year(match: re.Match[str]) -> int:
    year = 1 if match["year"] == "元" else int(match["year"])
    short = match.groupdict().get("era")
    if short is None:
        return year
    before, last = _ERAS[_SHORT.get(short.upper(), short)]
    if not 1 <= year <= last:
        raise NotADayError("the era has no such year")
    return before + year


def _calendar_day(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR and (year, month, day) != (9999, 12, 31):
        raise NotADayError("no year of any record")
    try:
        return date(year, month, day)
    except ValueError:
        raise NotADayError("not in the calendar") from None
