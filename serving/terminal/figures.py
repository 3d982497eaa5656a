"""Figures that are typed, of which one out of range is refused in a sentence, and figures that are told."""

from __future__ import annotations

from collections.abc import Callable

from serving.problems import Problem


def between(option: str, least: int, most: int | None = None) -> Callable[[int | None], int | None]:
    """Return a check of what is typed for ``option``; what was not typed is let through.

    >>> between("--top", 1, 100)(10)
    10
    """

    def check(figure: int | None) -> int | None:
        if figure is not None and (figure < least or (most is not None and figure > most)):
            span = f"{least}以上" if most is None else f"{least}から{most}まで"
            raise Problem(f"{option} は{span}の整数で指定してください。", code="option")
        return figure

    return check


def told(value: float) -> str:
    """Return a figure as it is printed: four digits that count, a large one in full.

    >>> told(0.012345), told(125415.0)
    ('0.01235', '125,415')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
