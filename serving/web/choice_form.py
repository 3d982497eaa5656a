"""A choice as the case page's form sends it."""

from __future__ import annotations

from starlette.datastructures import FormData

from serving.desk.activity import marks_of
from serving.desk.blind_choice import REASON as BLIND_REASON
from serving.desk.choice import Choice, Reasoned, TargetKey, resolve
from serving.desk.desk import Desk
from serving.desk.grounds import added_line, grounds_text
from serving.web.form_number import whole
from serving.wording import refusal

LONGEST_REASON = 500
LONGEST_GROUNDS = 4000


def choice_of(form: FormData, desk: Desk, debtor_id: str) -> Choice:
    """Read a form: ticked targets are accepted, planned ones without a tick are dropped."""
    accepted = tuple(_key(str(text)) for text in form.getlist("accept"))
    reasons = {
        key[5:]: str(value).strip()[:LONGEST_REASON] for key, value in form.items() if key.startswith("drop:")
    }
    planned = {str(text) for text in form.getlist("planned")}
    ticked = {"|".join(key) for key in accepted}
    # A planned target without its tick is dropped and needs a reason; any other may be dropped with one.
    dropped = [key for key, reason in reasons.items() if key not in ticked and (reason or key in planned)]
    added = _added(form, desk, debtor_id)
    return Choice(
        accepted=accepted,
        added=added + _kept(form),
        dropped=tuple(Reasoned(*_key(key), reasons[key]) for key in dropped),
        grounds=_grounds(form, accepted, added, desk)[:LONGEST_GROUNDS],
        recommendation=_number(str(form.get("recommendation", ""))),
        marks=marks_of(str(form.get("active", ""))),
    )


def _added(form: FormData, desk: Desk, debtor_id: str) -> tuple[Reasoned, ...]:
    """Read the rows of targets to add, one a kind: ``add:kind`` names the target, ``why:kind`` says why."""
    rows = {key[4:68]: str(value).strip()[:64] for key, value in form.items() if key.startswith("add:")}
    rows = {kind: text for kind, text in rows.items() if text}
    if not rows:
        return ()
    try:
        advice = desk.office.advise(debtor_id)
    except KeyError:
        raise refusal("case_unknown") from None
    directory = desk.office.directory()
    return tuple(
        Reasoned(
            kind,
            resolve(advice, kind, text, directory),
            str(form.get(f"why:{kind}", "")).strip()[:LONGEST_REASON],
        )
        for kind, text in rows.items()
    )


def _grounds(form: FormData, accepted: tuple[TargetKey, ...], added: tuple[Reasoned, ...], desk: Desk) -> str:
    """Return the grounds as they were typed; left as they were proposed, they follow what was chosen.

    Of typed ones a proposed line about a target that was not chosen goes, and what was added gets a line
    unless its name stands there.
    """
    typed, proposed = _lines(form, "grounds"), _lines(form, "grounds_proposed")
    names = desk.office.directory()
    own = [_lines(form, f"ground:{kind}|{code}") for kind, code in accepted]
    told = {each: names.get(each.key, each.target_code) for each in added}
    if typed != proposed:
        gone = {_lines(form, key) for key in form if key.startswith("ground:")} - set(own)
        kept = [line for line in typed.split("\n") if line.strip() not in gone]
        unnamed = {each: name for each, name in told.items() if name not in typed}
        new = [added_line(each.target_kind, name, each.reason) for each, name in unnamed.items()]
        return "\n".join([*kept, *new])
    new = [added_line(each.target_kind, name, each.reason) for each, name in told.items()]
    return grounds_text(_lines(form, "grounds_opening"), [line for line in [*own, *new] if line])


def _lines(form: FormData, name: str) -> str:
    return "\n".join(str(form.get(name, "")).split("\r\n")).strip()


def _kept(form: FormData) -> tuple[Reasoned, ...]:
    """Return the targets of a blind choice that the ranking does not show, as far as they stay ticked."""
    return tuple(Reasoned(*_key(str(text)), BLIND_REASON) for text in form.getlist("keep"))


def _key(text: str) -> TargetKey:
    kind, _, code = text.partition("|")
    return kind, code


def _number(text: str) -> int:
    return whole(text) or 0
