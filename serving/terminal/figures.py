"""Figures that are typed: one out of range is refused in a sentence, as any other bad input is."""

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
