"""What the desk needs from the office behind it: its cases, what is advised, what is on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import pandas as pd

from features.ledger.told import Told
from features.supposed import Supposition
from models.advice import CaseAdvice
from models.slots import Slots
from serving.office.correspondence import Correspondence
from serving.office.oversight import Oversight
from serving.office.results import Results


@dataclass(frozen=True)
class Versions:
    """Which model spoke about which records."""

    model: str
    data: str


@dataclass(frozen=True)
class CaseLine:
    """One case on the worklist. Yen are integers; ``minutes`` (None: not estimated) are officer minutes.

    ``staff_id`` is proposed, ``held_by`` has the case in hand ("" nobody). ``unsent``: debts whose 督促 was
    not sent in time and is not yet; ``late``: one was sent late or not yet. ``promise``: due, broken or "".
    ``hardship``: probability of "no property, in hardship" (None: nothing is known of it). ``lapses_on``: the
    day by which all that can be pursued lapses (None: some of it never does). ``paid_up``: no principal is
    left, due or not. ``expected_yen`` and ``probability`` are None where they are withheld.
    """

    debtor_id: str
    arrears: int
    expected_yen: int | None
    top_kind: str
    top_name: str
    probability: float | None
    minutes: float | None
    restricted: bool
    routed: bool
    gates: tuple[str, ...]
    next_prescription: date | None
    staff_id: str
    held_by: str = ""
    unsent: int = 0
    late: bool = False
    promise: str = ""
    promised_on: date | None = None
    hardship: float | None = None
    lapses_on: date | None = None
    paid_up: bool = False

    @property
    def worth(self) -> float:
        """Return the yen expected per minute (a case without an estimate counts 30 minutes)."""
        return (self.expected_yen or 0) / max(self.minutes if self.minutes is not None else 30.0, 1.0)


@dataclass(frozen=True)
class ArrearsLine:
    """Unpaid principal of the overdue debts of one tax item and year."""

    tax_item: str
    fiscal_year: int | None
    debts: int
    unpaid: int
    oldest_due: date | None
    demanded: bool
    prescribes_on: date | None


@dataclass(frozen=True)
class IncomeLine:
    """Income of one tax year, in yen, by source; a zero is not listed."""

    tax_year: int
    sources: tuple[tuple[str, int], ...]
    employer: str
    payroll_withheld: bool
    filed: bool


@dataclass(frozen=True)
class PastEvent:
    """One record of the case's history; ``kind`` is contact, inquiry, disposition or stay.

    ``subject`` is the name of what it is about; an inquiry and a disposition name their target besides.
    """

    day: date
    kind: str
    subject: str
    outcome: str
    yen: int | None = None
    note: str = ""
    ended_on: date | None = None
    target_kind: str = ""
    target_code: str = ""


@dataclass(frozen=True)
class CaseProfile:
    """What is on record about one case on ``day``. A restricted case has no area and no notes.

    ``arrears`` are what can be pursued and add up to the advice's; ``prescribed`` are barred by prescription.
    What the municipality did not opt in to (``opt_in``: age, household, area) is None. ``newest``: the day of
    the latest record of the case by table of the contract (a tax slip's: 1 June of its year).
    """

    debtor_id: str
    day: date
    entity: str
    birth_year: int | None
    household_size: int | None
    dependents: int | None
    area: str | None
    moved_in_on: date | None
    mail_returned: bool | None
    phone_known: bool | None
    restricted: bool
    arrears: tuple[ArrearsLine, ...]
    prescribed: tuple[ArrearsLine, ...]
    incomes: tuple[IncomeLine, ...]
    history: tuple[PastEvent, ...]
    opt_in: frozenset[str]
    newest: Mapping[str, date]


@dataclass(frozen=True)
class Proposal:
    """Who is proposed to take a case and why (a row of ``tegakari match``).

    ``english``: the reasons in English ("": there are none, and the Japanese ones are shown).
    """

    debtor_id: str
    staff_id: str
    expected_minutes: float
    difficulty_level: int
    required_level: int
    reasons: str
    english: str = ""


class Office(Protocol):
    """The records and the models of one municipality on one day; reading it changes nothing."""

    @property
    def name(self) -> str:
        """The municipality's name."""

    @property
    def day(self) -> date:
        """The day the records were exported."""

    @property
    def versions(self) -> Versions:
        """Which model and which records stand behind the advice."""

    @property
    def protected_ids(self) -> frozenset[str]:
        """Every open case with support measures."""

    @property
    def case_ids(self) -> Sequence[str]:
        """Every open case, in ascending order."""

    def is_open(self, debtor_id: str) -> bool:
        """Return whether there is an open case of that number."""

    def lines(self, debtor_ids: Sequence[str]) -> list[CaseLine]:
        """Return the worklist lines of the given open cases."""

    def advise(self, debtor_id: str, told: Sequence[Told] = (), slots: Slots | None = None) -> CaseAdvice:
        """Return the advice for one open case; KeyError for any other.

        ``told``: replies that came in since the export; ``slots``: a share of the targets is drawn.
        """

    def expect(self, debtor_ids: Sequence[str], slots: Slots | None = None) -> None:
        """Prepare the advice for cases that are likely to be asked for next; returns at once."""

    def suppose(
        self, debtor_id: str, said: Sequence[Supposition], note: str = "", told: Sequence[Told] = ()
    ) -> CaseAdvice:
        """Return the advice if ``said`` and what ``note`` says stood in the case's log; nothing is kept."""

    def read_in(self, note: str) -> tuple[tuple[str, str], ...]:
        """Return kind and code of every target of which a note says something, as the log is read."""

    def advise_by(
        self, model_version: str, debtor_id: str, told: Sequence[Told] = (), slots: Slots | None = None
    ) -> CaseAdvice | None:
        """Return what a version of the model advises, computed anew; None where it is not at hand."""

    def knows(self, target_kind: str, target_code: str) -> bool:
        """Return whether a record or a list of the office names the target."""

    def answered_on(self, debtor_id: str, target: tuple[str, str], since: date) -> date | None:
        """Return the day of the last answer on record to an inquiry sent on ``since`` or later.

        ``target``: kind and code. None where the records hold no such answer.
        """

    def profile(self, debtor_id: str, day: date | None = None) -> CaseProfile:
        """Return what is on record about one open case as of ``day`` (None: of the export).

        KeyError for any other case.
        """

    def proposal(self, debtor_id: str) -> Proposal | None:
        """Return who is proposed for a case, None when nobody is."""

    def assignments(self) -> pd.DataFrame:
        """Return one row per matched case: the columns of ``tegakari match``, and english."""

    @property
    def oversight(self) -> Oversight:
        """The records as a supervisor reads them."""

    @property
    def results(self) -> Results:
        """The answered inquiries on record."""

    @property
    def correspondence(self) -> Correspondence:
        """The records as far as a letter needs them."""

    def directory(self) -> Mapping[tuple[str, str], str]:
        """Return the name of every known target by (target_kind, target_code)."""

    @property
    def names_by_kind(self) -> Mapping[str, tuple[str, ...]]:
        """The names of the known targets of each kind, sorted, each once."""

    def selecting_minutes(self) -> Sequence[float]:
        """Return the minutes that choosing targets took in the office's own finished cases."""
