"""The present: a sample of the cases that are open on a ledger's day, as a model meets them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd

from features.answers import answers_of
from features.archive import HIT_YEN, Archive
from features.candidates import candidates_of
from features.law import open_cases, routed
from features.ledger.snapshot import Ledger
from features.matrix import Matrix, build_matrix
from features.tally import Floats
from models.ranker import Ranker, inputs_of
from models.reference import LEAST_KNOWN, Answered, Reference, Spread, psi, spread_of

QUARTERS = (91, 182, 273)
"""Days before: due dates, demands and slips follow the calendar, so a year is looked back on."""

SAMPLE = 1000
"""Cases drawn: enough to notice a shift of a third of a standard deviation, and some seconds of work."""

INSTITUTIONS = ("bank", "life_insurance", "securities", "pension")
"""Kinds whose targets are institutions with a public name; employers and payers may be persons."""


def open_matrix(archive: Archive, day: date, seed: int = 0, sample: int = SAMPLE) -> Matrix:
    """Return the matrix of a random ``sample`` of the cases open on ``day`` that no gate routes away."""
    ledger = archive.ledger
    cases = open_cases(ledger, day)[["debtor_id"]]
    cases = cases.assign(day=pd.Series(pd.Timestamp(day), cases.index, "datetime64[s]"))
    cases = cases[~routed(ledger, cases)].sort_values("debtor_id", ignore_index=True)
    chosen = np.sort(np.random.default_rng(seed).permutation(len(cases))[:sample])
    cases = cases.iloc[chosen].reset_index(drop=True)
    return build_matrix(archive, candidates_of(archive, cases))


def case_weight(matrix: Matrix) -> Floats:
    """Return the weight of each pair, (n,): those of one case add to 1."""
    counts = np.bincount(matrix.pairs.case, minlength=len(matrix.pairs.cases))
    return np.asarray(1.0 / counts[matrix.pairs.case], dtype=np.float64)


def best_probability(ranker: Ranker, matrix: Matrix) -> Floats:
    """Return the probability of each case's best target, (cases with a target,)."""
    scores = pd.Series(ranker.scores(matrix).probability)
    return np.asarray(scores.groupby(matrix.pairs.case).max(), dtype=np.float64)


def answered_by_kind(ledger: Ledger, since: date = date.min) -> dict[str, Answered]:
    """Return the answered inquiries sent after ``since`` and the hits among them, by kind in order."""
    rows = answers_of(ledger)
    rows = rows[rows["requested_on"].dt.date > since]
    yen = rows["balance"].to_numpy(dtype=float, na_value=0.0)
    hit = (rows["result"] == "1").to_numpy(dtype=bool, na_value=False) & (yen >= HIT_YEN)
    table = pd.DataFrame({"kind": rows["target_kind"].to_numpy(dtype=object), "hit": hit})
    by = table.groupby("kind", sort=True)["hit"].agg(["size", "sum"])
    return {str(kind): Answered(int(row["size"]), int(row["sum"])) for kind, row in by.iterrows()}


def institutions_of(ledger: Ledger) -> dict[str, str]:
    """Return the names of the listed institutions by ``kind|code``."""
    listed = ledger["targets"]
    listed = listed[listed["target_kind"].isin(INSTITUTIONS)].drop_duplicates(["target_kind", "target_code"])
    names = listed["name"].fillna("")
    keys = listed["target_kind"] + "|" + listed["target_code"]
    return dict(sorted(zip(keys.astype(str), names.astype(str), strict=True)))


def reference_of(archive: Archive, ranker: Ranker | None, seed: int = 0) -> Reference | None:
    """Return what the records look like on their day; None where no case is open."""
    matrix = open_matrix(archive, archive.ledger.day, seed)
    if not len(matrix.pairs):
        return None
    table, weight = inputs_of(matrix), case_weight(matrix)
    values = table.to_numpy(dtype=np.float64)
    inputs = {str(name): spread_of(values[:, place], weight) for place, name in enumerate(table.columns)}
    best = None if ranker is None else best_probability(ranker, matrix)
    return Reference(
        archive.ledger.day.isoformat(),
        len(np.unique(matrix.pairs.case)),
        inputs,
        _usual(archive, inputs, seed),
        None if best is None else spread_of(best, np.ones(len(best))),
        answered_by_kind(archive.ledger),
        institutions_of(archive.ledger),
    )


def _usual(archive: Archive, inputs: Mapping[str, Spread], seed: int) -> dict[str, float]:
    """Return how far each input was from today's spread at most, one, two and three quarters ago."""
    farthest = dict.fromkeys(inputs, 0.0)
    for days in QUARTERS:
        matrix = open_matrix(archive, archive.ledger.day - timedelta(days=days), seed, SAMPLE // 2)
        if len(matrix.pairs) == 0:
            continue
        table, weight = inputs_of(matrix), case_weight(matrix)
        for name, then in inputs.items():
            counts = then.counts(table[name].to_numpy(dtype=np.float64), weight)
            if min(counts.sum(), then.known) >= LEAST_KNOWN:
                farthest[name] = max(farthest[name], psi(then, counts))
    return {name: value for name, value in farthest.items() if value > 0.0}
