"""What is on record about a case, as its page shows it: laid out once, whoever looks at it how often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from models.advice import KindForecast
from serving.office.office import CaseProfile, PastEvent
from serving.web.case_view import exemptions_of
from serving.web.laid_out import laid_out

TEMPLATE = "case_record_parts.html"


@dataclass(frozen=True)
class RecordPieces:
    """The record of one case in one language. A piece that would say nothing is empty."""

    language: str
    profile: CaseProfile
    foreseen: tuple[KindForecast, ...]

    @property
    def forecasts(self) -> Markup:
        """What may be found by kind of property."""
        return laid_out(TEMPLATE, "forecasts", self.language, self.foreseen) if self.foreseen else Markup("")

    @property
    def debts(self) -> Markup:
        """What can be pursued, and what is barred by prescription."""
        of = self.profile
        return laid_out(TEMPLATE, "debts", self.language, of.arrears, of.prescribed, of.day)

    @property
    def incomes(self) -> Markup:
        """The income by year."""
        return laid_out(TEMPLATE, "incomes", self.language, self.profile.incomes)

    @property
    def exemptions(self) -> Markup:
        """What the law leaves of a month's wage and pension."""
        left = exemptions_of(self.profile)
        return laid_out(TEMPLATE, "exemptions", self.language, left) if left else Markup("")

    def past(self, events: Iterable[PastEvent]) -> Markup:
        """Return events as the items of a list."""
        return Markup("").join(laid_out(TEMPLATE, "past", self.language, each) for each in events)
