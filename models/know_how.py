"""The officers' know-how as a ranker: the bar to beat, the fallback of a cold start, and features.

A candidate's score is its kind's base, shifted by what the office has seen, plus the weights of the rules
that fire: additive, in log-odds. The rules stand in ``know_how.toml`` and are the officers' to edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from features.ledger.snapshot import Ledger
from models.rules import ANY_KIND, CANDIDATE_COLUMNS, KindDefault, OfficerRule, RuleBook, read_rules

Floats = npt.NDArray[np.float64]

RULE_FILE = Path(__file__).with_name("know_how.toml")
HIT_YEN = 10_000
_LEAST_HITS = 30
_MOST_SHIFT = 1.5

# Where a frame lacks a column of the rules, the column beside it says the same, times the factor.
_STAND_INS: MappingProxyType[str, tuple[str, float]] = MappingProxyType(
    {
        "slip_age_years": ("slip_days", 1 / 365.25),
        "colleague_bank_rate": ("employer_hit_rate", 1.0),
        "colleague_bank_asked": ("employer_asked", 1.0),
        "colleague_account_share": ("employer_account_share", 1.0),
        "one_slip_only": ("single_slip", 1.0),
        "has_life_insurance_deduction": ("insurance_years", 1.0),
        "has_housing_loan": ("housing_loan_years", 1.0),
        "has_pension_income": ("pension", 1.0),
        "has_dividends": ("dividends", 1.0),
        "is_self_employed": ("business", 1.0),
        "has_real_estate_income": ("real_estate", 1.0),
    }
)


@cache
def office_rules() -> RuleBook:
    """Return the rules that come with the product (read once; they are frozen)."""
    return read_rules(RULE_FILE)


def know_how_weights(frame: pd.DataFrame, book: RuleBook | None = None) -> pd.DataFrame:
    """Return what each active rule adds to each candidate: index of ``frame``, one column per rule id.

    ``frame``: one row per candidate with ``target_kind`` and any of ``CANDIDATE_COLUMNS``; a rule about a
    column that is absent or missing does not fire.
    """
    return _weights(frame, book or office_rules(), _cells(frame))


def _weights(frame: pd.DataFrame, book: RuleBook, cells: Mapping[str, Floats]) -> pd.DataFrame:
    kind, rules = frame["target_kind"].to_numpy(dtype=object), book.active
    return pd.DataFrame(
        {rule.id: _adds(rule, kind, cells) for rule in rules}, index=frame.index, dtype="float64"
    )


def know_how_scores(frame: pd.DataFrame, book: RuleBook | None = None) -> pd.Series:
    """Return each candidate's log-odds of a hit: base of its kind plus the weights of its rules."""
    book, cells = book or office_rules(), _cells(frame)
    added = _weights(frame, book, cells).to_numpy().sum(axis=1)
    return pd.Series(_base(frame, book, cells) + added, index=frame.index, name="know_how_score")


def know_how_base(frame: pd.DataFrame, book: RuleBook | None = None) -> pd.Series:
    """Return the log-odds before any rule: the kind's base, shifted by the office's own hit rates.

    The shift is the log-odds by which ``kind_hit_rate`` differs from the usual rate, and
    ``target_hit_rate`` from the kind's, each times the trust that the rule file puts in it; 1.5 at most.
    """
    based = _base(frame, book or office_rules(), _cells(frame))
    return pd.Series(based, index=frame.index, name="know_how_base")


def _base(frame: pd.DataFrame, book: RuleBook, cells: Mapping[str, Floats]) -> Floats:
    usual = _log_odds(_per_kind(frame, book, "asked_rate"))
    of_kind = _log_odds(cells.get("kind_hit_rate", np.full(len(frame), np.nan)))
    of_target = _log_odds(cells.get("target_hit_rate", np.full(len(frame), np.nan)))
    shift = book.trust["kind"] * np.nan_to_num(of_kind - usual)
    shift += book.trust["target"] * np.nan_to_num(of_target - np.where(np.isnan(of_kind), usual, of_kind))
    # An office asks where it has grounds: a high rate of its own is partly the rules' own doing.
    shift = np.clip(shift, -_MOST_SHIFT, _MOST_SHIFT)
    return _per_kind(frame, book, "base") + shift


