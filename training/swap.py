"""The swap test: what would have been found, had the least promising tenth of the inquiries been others.

After Battaglini, Guiso, Lacava, Miller and Patacchini (2025), who replaced the least promising tenth of tax
audits. What is dropped was sent, so what it found is observed. What replaces it is of three kinds: the next
best targets that nobody asked, of the same case or of any (their yen can only be forecast; the forecast is
calibrated on answered inquiries, weighted by how unlikely they were asked). Officers who passed a target
over often had a reason that no record holds, so such a forecast runs high: beside it stands the share of it
that is enough for the swap to lose nothing. The others are observed: targets asked in a later round of the
same cases; and targets asked in the first rounds of other cases.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.isotonic import IsotonicRegression

from features.tally import Floats
from training.metrics import resample_counts

TENTH = 0.1
RESAMPLES = 200
VARIANTS = ("same_case", "any_case", "later_round", "other_cases")
"""The first two are forecasts, the last two observed."""

OBSERVED = ("later_round", "other_cases")
_LEAST = 30


def swap_test(table: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Return one row per variant of the test on ``standings``' table.

    [variant, observed, swapped, sent_yen, dropped_yen, new_yen, gain_yen, low, high, change, change_low,
    change_high, break_even]: inquiries swapped; yen found by all inquiries sent, by those dropped, and by
    (or expected of) the new ones; gain with its 95 % interval (cases resampled); the same as a share of all
    that was found; the share of ``new_yen`` that the new ones must really hold for the swap to lose nothing.
    A variant with fewer than 30 inquiries to swap has NaN figures.
    """
    rows = table[table["ranker"].notna()].reset_index(drop=True)
    sent = rows[rows["first"] & rows["answered"]]
    lines = [_line(name, *_swapped(name, rows, sent, seed), rows=rows, seed=seed) for name in VARIANTS]
    names = [
        "variant",
        "observed",
        "swapped",
        "sent_yen",
        "dropped_yen",
        "new_yen",
        "gain_yen",
        "low",
        "high",
    ]
    return pd.DataFrame(lines, columns=[*names, "change", "change_low", "change_high", "break_even"])


def _swapped(
    name: str, rows: pd.DataFrame, sent: pd.DataFrame, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the inquiries at stake, the ones dropped, and the ones in their place."""
    unasked = rows[rows["place"].isna()]
    if name == "same_case":
        dropped = _least(sent, round(len(sent) * TENTH))
        wanted = dropped.groupby("case").size()
        nexts = _in_order(unasked[unasked["case"].isin(wanted.index)])
        nexts = nexts.sort_values("case", kind="stable")
        new = nexts[nexts.groupby("case").cumcount() < nexts["case"].map(wanted)]
        return sent, dropped, new
    if name == "any_case":
        dropped = _least(sent, round(len(sent) * TENTH))
        return sent, dropped, _in_order(unasked).head(len(dropped))
    if name == "later_round":
        pool = rows[rows["place"].notna() & ~rows["first"] & rows["answered"]]
    else:
        reserve = np.random.default_rng(seed).random(int(rows["case"].max()) + 1) < 0.5
        pool, sent = sent[reserve[sent["case"]]], sent[~reserve[sent["case"]]]
    # A whole pool would be no choice: at most half of it comes in.
    count = min(round(len(sent) * TENTH), len(pool) // 2)
    return sent, _least(sent, count), _in_order(pool).head(count)


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Return ``rows``, the most promising first (ties: the first by case, kind and code)."""
    return rows.sort_values(["expected_yen", "case", "target"], ascending=[False, True, True], kind="stable")


def _least(sent: pd.DataFrame, count: int) -> pd.DataFrame:
    return _in_order(sent).tail(count) if count else sent.iloc[:0]


def _line(  # noqa: PLR0917 - one row of the table
    name: str,
    sent: pd.DataFrame,
    dropped: pd.DataFrame,
    new: pd.DataFrame,
    rows: pd.DataFrame,
    seed: int,
) -> tuple[object, ...]:
    if len(new) < _LEAST or not sent["yen"].sum():
        return (name, name in OBSERVED, len(new), *[np.nan] * 10)
    cases = int(rows["case"].max()) + 1
    total, lost = _by_case(sent, sent["yen"], cases), _by_case(dropped, dropped["yen"], cases)
    known = rows[rows["first"] & rows["answered"]]
    gains, shares = [], []
    everyone = np.ones(cases)
    for times in (everyone, *(each for block in resample_counts(cases, seed, RESAMPLES) for each in block)):
        value = new["yen"].to_numpy() if name in OBSERVED else _expected(known, new, times)
        gain = float(times @ (_by_case(new, value, cases) - lost))
        gains.append(gain)
        shares.append(gain / max(float(times @ total), 1.0))
    low, high = np.quantile(gains[1:], [0.025, 0.975])
    change_low, change_high = np.quantile(shares[1:], [0.025, 0.975])
    yen = (float(total.sum()), float(lost.sum()), gains[0] + float(lost.sum()))
    bounds = (gains[0], float(low), float(high), shares[0], float(change_low), float(change_high))
    return (name, name in OBSERVED, len(new), *yen, *bounds, yen[1] / max(yen[2], 1.0))


def _expected(known: pd.DataFrame, new: pd.DataFrame, times: Floats) -> Floats:
    """Return the calibrated yen of ``new``: a rising curve of yen found on yen forecast, in this sample."""
    weight = times[known["case"]] / known["propensity"].to_numpy()
    kept = weight > 0
    curve = IsotonicRegression(y_min=0.0, out_of_bounds="clip")
    curve.fit(
        known["expected_yen"].to_numpy()[kept], known["yen"].to_numpy()[kept], sample_weight=weight[kept]
    )
    return np.asarray(curve.predict(new["expected_yen"].to_numpy()), dtype=np.float64)


def _by_case(rows: pd.DataFrame, amount: pd.Series | Floats, cases: int) -> Floats:
    summed = np.bincount(rows["case"], np.asarray(amount, dtype=np.float64), minlength=cases)
    return summed.astype(np.float64)
