"""The trial as the case page shows it: a case chosen blind first, reasons folded away."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import Request, Response
from starlette.datastructures import FormData

from models.advice import CaseAdvice
from serving.desk.activity import marks_of
from serving.desk.blind_choice import ROWS, BlindChoice
from serving.desk.case_file import CaseFile, Shown
from serving.desk.choice import TargetKey, named
from serving.desk.desk import Desk
from serving.problems import Problem
from serving.records.identity import User
from serving.web.page import language_of, render
from serving.web.record_pieces import RecordPieces
from serving.web.routing import status_of
from serving.web.target_lists import kinds_of, offered_by
from serving.web.timeline import timeline_of

LONGEST_GROUNDS = 4000


@dataclass(frozen=True)
class TrialView:
    """What the trial changes on a case page.

    ``chosen``: the blind choice (None: none was made); ``beyond``: those of it that the ranking does not
    show; ``kept``: those of them still ticked; ``ticked``: what is ticked at first (None: the plan).
    ``grounds``: those of the blind choice.
    """

    folded: bool = False
    chosen: tuple[TargetKey, ...] | None = None
    beyond: tuple[TargetKey, ...] = ()
    kept: frozenset[str] = frozenset()
    ticked: frozenset[str] | None = None
    grounds: str = ""

    @property
    def entered(self) -> dict[str, str]:
        """What stands in the form at first: the grounds of the blind choice need not be typed again."""
        return {"grounds": self.grounds} if self.grounds else {}

    def folding(self, file: CaseFile) -> CaseFile:
        """Return the case with its reasons left out where they are folded away; its grounds stay."""
        return replace(file, advice=without_reasons(file.advice)) if self.folded else file


def without_reasons(advice: CaseAdvice) -> CaseAdvice:
    """Return an advice without the reasons and precedents of its targets: ranks, yen and grounds stay."""
    plain = tuple(replace(target, reasons=(), precedents=()) for target in advice.targets)
    return replace(advice, targets=plain)


def trial_view(
    desk: Desk, user: User, debtor_id: str, shown: Shown | None, form: FormData | None
) -> TrialView:
    """Return what the trial changes on the page of a ranking that is shown; nothing where none is."""
    if shown is None:
        return TrialView()
    how = desk.trial.shown_as(user, debtor_id, shown.number)
    if how.chosen is None:
        return TrialView(how.folded)
    listed = {(target.target_kind, target.target_code) for target in shown.advice.targets}
    planned = {(t.target_kind, t.target_code) for t in shown.advice.targets if t.in_plan}
    beyond = tuple(key for key in how.chosen if key not in listed)
    kept = {str(text) for text in form.getlist("keep")} if form else {"|".join(key) for key in beyond}
    ticked = {"|".join(key) for key in planned | (listed & set(how.chosen))}
    return TrialView(how.folded, how.chosen, beyond, frozenset(kept), frozenset(ticked), how.grounds)


def blind_page(
    request: Request,
    debtor_id: str,
    user: User,
    desk: Desk,
    *,
    problem: Problem | None = None,
    form: FormData | None = None,
) -> Response | None:
    """Return the page of a case that is to be chosen before its ranking is seen; None for any other."""
    file = desk.blind_case(user, debtor_id)
    opened = desk.trial.waiting(user, debtor_id) if file else None
    if file is None or opened is None:
        return None
    facts = {
        "file": file,
        "opened": opened,
        "rows": range(1, ROWS + 1),
        "problem": problem,
        "entered": {key: str(value) for key, value in form.items()} if form else {},
        "kinds": kinds_of(desk),
        "today": desk.today,
        "timeline": timeline_of(file, desk.office.directory()),
        "record": RecordPieces(language_of(request).language, file.profile, file.advice.forecasts),
        "offered": sorted({name for names in offered_by(desk).values() for name in names}),
    }
    return render(request, "case_blind.html", user, status_of(problem) if problem else 200, **facts)


def blind_choice_of(form: FormData, desk: Desk) -> BlindChoice:
    """Read the form of a blind choice; a target may be named by its code or by its full name."""

    def text(name: str, longest: int = 64) -> str:
        return str(form.get(name, "")).strip()[:longest]

    directory = desk.office.directory()
    rows = [(text(f"kind{row}"), text(f"name{row}")) for row in range(1, ROWS + 1)]
    return BlindChoice(
        tuple((kind, named(kind, name, directory)) for kind, name in rows if name),
        bool(text("nothing")),
        text("grounds", LONGEST_GROUNDS),
        marks_of(str(form.get("active", ""))),
    )
