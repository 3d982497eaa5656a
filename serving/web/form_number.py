"""A number as a form sends it."""

from __future__ import annotations

from unicodedata import normalize

LONGEST = 9
"""Digits that every database holds in an integer."""
LARGEST = 10**LONGEST - 1


def folded(text: str) -> str:
    """Return ``text`` with full-width digits and signs as ASCII has them; ² and ① are no digits and stay.

    >>> folded("１，０００円"), folded("²")
    ('1,000円', '²')
    """
    looks = (sign.isnumeric() and not sign.isdecimal() for sign in text)
    return "".join(sign if same else normalize("NFKC", sign) for sign, same in zip(text, looks, strict=True))


def whole(text: object) -> int | None:
    """Return the whole number that ``text`` holds, None where it holds none or too long a one.

    >>> whole("47"), whole("x"), whole("9" * 5000), whole(None)
    (47, None, None, None)
    """
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST else None
