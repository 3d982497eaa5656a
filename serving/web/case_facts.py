"""What the template of a case's page is given."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from markupsafe import Markup
from starlette.datastructures import FormData

from models.advice import CaseAdvice
from serving.desk.case_file import CaseFile, Shown
from serving.desk.desk import Desk
from serving.desk.doubts import doubts_of
from serving.desk.supposing import FACTS
from serving.records.entry import Entry
from serving.records.identity import User
from serving.web.blind_view import TrialView
from serving.web.case_view import CaseView, case_view, proposed_grounds
from serving.web.choice_form import LONGEST_GROUNDS
from serving.web.laid_out import laid_out, lay_out
from serving.web.record_pieces import RecordPieces
from serving.web.target_lists import kinds_of, offered_by
from serving.web.target_pieces import Filled, TargetPieces
from serving.web.timeline import last_answers, timeline_of


@dataclass(frozen=True)
class CaseFacts:
    """A case that somebody reads: the file, what was decided, what is shown to choose from.

    ``form``: what was sent and could not be taken, None where nothing was.
    """

    desk: Desk
    user: User
    language: str
    file: CaseFile
    made: Sequence[Entry]
    shown: Shown | None
    trial: TrialView
    form: FormData | None

    def all(self) -> dict[str, Any]:
        """Return the facts by the name that the template calls them."""
        advice = self.desk.scope.anonymised(self.user, self.file.advice)
        file, entered = replace(self.file, advice=advice), self._entered()
        names, view = self.desk.office.directory(), case_view(advice, file.profile.newest)
        return {
            "file": file,
            "trial": self.trial,
            "shown": self.shown,
            "made": self.made,
            "declining": self.desk.declining.view(self.user, file.profile.debtor_id),
            "entered": entered,
            "names": names,
            "view": view,
            "waiting_keys": {f"{each.target_kind}|{each.target_code}" for each in file.waiting},
            "today": self.desk.today,
            "facts": list(FACTS),
            "timeline": timeline_of(file, names),
            "record": RecordPieces(self.language, file.profile, advice.forecasts),
            "doubts": doubts_of(file.replies, file.profile, self.desk.office.day),
            "reply_fields": partial(self._piece, "reply_fields.html", "fields"),
            **self._choosing(advice, view, entered),
        }

    def _choosing(self, advice: CaseAdvice, view: CaseView, entered: dict[str, str]) -> dict[str, Any]:
        """Return what the form of a choice is made of."""
        desk, proposed = self.desk, proposed_grounds(advice)
        kinds, offered = kinds_of(desk), offered_by(desk)
        typed = ((kind, entered.get(f"add:{kind}", ""), entered.get(f"why:{kind}", "")) for kind in kinds)
        added = tuple((kind, (target, why)) for kind, target, why in typed if target or why)
        # The forms of a reply and of a what-if stand beside that of the choice and carry none of its ticks.
        choosing = self.form is not None and "recommendation" in self.form
        ticked = (
            frozenset(map(str, self.form.getlist("accept"))) if choosing and self.form else self.trial.ticked
        )
        filled = Filled(ticked, proposed.lines, entered) if self.shown else None
        return {
            "proposed": proposed,
            "pieces": self._targets(advice, view, filled),
            "adding": self._piece("case_adding.html", "fields", kinds, tuple(offered), added),
            "offered_lists": self._piece("case_offered.html", "lists", tuple(offered.items())),
            "reply_kind": partial(self._piece, "reply_fields.html", "kind", kinds),
        }

    def _targets(self, advice: CaseAdvice, view: CaseView, filled: Filled | None) -> TargetPieces:
        again = advice.round > 1
        return TargetPieces(
            self.language,
            view,
            self.desk.office.day,
            filled,
            before=self.desk.ranks_before(self.user, advice.debtor_id) if again else {},
            answers=last_answers(self.file),
            dropped=_dropped(self.made),
            linked=_linked(self.desk, advice),
        )

    def _entered(self) -> dict[str, str]:
        if self.form is None:
            return self.trial.entered
        return {key: str(value)[:LONGEST_GROUNDS] for key, value in self.form.items()}

    def _piece(self, template: str, part: str, *about: Hashable) -> Markup:
        # What somebody typed is laid out for them alone, and not kept.
        kept = laid_out if self.form is None else lay_out
        return kept(template, part, self.language, *about)


def _linked(desk: Desk, advice: CaseAdvice) -> frozenset[str]:
    """Return the precedents whose case can be opened."""
    named = {past.debtor_id for target in advice.targets for past in target.precedents}
    return frozenset(filter(desk.office.is_open, named))


def _dropped(made: Sequence[Entry]) -> frozenset[str]:
    """Return "kind|code" of what the last choice left out with a reason."""
    dropped = made[-1].facts["dropped"] if made else ()
    return frozenset(f"{each['target_kind']}|{each['target_code']}" for each in dropped)
