"""Proposal: a ledger's cases, forecast and matched as of its day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.law import restricted
from features.ledger.snapshot import Ledger
from features.officers import finished_work, officers_on
from features.profile import PROFILE_FEATURES, build_profiles
from models.criteria import EARLIER_WORK, shares_of, told_shares, told_shares_in_english
from models.difficulty import INPUTS, Difficulty
from models.matching import Matching, match
from models.proficiency import case_kinds
from models.recurrence import known_before
from models.restriction import of_address
from models.run import present_officers, run_of
from models.terms import Terms

Numbers = npt.NDArray[np.float64]

_LABELS = {feature.name: feature.label for feature in PROFILE_FEATURES}


def propose(
    ledger: Ledger, debtor_ids: list[str], difficulty: Difficulty, terms: Terms | None = None
) -> Matching:
    """Return who should take which of ``debtor_ids`` as of the ledger's day.

    The ledger's exclusions, open assignments and load are added to ``terms``. ValueError as of ``match``.
    """
    return match(
        forecast(ledger, debtor_ids, difficulty),
        officers_on(ledger),
        difficulty.speeds,
        with_ledger(terms or Terms(), ledger, debtor_ids),
    )


def takers(ledger: Ledger, debtor_ids: list[str], difficulty: Difficulty) -> dict[str, list[str]]:
    """Return by debtor_id who may take the case, the least minutes first; nobody's minutes are told."""
    cases, terms = forecast(ledger, debtor_ids, difficulty), with_ledger(Terms(), ledger, debtor_ids)
    run = run_of(cases, present_officers(officers_on(ledger)), difficulty.speeds, terms)
    costs = run.cases["minutes"].to_numpy(np.float64)[:, None] * run.ratios + run.extra
    names = run.officers["staff_id"].to_numpy()
    return {
        str(debtor): [
            str(names[place]) for place in np.argsort(row, kind="stable") if np.isfinite(row[place])
        ]
        for debtor, row in zip(run.cases["debtor_id"], costs, strict=True)
    }


def forecast(ledger: Ledger, debtor_ids: list[str], difficulty: Difficulty) -> pd.DataFrame:
    """Return the cases as ``match`` reads them: minutes, interval, level, kind, what moves the minutes.

    Of a protected debtor neither the area nor what speaks of it is passed on: an officer with an area would
    tell where somebody lives.
    """
    day = pd.Timestamp(ledger.day)
    cases = pd.DataFrame({"debtor_id": pd.Series(debtor_ids, dtype="str")})
    cases["day"] = pd.Series(day, index=cases.index, dtype="datetime64[s]")
    profiles = build_profiles(ledger, cases)
    before = earlier_work(ledger, cases["debtor_id"], difficulty)
    shares = shares_of(difficulty.contributions(profiles)[list(INPUTS)], _LABELS)
    shares = shares.assign(**{EARLIER_WORK: before})
    hidden = restricted(ledger, cases)
    shares = shares.mask(np.outer(hidden, [of_address(label) for label in shares.columns]), 0.0)
    area = ledger["debtors"].drop_duplicates("debtor_id").set_index("debtor_id")["postcode3"]
    return difficulty.predict(profiles, before).assign(
        debtor_id=cases["debtor_id"],
        kind=case_kinds(profiles),
        shares=pd.Series(told_shares(shares), index=cases.index, dtype="str"),
        english_shares=pd.Series(told_shares_in_english(shares), index=cases.index, dtype="str"),
        postcode3=cases["debtor_id"].map(area).mask(hidden.to_numpy()),
    )


def earlier_work(ledger: Ledger, debtors: pd.Series, difficulty: Difficulty) -> Numbers:
    """Return per debtor the log minutes that ended work on the same debtor adds to the forecast."""
    work = finished_work(ledger)
    known = work["handling_minutes"].notna() & work["debtor_id"].isin(debtors)
    work = work[known & work["debtor_id"].isin(ledger["debtors"]["debtor_id"])].reset_index(drop=True)
    if work.empty or difficulty.recurring == 0:
        return np.zeros(len(debtors))
    profiles = build_profiles(ledger, work[["debtor_id", "day"]])
    expected = difficulty.predict(profiles)
    pace = difficulty.speeds.log_ratio(
        work["staff_id"], work["months_in_post"], case_kinds(profiles), expected["hardness"].to_numpy()
    )
    rest = np.log(np.maximum(work["handling_minutes"].to_numpy(np.float64), 1.0))
    rest = rest - np.log(expected["minutes"].to_numpy()) - pace
    known_rest = known_before(rest, work["debtor_id"], difficulty.recurring)
    return debtors.map(known_rest).fillna(0.0).to_numpy(dtype=np.float64)


def with_ledger(terms: Terms, ledger: Ledger, debtor_ids: list[str]) -> Terms:
    """Return ``terms`` with what the ledger knows: exclusions, who holds whom, and the load besides."""
    listed = ledger["exclusions"][["debtor_id", "staff_id"]]
    barred = listed if terms.exclusions is None else pd.concat([listed, terms.exclusions], ignore_index=True)
    return replace(
        terms,
        exclusions=barred.drop_duplicates(),
        held=holders(ledger) if terms.held is None else terms.held,
        load=load_besides(ledger, debtor_ids) if terms.load is None else terms.load,
    )


def holders(ledger: Ledger) -> pd.Series:
    """Return the officer (staff_id) who holds each debtor's open assignment, by debtor_id; latest start."""
    work = ledger["assignments"]
    held = work[work["ended_on"].isna()].sort_values(["started_on", "assignment_id"], kind="stable")
    return held.drop_duplicates("debtor_id", keep="last").set_index("debtor_id")["staff_id"]


def load_besides(ledger: Ledger, debtor_ids: list[str]) -> pd.Series:
    """Return by staff_id how many debtors they hold that are not among ``debtor_ids``."""
    held = holders(ledger)
    return held[~held.index.isin(debtor_ids)].value_counts()
