"""What the ledger holds about one case, laid out as an officer reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from features.ledger.snapshot import Ledger
from features.ledger.told import Told
from serving.office.case_rows import CaseRows
from serving.office.debts import open_debts
from serving.office.office import ArrearsLine, CaseProfile, IncomeLine, PastEvent

SOURCES = ("salary", "pension", "business", "real_estate", "dividends")

Rows = pd.DataFrame

COLUMNS = {
    "debtors": (
        *("entity", "birth_year", "household_size", "dependents", "postcode3"),
        *("moved_in_on", "mail_returned", "phone_known", "protected"),
    ),
    "debts": ("tax_item", "fiscal_year", "due_on", "demanded_on", "prescribes_on", "unpaid"),
    "incomes": ("tax_year", *SOURCES, "employer_id", "payroll_withheld", "filed"),
    "contacts": ("contacted_on", "promised_on", "promised_amount", "note"),
    "inquiries": ("target_kind", "target_code", "requested_on", "replied_on", "result", "balance"),
    "dispositions": ("kind", "target_kind", "target_code", "disposed_on", "collected", "released_on"),
    "stays": ("kind", "ground", "started_on", "ended_on"),
}
"""What a profile tells of each table."""

_DATED = {
    "debts": ("debts", "due_on"),
    "contacts": ("contacts", "contacted_on"),
    "inquiries": ("inquiries", "requested_on"),
    "replies": ("inquiries", "replied_on"),
    "dispositions": ("dispositions", "disposed_on"),
    "stays": ("stays", "started_on"),
}
"""The tables of which a profile tells the latest day: where it is kept here, and the column of the day."""


class Dossiers:
    """Profiles of cases from one ledger, each table grouped by debtor once.

    A protected case's profile has no area and no notes, wherever it is asked for.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._day = ledger.day
        self._opt_in = ledger.municipality.opt_in
        self.names = target_names(ledger["targets"])
        inquiries = ledger["inquiries"].merge(ledger["replies"], on="inquiry_id", how="left")
        frames = {
            "debtors": ledger["debtors"],
            "debts": open_debts(ledger),
            "incomes": ledger["incomes"],
            "contacts": ledger["contacts"],
            "inquiries": inquiries,
            "dispositions": ledger["dispositions"],
            "stays": ledger["stays"],
        }
        self._tables = {name: CaseRows(frame, COLUMNS[name]) for name, frame in frames.items()}
        self._asked = inquiries[["target_kind", "target_code"]].dropna().drop_duplicates()

    def profile(self, debtor_id: str, day: date | None = None) -> CaseProfile:
        """Return the profile of one debtor as of ``day`` (None: of the ledger); KeyError for an unknown one.

        Only what the debts come to depends on ``day``: in the meantime one falls due, another lapses.
        """
        rows = {table: shelf.of(debtor_id) for table, shelf in self._tables.items()}
        if not rows["debtors"]:
            raise KeyError("no such debtor")
        row, seen = rows["debtors"][0], day or self._day
        restricted = bool(row.protected)
        arrears, prescribed = _arrears(rows["debts"], seen)
        age, household, area = (name in self._opt_in for name in ("age", "household", "area"))
        return CaseProfile(
            debtor_id=debtor_id,
            day=seen,
            entity=_text(row.entity),
            birth_year=row.birth_year if age else None,
            household_size=row.household_size if household else None,
            dependents=row.dependents if household else None,
            area=_text(row.postcode3) or None if area and not restricted else None,
            moved_in_on=None if restricted else row.moved_in_on,
            mail_returned=_flag(row.mail_returned),
            phone_known=_flag(row.phone_known),
            restricted=restricted,
            arrears=arrears,
            prescribed=prescribed,
            incomes=self._incomes(rows["incomes"]),
            history=self._history(rows, restricted),
            opt_in=self._opt_in,
            newest=_newest(rows),
        )

    @cached_property
    def named_anywhere(self) -> frozenset[tuple[str, str]]:
        """Return kind and code of every target that is listed or was ever asked."""
        return frozenset(self.names) | frozenset(
            (str(kind), str(code)) for kind, code in self._asked.itertuples(index=False, name=None)
        )

    def not_yet_recorded(self, told: Sequence[Told]) -> tuple[Told, ...]:
        """Return what the ledger does not hold by now.

        A reply: no answer of that target since it was asked; what still waits: no inquiry of it since.
        """
        return tuple(each for each in told if not self._recorded(each))

    def answered_on(self, debtor_id: str, target: tuple[str, str], since: date) -> date | None:
        """Return the day of the last answer to an inquiry sent on ``since`` or later, None without any."""
        days = [
            row.replied_on
            for row in self._tables["inquiries"].of(debtor_id)
            if (row.target_kind, row.target_code) == target and row.requested_on >= since and row.replied_on
        ]
        return max(days, default=None)

    def _recorded(self, told: Told) -> bool:
        target = (told.target_kind, told.target_code)
        if told.replied_on is not None:
            return self.answered_on(told.debtor_id, target, told.requested_on) is not None
        return any(
            (row.target_kind, row.target_code) == target and row.requested_on >= told.requested_on
            for row in self._tables["inquiries"].of(told.debtor_id)
        )

    def _incomes(self, slips: list[Any]) -> tuple[IncomeLine, ...]:
        years = {row.tax_year: row for row in slips}
        return tuple(
            IncomeLine(
                tax_year=year,
                sources=tuple((name, yen) for name in SOURCES if (yen := getattr(row, name))),
                employer=self.named("employer", _text(row.employer_id)),
                payroll_withheld=bool(row.payroll_withheld),
                filed=bool(row.filed),
            )
            for year, row in sorted(years.items(), key=lambda pair: pair[0] or 0, reverse=True)
            if year is not None
        )

    def named(self, kind: str, code: str) -> str:
        """Return a target's name, its code where the ledger has no name."""
        return self.names.get((kind, code), code)

    def _history(self, rows: Mapping[str, list[Any]], restricted: bool) -> tuple[PastEvent, ...]:
        events = [
            *(_contact(row, restricted) for row in rows["contacts"]),
            *(self._inquiry(row) for row in rows["inquiries"]),
            *(self._disposition(row) for row in rows["dispositions"]),
            *(_stay(row) for row in rows["stays"]),
        ]
        return tuple(sorted(events, key=lambda event: (event.day, event.kind, event.subject), reverse=True))

    def _inquiry(self, row: Any) -> PastEvent:  # noqa: ANN401 - a named tuple of pandas
        outcome = {"1": "found", "2": "none"}.get(_text(row.result), "waiting")
        subject = f"{row.target_kind}|{self.named(row.target_kind, _text(row.target_code))}"
        return PastEvent(
            row.requested_on,
            "inquiry",
            subject,
            outcome,
            row.balance,
            ended_on=row.replied_on,
            target_kind=_text(row.target_kind),
            target_code=_text(row.target_code),
        )

    def _disposition(self, row: Any) -> PastEvent:  # noqa: ANN401
        subject = f"{_text(row.target_kind)}|{self.named(_text(row.target_kind), _text(row.target_code))}"
        return PastEvent(
            row.disposed_on,
            "disposition",
            subject,
            _text(row.kind),
            row.collected,
            ended_on=row.released_on,
            target_kind=_text(row.target_kind),
            target_code=_text(row.target_code),
        )


