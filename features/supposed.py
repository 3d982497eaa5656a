"""Supposed: an archive of one case as if one more contact stood in its log today. Nothing is written.

A note in the log says little against a slip, for notes are often wrong. What is *supposed* holds: whoever is
supposed to have left an employer is not paid by it any more, whatever the latest slip names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import pandas as pd

from features.archive import Archive
from features.ledger.snapshot import Ledger, typed_frame
from features.ledger.tables import TABLES
from features.lexicon import lexicon_of
from features.mentions import MentionFinder
from features.pointers import SOURCES
from features.revision import Pointed, Revision, cases_on
from features.tally import Ints

EMPLOYER = "employer"


@dataclass(frozen=True)
class Supposition:
    """What the debtor is supposed to have said of a target.

    ``manner`` is one of ``features.mentions.MANNERS``: denied (left, closed), works_at, pays_from and so on.
    """

    manner: str
    target_kind: str
    target_code: str


class Supposed(Revision):
    """The archive ``before`` for one debtor, with a contact of its day in which all of ``said`` was said.

    ``note`` is the contact's wording; what it names is not read here (``read_note`` does). An employer that
    is ``denied`` has been left: the latest slip names it no longer and nobody says to work there. It stays as
    a former employer by the slips of before, or where there are none by the last. ValueError where a target
    is named that no record and no list of the office names.
    """

    def __init__(self, before: Archive, debtor_id: str, said: Sequence[Supposition], note: str = "") -> None:
        cases = cases_on(before, [debtor_id])
        left = {each.target_code for each in said if (each.manner, each.target_kind) == ("denied", EMPLOYER)}
        ledger = _without_jobs(_with_contact(before.about(cases), debtor_id, note), left)
        day = before.ledger.day
        added = [Pointed(each.manner, debtor_id, each.target_kind, each.target_code, day) for each in said]
        super().__init__(before, ledger, cases["debtor_id"], added)
        codes = pd.Series(sorted(left), dtype="str")
        target = self.roll.target_numbers(pd.Series(EMPLOYER, codes.index, dtype="str"), codes)
        debtor = self.roll.debtor_numbers(pd.Series(debtor_id, codes.index, dtype="str"))
        self.__dict__["left"] = self.roll.pair_key(debtor, target)
        self.__dict__["pointers"] = _without_last_slip(self.pointers, target)


def _without_jobs(ledger: Ledger, left: set[str]) -> Ledger:
    """Return the records of one debtor without the employers of ``left`` on the latest slip."""
    incomes = ledger["incomes"]
    gone = (incomes["tax_year"] == incomes["tax_year"].max()) & incomes["employer_id"].isin(left)
    kept = incomes.assign(
        employer_id=incomes["employer_id"].mask(gone),
        payroll_withheld=incomes["payroll_withheld"].mask(gone, 0),
    )
    return replace(ledger, frames=MappingProxyType(dict(ledger.frames) | {"incomes": kept}))


def _without_last_slip(pointers: pd.DataFrame, left: Ints) -> pd.DataFrame:
    """Return one debtor's pointers without the last slip of each target of ``left``, if it has others.

    Nor with what was said of working there.
    """
    slip, works = (list(SOURCES).index(name) for name in ("slip", "works_at"))
    here = pointers["target"].isin(left)
    slips = pointers[here & (pointers["source"] == slip)]
    days = slips.groupby("target")["day"].agg(["min", "max"]).reindex(slips["target"])
    last = (slips["day"].to_numpy() == days["max"].to_numpy()) & (days["min"] < days["max"]).to_numpy()
    said = pointers.index[here & (pointers["source"] == works)]
    return pointers.drop(index=[*slips.index[last], *said]).reset_index(drop=True)


def read_note(ledger: Ledger, note: str) -> tuple[Supposition, ...]:
    """Return what a note says of targets, as the log of contacts is read."""
    found = MentionFinder(lexicon_of(ledger)).find(note)
    return tuple(Supposition(manner, kind, code) for (kind, code), (manner, _) in found.items())


def _with_contact(ledger: Ledger, debtor_id: str, note: str) -> Ledger:
    row = {
        "contact_id": "supposed",
        "debtor_id": debtor_id,
        "contacted_on": pd.Timestamp(ledger.day),
        "note": note or None,
    }
    added = typed_frame(TABLES["contacts"], pd.DataFrame([row]))
    contacts = pd.concat([ledger["contacts"], added], ignore_index=True)
    return replace(ledger, frames=MappingProxyType(dict(ledger.frames) | {"contacts": contacts}))
