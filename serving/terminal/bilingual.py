"""Sentences in both languages side by side; the page shows one of them. Numbers are the same in both."""

from __future__ import annotations

from math import isnan

from markupsafe import Markup, escape

from serving.wording import LANGUAGES, wording

DASH = Markup("―")


def both(key: str, **values: object) -> Markup:
    """Return the sentence ``backtest.key`` in every language, each marked as such."""
    parts = [
        Markup('<span lang="{}">{}</span>').format(language, wording(language)(f"backtest.{key}", **values))
        for language in LANGUAGES
    ]
    return Markup("").join(parts)


def percent(value: float, signed: bool = False) -> Markup:
    """Write a share.

    >>> percent(0.1234), percent(0.02, signed=True), percent(float("nan"))
    (Markup('12.3%'), Markup('+2.0%'), Markup('―'))
    """
    return DASH if isnan(value) else escape(f"{value * 100:{'+' if signed else ''}.1f}%")


def decimal(value: float, places: int = 2, signed: bool = False) -> Markup:
    """Write a number with ``places`` decimals.

    >>> decimal(1.234), decimal(0.5, signed=True)
    (Markup('1.23'), Markup('+0.50'))
    """
    return DASH if isnan(value) else escape(f"{value:{'+' if signed else ''},.{places}f}")


def thousandth(value: float, signed: bool = False) -> Markup:
    """Write a number with three decimals.

    >>> thousandth(0.0166)
    Markup('0.017')
    """
    return decimal(value, 3, signed)


def yen(value: float) -> Markup:
    """Write an amount.

    >>> yen(12345.6)
    Markup('¥12,346')
    """
    return DASH if isnan(value) else escape(f"¥{value:,.0f}")
