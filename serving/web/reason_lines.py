"""Reasons as they stand on a page: each is laid out once, whoever looks at it how often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from models.advice import Reason
from serving.web.case_view import CaseView
from serving.web.translated import translated
from serving.wording import Wording, wording

MOST_KEPT = 20_000
"""Lines kept, of about a kilobyte each: some four hundred cases."""


@dataclass(frozen=True)
class ReasonLines:
    """The reasons of one case in one language. ``as_of``: the day of the records."""

    words: Wording
    view: CaseView
    as_of: date

    def of(self, reasons: Iterable[Reason]) -> Markup:
        """Return reasons as the items of a list."""
        return Markup("").join(_laid_out("line", *self._about(each), self.view.scale) for each in reasons)

    def said(self, reason: Reason) -> Markup:
        """Return a reason's sentence with its record alone."""
        return _laid_out("said", *self._about(reason))

    def bar(self, weight: float) -> Markup:
        """Return the bar of a weight that no single reason has."""
        return _laid_out("bar", self.words.language, weight, self.view.scale)

    def _about(self, reason: Reason) -> tuple[str, Reason, date | None, date]:
        return self.words.language, reason, self.view.day_of(reason), self.as_of


@lru_cache(maxsize=MOST_KEPT)
def _laid_out(part: str, language: str, *about: Any) -> Markup:  # noqa: ANN401 - what the macro takes
    """Return what a macro of ``reason.html`` makes of this: it sees nothing else, so it stays true."""
    macro = getattr(translated(language).get_template("reason.html").module, part)
    laid_out: Markup = macro(wording(language), *about)
    return laid_out
