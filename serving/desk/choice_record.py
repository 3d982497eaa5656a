"""Choices as they are counted: what the journal says of each, without a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from serving.desk.blind_choice import chosen_keys
from serving.records.entry import Entry
from serving.records.events import BlindChoiceMade, CaseOpened, DecisionMade, ReasonsOpened
from serving.wording import JAPAN

KINDS = tuple(event.__name__ for event in (CaseOpened, BlindChoiceMade, ReasonsOpened, DecisionMade))
"""What a count reads; not the rankings as they were shown, which are large."""

HIT_YEN = 10_000

Arm = Literal["blind", "open", ""]
TargetKey = tuple[str, str]


@dataclass(frozen=True)
class Asked:
    """A chosen target; ``yen`` found within the arrears, None while no answer stands."""

    yen: int | None

    @property
    def hit(self) -> bool:
        """Whether property worth the name was found."""
        return (self.yen or 0) >= HIT_YEN


@dataclass(frozen=True)
class ChoiceRecord:
    """One opening of a case, and the choice that came of it.

    ``officer`` is a number that stands for a person in this one count and nowhere else. ``minutes`` are the
    active minutes of what is compared: the choice before the ranking (blind), else the one with it; None: not
    finished, or not measured. ``chosen`` was chosen without the ranking, ``final`` with it.
    """

    officer: int
    opened_on: date
    arm: Arm = ""
    outside: str = ""
    share: float = 0.0
    reasons: str = ""
    hidden: float = 0.0
    reasons_opened: bool = False
    months: float | None = None
    minutes: float | None = None
    clock_minutes: float | None = None
    marks: int = 0
    decided: bool = False
    accepted: int = 0
    added: int = 0
    dropped: int = 0
    chosen: tuple[Asked, ...] = field(default=())
    final: tuple[Asked, ...] = field(default=())
    kept: int = 0

    @property
    def finished(self) -> bool:
        """Whether the choice that is compared was finished and measured."""
        return self.minutes is not None

    @property
    def month(self) -> str:
        """The month in which the case was opened, as 2026-04."""
        return f"{self.opened_on:%Y-%m}"

    @property
    def weight(self) -> float:
        """One over the chance of falling into its arm; 1 outside of the trial."""
        chance = {"blind": self.share, "open": 1.0 - self.share}.get(self.arm, 1.0)
        return 1.0 / chance if chance > 0 else 1.0

    @property
    def reasons_weight(self) -> float:
        """One over the chance of having the reasons shown, or folded away."""
        chance = {"hidden": self.hidden, "shown": 1.0 - self.hidden}.get(self.reasons, 1.0)
        return 1.0 / chance if chance > 0 else 1.0


Answers = Mapping[tuple[str, str, str], Iterable[tuple[date, int]]]
"""By debtor_id, target_kind and target_code: the day of each answered inquiry, and the yen found."""


def choice_records(entries: Iterable[Entry], answers: Answers) -> list[ChoiceRecord]:
    """Return one record for each opening among ``entries`` (of ``KINDS``, oldest first)."""
    openings: dict[int, dict[str, Any]] = {}
    by_moment: dict[tuple[str, str], int] = {}
    for entry in entries:
        facts = entry.facts
        if entry.kind == CaseOpened.__name__:
            openings[entry.seq] = {"opened": entry}
            by_moment[entry.debtor_id, entry.at] = entry.seq
            continue
        # A decision of before the trial names the moment of its opening, not its number.
        number = facts.get("opened") or by_moment.get((entry.debtor_id, facts.get("opened_at", "")), 0)
        if number in openings:
            openings[number][entry.kind] = facts
    numbers: dict[str, int] = {}
    return [
        _record(kept, numbers.setdefault(kept["opened"].actor, len(numbers)), answers)
        for kept in openings.values()
    ]


def _record(kept: Mapping[str, Any], officer: int, answers: Answers) -> ChoiceRecord:
    opened: Entry = kept["opened"]
    facts = opened.facts
    blind: dict[str, Any] | None = kept.get(BlindChoiceMade.__name__)
    made: dict[str, Any] | None = kept.get(DecisionMade.__name__)
    arm: Arm = facts.get("arm", "")
    day = datetime.fromisoformat(opened.at).astimezone(JAPAN).date()
    compared = blind if arm == "blind" else made
    final = _targets(made, "accepted") + _targets(made, "added")
    chosen = chosen_keys(blind) if blind else ()

    def asked(keys: Iterable[TargetKey]) -> tuple[Asked, ...]:
        return tuple(Asked(_yen(opened.debtor_id, key, day, facts["arrears"], answers)) for key in keys)

    return ChoiceRecord(
        officer=officer,
        opened_on=day,
        arm=arm,
        outside=facts.get("outside", "off"),
        share=facts.get("share", 0.0),
        reasons=facts.get("reasons", ""),
        hidden=facts.get("hidden", 0.0),
        reasons_opened=ReasonsOpened.__name__ in kept,
        months=facts.get("months"),
        minutes=compared.get("active_minutes") if compared else None,
        clock_minutes=compared["minutes"] if compared else None,
        marks=compared.get("marks", 0) if compared else 0,
        decided=made is not None,
        accepted=len(made["accepted"]) if made else 0,
        added=len(made["added"]) if made else 0,
        dropped=len(made["dropped"]) if made else 0,
        chosen=asked(chosen),
        final=asked(final),
        kept=len(set(chosen) & set(final)),
    )


def _targets(made: Mapping[str, Any] | None, part: str) -> list[TargetKey]:
    return [(target["target_kind"], target["target_code"]) for target in made[part]] if made else []


def _yen(debtor_id: str, key: TargetKey, opened_on: date, arrears: int, answers: Answers) -> int | None:
    """Return what the first inquiry since the opening found, within the arrears."""
    later = sorted(answer for answer in answers.get((debtor_id, *key), ()) if answer[0] >= opened_on)
    return min(later[0][1], arrears) if later else None
