"""What a case's page tells about each target: laid out once, whoever looks at it how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from models.advice import RankedTarget
from serving.desk.choice import TargetKey
from serving.web.case_view import CaseView, TargetView
from serving.web.laid_out import laid_out, lay_out

TEMPLATE = "case_target.html"


@dataclass(frozen=True)
class Filled:
    """How the form of a choice is filled in: ``ticked`` by "kind|code" (None: the plan), ``grounds``.

    ``entered``: what was typed, by the name of its field.
    """

    ticked: frozenset[str] | None
    grounds: Mapping[TargetKey, str]
    entered: Mapping[str, str]

    def of(self, target: RankedTarget) -> tuple[bool, str, str]:
        """Return whether a target is ticked, its line of the grounds, and why it is left out."""
        key = f"{target.target_kind}|{target.target_code}"
        ticked = target.in_plan if self.ticked is None else key in self.ticked
        grounds = self.grounds[target.target_kind, target.target_code]
        return ticked, grounds, self.entered.get(f"drop:{key}", "")


@dataclass(frozen=True)
class TargetPieces:
    """The targets of one case in one language; ``as_of``: the day of the records, ``form``: to choose with.

    ``before``: each target's rank before any reply came in. By "kind|code": ``answers``, the day and outcome
    of the last one; ``dropped``, what the last choice left out. ``linked``: precedents that can be opened.
    """

    language: str
    view: CaseView
    as_of: date
    form: Filled | None
    before: Mapping[TargetKey, int]
    answers: Mapping[str, tuple[date, str]]
    dropped: frozenset[str]
    linked: frozenset[str]

    def row(self, shown: TargetView) -> Markup:
        """Return the row of a target."""
        target = shown.target
        key = f"{target.target_kind}|{target.target_code}"
        typed = self.form is not None and bool(self.form.entered)
        return (lay_out if typed else laid_out)(  # what somebody typed is not kept
            TEMPLATE,
            "row",
            self.language,
            shown,
            bool(self.view.common),
            self.view.scale,
            self.as_of,
            self.form.of(target) if self.form else None,
            self.before.get((target.target_kind, target.target_code)),
            self.answers.get(key),
            key in self.dropped,
            self.linked.intersection(past.debtor_id for past in target.precedents),
        )

    @property
    def common(self) -> Markup:
        """What is told once for all targets."""
        return laid_out(TEMPLATE, "common", self.language, self.view.common, self.as_of)
