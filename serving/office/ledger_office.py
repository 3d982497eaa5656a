"""The real office: a ledger, the champion bundle's advice about it, and the matching."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Protocol

import pandas as pd

from features.law import restricted
from features.ledger.snapshot import Ledger
from features.ledger.told import Told
from features.supposed import Supposition, read_note
from models.advice import CaseAdvice
from models.difficulty import Difficulty
from models.slots import Slots
from serving.office.advice_shelf import AdviceShelf
from serving.office.correspondence import Correspondence
from serving.office.debts import open_debts
from serving.office.dossier import Dossiers
from serving.office.office import CaseLine, CaseProfile, Proposal, Versions
from serving.office.outlook import Outlook
from serving.office.oversight import Oversight
from serving.office.promises import Promise, standing_promises
from serving.office.reminders import LateReminder
from serving.office.results import Results


class Advising(Protocol):
    """The part of a counsel that the office uses."""

    def advise(
        self, debtor_ids: Sequence[str], top: int = 10, slots: Slots | None = None
    ) -> list[CaseAdvice]:
        """Return the advice for the given cases, in their order."""

    def follow_up(
        self, debtor_id: str, told: Sequence[Told], top: int = 10, slots: Slots | None = None
    ) -> CaseAdvice:
        """Return the advice for one case to which replies came in since the export."""

    def what_if(
        self,
        debtor_id: str,
        said: Sequence[Supposition],
        *,
        note: str = "",
        told: Sequence[Told] = (),
        top: int = 10,
    ) -> CaseAdvice:
        """Return the advice for one case as if something else stood in its log."""

    def outlook(self, debtor_ids: Sequence[str], top: int = 10) -> list[Outlook]:
        """Return the outlook of the given cases, in their order."""


class LedgerOffice:
    """An office over one ledger.

    ``matching`` has the columns of ``tegakari match`` and perhaps english, the reasons in it.
    Advice is computed when a case is asked for or expected, and kept for the ``cached`` latest cases.
    ``kept`` returns the adviser of a model that no longer serves, None where it is not at hand.
    """

    def __init__(
        self,
        ledger: Ledger,
        adviser: Advising,
        matching: pd.DataFrame,
        versions: Versions,
        *,
        top: int = 10,
        cached: int = 1024,
        difficulty: Difficulty | None = None,
        kept: Callable[[str], Advising | None] | None = None,
    ) -> None:
        self.ledger = ledger
        self.oversight = Oversight(ledger, difficulty)
        self.results = Results(ledger)
        self.correspondence = Correspondence(ledger)
        self._adviser = adviser
        self._kept = kept
        self._matching = matching if "english" in matching else matching.assign(english="")
        self._top = top
        self.versions = versions
        self.name = ledger.municipality.name
        self.day: date = ledger.day
        self._shelf = AdviceShelf(adviser, top, cached)
        self._followed = lru_cache(maxsize=cached)(self._follow)

    @cached_property
    def case_ids(self) -> tuple[str, ...]:
        """Every debtor with an open debt, in ascending order."""
        return tuple(sorted(set(open_debts(self.ledger)["debtor_id"])))

    @cached_property
    def protected_ids(self) -> frozenset[str]:
        """Every open case with support measures."""
        ids = pd.Series(self.case_ids, dtype="str")
        cases = pd.DataFrame({"debtor_id": ids, "day": pd.Timestamp(self.day)})
        return frozenset(ids[restricted(self.ledger, cases).to_numpy(dtype=bool)])

    def is_open(self, debtor_id: str) -> bool:
        """Return whether there is an open case of that number."""
        return debtor_id in self._known

    def lines(self, debtor_ids: Sequence[str]) -> list[CaseLine]:
        """Return the worklist lines of the given open cases."""
        return [self._line(each) for each in self._adviser.outlook(list(debtor_ids), self._top)]

    def advise(self, debtor_id: str, told: Sequence[Told] = (), slots: Slots | None = None) -> CaseAdvice:
        """Return the advice for one open case; KeyError for any other.

        What is ``told`` but stands in the ledger by now is passed over.
        """
        self._require(debtor_id)
        left = self._dossiers.not_yet_recorded(told)
        return self._followed(debtor_id, left, slots) if left else self._shelf.advice(debtor_id, slots)

    def expect(self, debtor_ids: Sequence[str], slots: Slots | None = None) -> None:
        """Prepare the advice for cases that are likely to be asked for next, in the background."""
        self._shelf.expect([each for each in debtor_ids if each in self._known], slots)

    def suppose(
        self, debtor_id: str, said: Sequence[Supposition], note: str = "", told: Sequence[Told] = ()
    ) -> CaseAdvice:
        """Return the advice if ``said`` and what ``note`` says stood in the log.

        KeyError for any case that is not open.
        """
        self._require(debtor_id)
        left = self._dossiers.not_yet_recorded(told)
        return self._adviser.what_if(debtor_id, said, note=note, told=left, top=self._top)

    def read_in(self, note: str) -> tuple[tuple[str, str], ...]:
        """Return kind and code of every target of which a note says something, as the log is read."""
        return tuple((each.target_kind, each.target_code) for each in read_note(self.ledger, note))

    def advise_by(
        self, model_version: str, debtor_id: str, told: Sequence[Told] = (), slots: Slots | None = None
    ) -> CaseAdvice | None:
        """Return what a version of the model advises, computed anew; None where it is not at hand."""
        self._require(debtor_id)
        adviser = self._adviser if model_version == self.versions.model else None
        if adviser is None and self._kept is not None:
            adviser = self._kept(model_version)
        if adviser is None:
            return None
        return self._advised(adviser, debtor_id, self._dossiers.not_yet_recorded(told), slots)

    def knows(self, target_kind: str, target_code: str) -> bool:
        """Return whether a record or a list of the office names the target."""
        return (target_kind, target_code) in self._dossiers.named_anywhere

    def answered_on(self, debtor_id: str, target: tuple[str, str], since: date) -> date | None:
        """Return the day of the last answer on record to an inquiry sent on ``since`` or later."""
        return self._dossiers.answered_on(debtor_id, target, since)

    def profile(self, debtor_id: str, day: date | None = None) -> CaseProfile:
        """Return what is on record about one open case as of ``day`` (None: of the export).

        KeyError for any other case.
        """
        self._require(debtor_id)
        return self._dossiers.profile(debtor_id, day)

    def proposal(self, debtor_id: str) -> Proposal | None:
        """Return who is proposed for a case, None when nobody is."""
        return self._proposals.get(debtor_id)

    def assignments(self) -> pd.DataFrame:
        """Return the matching."""
        return self._matching

    def directory(self) -> Mapping[tuple[str, str], str]:
        """Return the name of every known target by (target_kind, target_code)."""
        return self._dossiers.names

    @cached_property
    def names_by_kind(self) -> Mapping[str, tuple[str, ...]]:
        """The names of the known targets of each kind, sorted, each once."""
        found: dict[str, set[str]] = {}
        for (kind, _), name in self.directory().items():
            found.setdefault(kind, set()).add(name)
        return {kind: tuple(sorted(names)) for kind, names in found.items()}

    def selecting_minutes(self) -> tuple[float, ...]:
        """Return the minutes of choosing in the office's finished assignments."""
        done = self.ledger["assignments"]
        return tuple(done.loc[done["ended_on"].notna(), "selecting_minutes"].dropna().astype(float))

    @cached_property
    def _dossiers(self) -> Dossiers:
        return Dossiers(self.ledger)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.case_ids)

    @cached_property
    def _proposals(self) -> dict[str, Proposal]:
        return {str(row.debtor_id): _proposal(row) for row in self._matching.itertuples(index=False)}

    @cached_property
    def _prescriptions(self) -> dict[str, date]:
        debts = open_debts(self.ledger)
        ahead = debts[debts["prescribes_on"] > pd.Timestamp(self.day)]  # what has lapsed is not "next"
        first = ahead.groupby("debtor_id")["prescribes_on"].min().dropna()
        return {str(debtor): pd.Timestamp(day).date() for debtor, day in first.items()}

    @cached_property
    def _holders(self) -> dict[str, str]:
        return {str(debtor): str(staff) for debtor, staff in self.oversight.held.items()}

    @cached_property
    def _late(self) -> dict[str, LateReminder]:
        return {each.debtor_id: each for each in self.oversight.late_reminders}

    @cached_property
    def _promises(self) -> dict[str, Promise]:
        return standing_promises(self.ledger)

    def _require(self, debtor_id: str) -> None:
        if debtor_id not in self._known:
            raise KeyError("no such open case")

    def _follow(self, debtor_id: str, told: tuple[Told, ...], slots: Slots | None) -> CaseAdvice:
        return self._advised(self._adviser, debtor_id, told, slots)

    def _advised(
        self, adviser: Advising, debtor_id: str, told: tuple[Told, ...], slots: Slots | None
    ) -> CaseAdvice:
        if not told:
            return adviser.advise([debtor_id], self._top, slots)[0]
        again = adviser.follow_up(debtor_id, told, self._top, slots)
        return replace(again, data_version=self.versions.data)

    def _line(self, outlook: Outlook) -> CaseLine:
        proposal = self.proposal(outlook.debtor_id)
        late, promise = self._late.get(outlook.debtor_id), self._promises.get(outlook.debtor_id)
        return CaseLine(
            **asdict(outlook),
            minutes=proposal.expected_minutes if proposal else None,
            next_prescription=self._prescriptions.get(outlook.debtor_id),
            staff_id=proposal.staff_id if proposal else "",
            held_by=self._holders.get(outlook.debtor_id, ""),
            unsent=late.unsent if late else 0,
            late=late is not None,
            promise=promise.standing if promise else "",
            promised_on=promise.day if promise else None,
            lapses_on=self.correspondence.lapses.last_day.get(outlook.debtor_id),
            paid_up=outlook.debtor_id in self.correspondence.paid_up,
        )


def _proposal(row: Any) -> Proposal:  # noqa: ANN401 - a named tuple of pandas
    return Proposal(
        str(row.debtor_id),
        str(row.staff_id),
        float(row.expected_minutes),
        int(row.difficulty_level),
        int(row.required_level),
        str(row.reasons),
        str(row.english),
    )
