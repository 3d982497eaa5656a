"""What a case's page tells about each target: laid out once, whoever looks at it how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from serving.desk.choice import TargetKey
from serving.web.case_view import CaseView, TargetView
from serving.web.laid_out import laid_out

TEMPLATE = "case_target.html"


@dataclass(frozen=True)
class TargetPieces:
    """The targets of one case in one language; ``as_of``: the day of the records, ``form``: to choose from.

    ``before``: each target's rank before any reply came in. By "kind|code": ``answers``, the day and outcome
    of the last one; ``dropped``, what the last choice left out. ``linked``: precedents that can be opened.
    """

    language: str
    view: CaseView
    as_of: date
    form: bool
    before: Mapping[TargetKey, int]
    answers: Mapping[str, tuple[date, str]]
    dropped: frozenset[str]
    linked: frozenset[str]

    def told(self, shown: TargetView) -> Markup:
        """Return everything about a target but the fields of the form."""
        target = shown.target
        key = f"{target.target_kind}|{target.target_code}"
        return laid_out(
            TEMPLATE,
            "told",
            self.language,
            shown,
            bool(self.view.common),
            self.view.scale,
            self.as_of,
            self.form,
            self.before.get((target.target_kind, target.target_code)),
            self.answers.get(key),
            key in self.dropped,
            self.linked.intersection(past.debtor_id for past in target.precedents),
        )

    @property
    def common(self) -> Markup:
        """What is told once for all targets."""
        return laid_out(TEMPLATE, "common", self.language, self.view.common, self.as_of)