def know_how_reasons(frame: pd.DataFrame, book: RuleBook | None = None) -> pd.Series:
    """Return per candidate the ids of the rules that fire, the strongest first (ties by id)."""
    weights = know_how_weights(frame, book)
    weights = weights[sorted(weights.columns)]
    names, table = np.array(weights.columns, dtype=object), weights.to_numpy()
    order = np.argsort(-np.abs(table), axis=1, kind="stable")
    firing = (np.abs(table) > 0).sum(axis=1)
    reasons = [tuple(names[row[:count]]) for row, count in zip(order, firing, strict=True)]
    return pd.Series(reasons, index=frame.index, dtype="object", name="know_how_reasons")


def know_how_forecast(
    frame: pd.DataFrame,
    arrears: npt.ArrayLike,
    book: RuleBook | None = None,
    medians: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Return ``probability`` of a hit and ``expected_yen`` within the arrears, per candidate.

    ``arrears``: yen per row of ``frame`` (or one for all). ``medians``: yen of a hit per kind in this
    office (``hit_medians``); kinds not in it use the defaults of the rule file. Where ``seizable_here`` is
    known, it stands for what a hit would pay.
    """
    book = book or office_rules()
    chance = 1.0 / (1.0 + np.exp(-know_how_scores(frame, book).to_numpy()))
    seen = frame["target_kind"].map(dict(medians or {})).to_numpy(dtype=np.float64, na_value=np.nan)
    median = np.where(np.isnan(seen), _per_kind(frame, book, "yen"), seen)
    limit = np.broadcast_to(np.asarray(arrears, dtype=np.float64), (len(frame),))
    within = _mean_within(median, _per_kind(frame, book, "spread"), limit)
    payable = (
        frame["seizable_here"].to_numpy(np.float64) if "seizable_here" in frame else np.zeros(len(frame))
    )
    # What may be seized of a wage or a pension need not be guessed: the slip tells it.
    within = np.where(payable > 0, np.minimum(payable, limit), within)
    return pd.DataFrame({"probability": chance, "expected_yen": chance * within}, index=frame.index)


def hit_medians(ledger: Ledger) -> dict[str, float]:
    """Return the median yen of the hits per kind in the office's log, for kinds with 30 hits or more."""
    answered = ledger["inquiries"].merge(ledger["replies"].drop(columns="as_of"), on="inquiry_id")
    hits = answered[(answered["result"] == "1") & (answered["balance"] >= HIT_YEN).fillna(False)]
    yen = hits.assign(balance=hits["balance"].astype("float64")).groupby("target_kind")["balance"]
    table = yen.agg(["size", "median"])
    return {str(kind): float(v) for kind, v in table.loc[table["size"] >= _LEAST_HITS, "median"].items()}


def _cells(frame: pd.DataFrame) -> dict[str, Floats]:
    """Columns of the rules as floats, stand-ins included; absent columns are left out."""
    found = {}
    for column in CANDIDATE_COLUMNS:
        other, factor = _STAND_INS.get(column, (column, 1.0))
        if column in frame:
            found[column] = frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
        elif other in frame:
            found[column] = frame[other].to_numpy(dtype=np.float64, na_value=np.nan) * factor
    return found


def _adds(rule: OfficerRule, kind: npt.NDArray[np.object_], cells: Mapping[str, Floats]) -> Floats:
    fires = np.full(len(kind), rule.target_kind == ANY_KIND) | (kind == rule.target_kind)
    for test in rule.when:
        fires &= test.holds(cells[test.column]) if test.column in cells else False
    if rule.per is None:
        return np.where(fires, rule.weight, 0.0)
    amount = cells.get(rule.per, np.zeros(len(kind)))
    return np.where(fires, rule.weight * np.maximum(np.nan_to_num(amount) - rule.above, 0.0), 0.0)


def _per_kind(frame: pd.DataFrame, book: RuleBook, field: str) -> Floats:
    kinds = frame["target_kind"]
    values = {kind: float(getattr(_default(book, kind), field)) for kind in kinds.unique()}
    return kinds.map(values).to_numpy(dtype=np.float64)


def _default(book: RuleBook, kind: object) -> KindDefault:
    return book.kind(str(kind))


def _log_odds(share: Floats) -> Floats:
    held = np.clip(share, 0.002, 0.998)
    return np.asarray(np.log(held / (1.0 - held)))


def _mean_within(median: Floats, spread: Floats, limit: Floats) -> Floats:
    """Return the mean of min(value, limit) for a log-normal value, in yen (nothing where nothing is owed)."""
    owed = np.maximum(limit, 1.0)
    edge = (np.log(owed) - np.log(median)) / spread
    mean = median * np.exp(spread**2 / 2.0)
    within = mean * ndtr(edge - spread) + owed * (1.0 - ndtr(edge))
    return np.asarray(np.clip(np.minimum(within, limit), 0.0, None), dtype=np.float64)
