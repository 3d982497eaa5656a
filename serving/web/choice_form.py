"""A choice as the case page's form sends it."""

from __future__ import annotations

from starlette.datastructures import FormData

from serving.desk.activity import marks_of
from serving.desk.blind_choice import REASON as BLIND_REASON
from serving.desk.choice import Choice, Reasoned, TargetKey, resolve
from serving.desk.desk import Desk
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
    return Choice(
        accepted=accepted,
        added=_added(form, desk, debtor_id) + _kept(form),
        dropped=tuple(Reasoned(*_key(key), reasons[key]) for key in dropped),
        grounds=str(form.get("grounds", ""))[:LONGEST_GROUNDS],
        recommendation=_number(str(form.get("recommendation", ""))),
        marks=marks_of(str(form.get("active", ""))),
    )


def _added(form: FormData, desk: Desk, debtor_id: str) -> tuple[Reasoned, ...]:
    text = str(form.get("add_code", "")).strip()[:64]
    if not text:
        return ()
    try:
        advice = desk.office.advise(debtor_id)
    except KeyError:
        raise refusal("case_unknown") from None
    kind = str(form.get("add_kind", ""))[:64]
    code = resolve(advice, kind, text, desk.office.directory())
    return (Reasoned(kind, code, str(form.get("add_reason", "")).strip()[:LONGEST_REASON]),)


def _kept(form: FormData) -> tuple[Reasoned, ...]:
    """Return the targets of a blind choice that the ranking does not show, as far as they stay ticked."""
    return tuple(Reasoned(*_key(str(text)), BLIND_REASON) for text in form.getlist("keep"))


def _key(text: str) -> TargetKey:
    kind, _, code = text.partition("|")
    return kind, code


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
