"""The ledger: every table of a municipality, frozen, and what of it was known on a day."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

import pandas as pd

from features.ledger.tables import DTYPES, TABLES, Table


@dataclass(frozen=True)
class Municipality:
    """Who handed the records over. ``opt_in`` is a subset of age, household, area."""

    code: str
    name: str
    as_of: date
    opt_in: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """Return name and code as a sentence names them.

        >>> Municipality("131202", "練馬区", date(2026, 4, 1)).place
        '練馬区(131202)'
        """
        return f"{self.name}({self.code})"


@dataclass(frozen=True)
class Ledger:
    """Every table of the contract as a frame (absent tables are empty), as known on ``day``.

    Columns and dtypes are those of ``features.ledger.tables``; days are ``datetime64[s]``, yen and
    counts ``Int64``, codes and identifiers ``str``. Frames are shared, never written to.
    """

    municipality: Municipality
    frames: Mapping[str, pd.DataFrame] = field(repr=False)
    day: date

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return the frame of ``table``; KeyError when the contract has no such table."""
        return self.frames[table]

    def as_of(self, day: date) -> Ledger:
        """Return the ledger as it was known at the end of ``day``; later facts are gone.

        ``as_of(d)`` of ``as_of(e)`` is ``as_of(min(d, e))``. Debtor columns without a day are constant.
        """
        if day >= self.day:
            return self
        exported = self.municipality.as_of
        frames = {name: _known(TABLES[name], frame, day, exported) for name, frame in self.frames.items()}
        return replace(self, frames=MappingProxyType(frames), day=day)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) over every table's content: the same records, the same fingerprint."""
        digest = hashlib.sha256(f"{self.municipality.code}|{self.day}".encode())
        for name in sorted(self.frames):
            digest.update(name.encode())
            digest.update(pd.util.hash_pandas_object(self.frames[name], index=False).to_numpy().tobytes())
        return digest.hexdigest()


def ledger_of(municipality: Municipality, frames: Mapping[str, pd.DataFrame]) -> Ledger:
    """Build a ledger from frames: columns ordered and typed by the contract, absent ones empty."""
    typed = {name: typed_frame(table, frames.get(name)) for name, table in TABLES.items()}
    return Ledger(municipality, MappingProxyType(typed), date.max).as_of(municipality.as_of)


def typed_frame(table: Table, frame: pd.DataFrame | None) -> pd.DataFrame:
    """Return ``frame`` with exactly the table's columns and dtypes (missing columns are all empty)."""
    rows = 0 if frame is None else len(frame)
    columns = {}
    for column in table.columns:
        if frame is not None and column.name in frame.columns:
            columns[column.name] = frame[column.name].astype(DTYPES[column.kind]).reset_index(drop=True)
        else:
            columns[column.name] = pd.Series([None] * rows, dtype=DTYPES[column.kind])
    return pd.DataFrame(columns)


def known_days(table: Table, frame: pd.DataFrame) -> pd.Series | None:
    """Return the day each row became known, or None where the table is always known.

    Incomes of tax year y are known from 1 June of y (the contract's definition).
    """
    if table.name == "incomes":
        return pd.to_datetime(frame["tax_year"].astype("str") + "-06-01").astype("datetime64[s]")
    return frame[table.known_on] if table.known_on else None


def _known(table: Table, frame: pd.DataFrame, day: date, exported: date) -> pd.DataFrame:
    edge = pd.Timestamp(day)
    days = known_days(table, frame)
    known = frame if days is None else frame[~(days > edge)].reset_index(drop=True)
    for day_column, hidden_columns in table.hides.items():
        later = known[day_column] > edge
        if table.name == "assignments" and day < exported:
            later |= known[day_column].isna()  # the minutes of open work were counted on the export day
        for column in hidden_columns:
            known = known.assign(**{column: known[column].mask(later)})
    return known
