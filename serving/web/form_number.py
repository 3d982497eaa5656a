"""A number as a form sends it."""

from __future__ import annotations

LONGEST = 9
"""Digits that every database holds in an integer."""
LARGEST = 10**LONGEST - 1


def whole(text: object) -> int | None:
    """Return the whole number that ``text`` holds, None where it holds none or too long a one.

    >>> whole("47"), whole("x"), whole("9" * 5000), whole(None)
    (47, None, None, None)
    """
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST else None
