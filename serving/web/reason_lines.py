"""Reasons as they stand on a page: each is laid out once, whoever looks at it how often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from models.advice import Reason
from serving.web.case_view import CaseView
from serving.web.laid_out import laid_out
from serving.wording import Wording

TEMPLATE = "reason.html"


@dataclass(frozen=True)
class ReasonLines:
    """The reasons of one case in one language. ``as_of``: the day of the records."""

    words: Wording
    view: CaseView
    as_of: date

    def of(self, reasons: Iterable[Reason]) -> Markup:
        """Return reasons as the items of a list."""
        return Markup("").join(
            laid_out(TEMPLATE, "line", *self._about(each), self.view.scale) for each in reasons
        )

    def said(self, reason: Reason) -> Markup:
        """Return a reason's sentence with its record alone."""
        return laid_out(TEMPLATE, "said", *self._about(reason))

    def bar(self, weight: float) -> Markup:
        """Return the bar of a weight that no single reason has."""
        return laid_out(TEMPLATE, "bar", self.words.language, weight, self.view.scale)

    def _about(self, reason: Reason) -> tuple[str, Reason, date | None, date]:
        return self.words.language, reason, self.view.day_of(reason), self.as_of
