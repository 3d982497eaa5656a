"""照会番号: names one inquiry for as long as anybody may answer it, and notices a slip of the pen."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー－ｰ", "-"))
_FORM = re.compile(r"(\d{6})-?(\d{8})-?(\d{3})-?(\d{2})")
MOST_TARGETS = 999
"""A choice of more targets than this could not be numbered."""


class NotANumberError(ValueError):
    """The text is no inquiry number: it has another form, or its check digits do not fit."""


@dataclass(frozen=True)
class InquiryNumber:
    """The ``place`` (1-based) among the targets of the choice that the journal keeps as ``decision``.

    ``office`` are the six digits of the municipality's code. The same choice always has the same numbers.

    >>> str(InquiryNumber("130000", 42, 3))
    '130000-00000042-003-83'
    """

    office: str
    decision: int
    place: int

    def __str__(self) -> str:
        body = f"{self.office}-{self.decision:08d}-{self.place:03d}"
        return f"{body}-{_check(body):02d}"


def office_digits(code: str) -> str:
    """Return a municipality's code as the six digits that its numbers begin with.

    >>> office_digits("1234"), office_digits("131130")
    ('001234', '131130')
    """
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", code)).zfill(6)[-6:]


def read_number(text: str) -> InquiryNumber:
    """Read a number in full or half width, with or without its dashes. Raises NotANumberError.

    >>> read_number("１３００００－00000042-003-83").place
    3
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text.translate(_DASHES)))
    match = _FORM.fullmatch(plain)
    if match is None or _check("".join(match.groups()[:3])) != int(match[4]):
        raise NotANumberError("no inquiry number")
    return InquiryNumber(match[1], int(match[2]), int(match[3]))


def _check(body: str) -> int:
    """Return two check digits (ISO/IEC 7064, MOD 97-10): one wrong digit or two swapped ones are noticed."""
    return 98 - int(body.replace("-", "")) * 100 % 97