def target_names(targets: Rows) -> dict[tuple[str, str], str]:
    """Return the name of each listed target by kind and code."""
    return {
        (str(kind), str(code)): str(name)
        for kind, code, name in zip(
            targets["target_kind"], targets["target_code"], targets["name"].fillna(""), strict=True
        )
        if name
    }


def _newest(rows: Mapping[str, list[Any]]) -> dict[str, date]:
    """Return the day of the latest record by table; tables without one are left out."""
    found = {}
    for table, (shelf, column) in _DATED.items():
        days = [day for row in rows[shelf] if (day := getattr(row, column))]
        if days:
            found[table] = max(days)
    years = [year for row in rows["incomes"] if (year := row.tax_year)]
    return found | ({"incomes": date(max(years), 6, 1)} if years else {})


def _arrears(debts: list[Any], day: date) -> tuple[tuple[ArrearsLine, ...], tuple[ArrearsLine, ...]]:
    """Return the overdue debts that can be pursued on ``day``, and those barred by prescription."""
    due = [debt for debt in debts if debt.due_on is not None and debt.due_on <= day]
    lapsed = [debt.prescribes_on is not None and debt.prescribes_on <= day for debt in due]
    left = [debt for debt, barred in zip(due, lapsed, strict=True) if not barred]
    return _arrears_lines(left), _arrears_lines([d for d, barred in zip(due, lapsed, strict=True) if barred])


def _arrears_lines(debts: list[Any]) -> tuple[ArrearsLine, ...]:
    groups: dict[tuple[str, int | None], list[Any]] = {}
    for debt in debts:
        groups.setdefault((debt.tax_item, debt.fiscal_year), []).append(debt)
    lines = [_arrears_line(item, year, same) for (item, year), same in groups.items()]
    return tuple(sorted(lines, key=lambda line: (line.tax_item, line.fiscal_year or 0)))


def _arrears_line(item: str, year: int | None, debts: list[Any]) -> ArrearsLine:
    dues = [day for debt in debts if (day := debt.due_on)]
    ends = [day for debt in debts if (day := debt.prescribes_on)]
    return ArrearsLine(
        tax_item=item,
        fiscal_year=year,
        debts=len(debts),
        unpaid=sum(debt.unpaid or 0 for debt in debts),
        oldest_due=min(dues, default=None),
        demanded=all(debt.demanded_on is not None for debt in debts),
        prescribes_on=min(ends, default=None),
    )


def _contact(row: Any, restricted: bool) -> PastEvent:  # noqa: ANN401
    note = "" if restricted else _text(row.note)
    outcome = "promised" if row.promised_on else ""
    return PastEvent(
        row.contacted_on,
        "contact",
        "",
        outcome,
        row.promised_amount,
        note,
        row.promised_on,
    )


def _stay(row: Any) -> PastEvent:  # noqa: ANN401
    return PastEvent(row.started_on, "stay", _text(row.kind), _text(row.ground), ended_on=row.ended_on)


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _text(value: str | None) -> str:
    return value or ""
