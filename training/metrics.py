"""How good a ranking is, case by case, and how sure that is.

A *ranked row* is ``case, rank`` (1 = asked first), ``hit`` (an asset of 10,000 yen or more), ``value`` (yen
that the target holds, 0 without a hit) and ``arrears`` (yen the case owes). A ranking may be shorter than k.
Cases without any hit at all are left out, as hit@k and cover@k are defined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

HIT_FLOOR = 10_000
RESAMPLES = 1000
TARGET = ["debtor_id", "target_kind", "target_code"]

Array = npt.NDArray[np.float64]


class Better(StrEnum):
    """Which way a metric improves; ``none`` where neither end is better."""

    HIGHER = "higher"
    LOWER = "lower"
    NONE = "none"


@dataclass(frozen=True)
class Figure:
    """A measured value with its 95 % interval (NaN: not measured) and the direction that is better."""

    value: float
    low: float = float("nan")
    high: float = float("nan")
    better: Better = Better.HIGHER


DIRECTIONS: Mapping[str, Better] = MappingProxyType(
    {
        "hit_at_1": Better.HIGHER,
        "hit_at_5": Better.HIGHER,
        "hit_at_10": Better.HIGHER,
        "cover_at_1": Better.HIGHER,
        "cover_at_5": Better.HIGHER,
        "cover_at_10": Better.HIGHER,
        "ndcg_at_10": Better.HIGHER,
        "first_hit": Better.LOWER,
        "inquiries": Better.LOWER,
    }
)

MARKS: Mapping[str, Better] = MappingProxyType(
    {"calibration_error": Better.LOWER, "resolution": Better.HIGHER}
)
"""Figures of probabilities, not of rankings: over all targets shown, whether or not their case has a hit."""


def gains(value: pd.Series, arrears: pd.Series) -> pd.Series:
    """Return the gain of each target: 0 no hit, 1 a hit, 2 half the arrears, 3 all of them.

    >>> gains(pd.Series([9_999, 10_000, 50_000, 100_000]), pd.Series([100_000] * 4)).tolist()
    [0.0, 1.0, 2.0, 3.0]
    """
    yen, owed = value.to_numpy(np.float64), arrears.to_numpy(np.float64)
    steps = (yen >= HIT_FLOOR) * (1.0 + (yen >= owed / 2) + (yen >= owed))
    return pd.Series(steps, index=value.index)


def case_metrics(ranked: pd.DataFrame, truth: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row per case that has a hit, with the columns of ``DIRECTIONS``; index ``case``.

    ``truth`` (same columns without ``rank``) lists all assets of the cases: it decides which cases count
    and what the ideal NDCG is. Without it, what was ranked is taken as all there is. ``first_hit`` is the
    rank of the first hit, ``inquiries`` the inquiries sent until it; for a case whose ranking misses every
    hit, the former is NaN and the latter the whole list and one more.
    """
    known = ranked if truth is None else truth
    counted = pd.Index(known.loc[known["value"] >= HIT_FLOOR, "case"].unique(), name="case").sort_values()
    rows = ranked[ranked["case"].isin(counted)].sort_values(["case", "rank"], kind="stable")
    rows = rows.assign(place=rows.groupby("case").cumcount() + 1)
    result = pd.DataFrame(index=counted)
    for k in (1, 5, 10):
        result[f"hit_at_{k}"] = _hit_at(rows, k).reindex(counted, fill_value=0.0)
    for k in (1, 5, 10):
        result[f"cover_at_{k}"] = _cover_at(rows, k).reindex(counted, fill_value=0.0)
    ideal = known[known["case"].isin(counted)]
    result["ndcg_at_10"] = (_gained(rows).reindex(counted, fill_value=0.0) / _ideal(ideal)).to_numpy()
    result["first_hit"] = rows[rows["hit"] > 0].groupby("case")["place"].min().reindex(counted)
    length = rows.groupby("case").size().reindex(counted, fill_value=0)
    result["inquiries"] = result["first_hit"].fillna(length + 1).astype(np.float64)
    return result.astype(np.float64)


def ranked_rows(ranking: pd.DataFrame, assets: pd.DataFrame, arrears: pd.Series) -> pd.DataFrame:
    """Return the ranked rows of ``ranking`` [debtor_id, rank, target_kind, target_code] against the truth.

    ``assets`` is [debtor_id, target_kind, target_code, value]; several assets at one target add up.
    ``arrears`` is yen by debtor_id; debtors that are not in it are no cases.
    """
    held = held_by_target(assets)
    rows = ranking.loc[arrears.index.get_indexer(pd.Index(ranking["debtor_id"])) >= 0].merge(
        held, on=TARGET, how="left"
    )
    rows = rows.sort_values(["debtor_id", "rank", "target_kind", "target_code"], kind="stable")
    return _as_cases(rows.drop_duplicates(TARGET), arrears)


def truth_rows(assets: pd.DataFrame, arrears: pd.Series) -> pd.DataFrame:
    """Return all assets of the cases as rows [case, hit, value, arrears], one per target."""
    return _as_cases(held_by_target(assets[assets["debtor_id"].isin(arrears.index)]), arrears)


def bootstrap(values: npt.ArrayLike, better: Better = Better.HIGHER, seed: int = 0) -> Figure:
    """Return the mean over cases with its 95 % percentile interval; NaN cases are left out."""
    column = np.asarray(values, dtype=np.float64)[:, None]
    return _figures(column, (better,), seed)[0]


def paired_difference(
    ours: npt.ArrayLike, theirs: npt.ArrayLike, better: Better = Better.HIGHER, seed: int = 0
) -> Figure:
    """Return mean(ours - theirs) over the same cases, with its interval; pairs with a NaN are left out."""
    return bootstrap(np.asarray(ours, np.float64) - np.asarray(theirs, np.float64), better, seed)


def paired_ratio(
    ours: npt.ArrayLike, theirs: npt.ArrayLike, better: Better = Better.HIGHER, seed: int = 0
) -> Figure:
    """Return mean(ours) / mean(theirs) over the same cases, with its interval (cases are resampled)."""
    pairs = np.column_stack([np.asarray(ours, np.float64), np.asarray(theirs, np.float64)])
    pairs = pairs[~np.isnan(pairs).any(axis=1)]
    if not len(pairs) or pairs[:, 1].mean() == 0:
        return Figure(float("nan"), better=better)
    means = _resampled(pairs, seed)
    ratios = means[means[:, 1] != 0]
    low, high = np.quantile(ratios[:, 0] / ratios[:, 1], [0.025, 0.975])
    return Figure(float(pairs[:, 0].mean() / pairs[:, 1].mean()), float(low), float(high), better)


def compare(
    truth_assets: pd.DataFrame,
    arrears: pd.Series,
    rankings: Mapping[str, pd.DataFrame],
    seed: int = 0,
) -> pd.DataFrame:
    """Return [ranking, metric, mean, low, high, better, cases]: each ranking on the same cases.

    ``truth_assets`` [debtor_id, target_kind, target_code, value] is all property of the cases; ``arrears``
    is yen by debtor_id and names the cases; each ranking is [debtor_id, rank, target_kind, target_code].
    """
    truth = truth_rows(truth_assets, arrears)
    lines = []
    for name, ranking in rankings.items():
        scores = case_metrics(ranked_rows(ranking, truth_assets, arrears), truth)
        figures = _figures(scores[list(DIRECTIONS)].to_numpy(), tuple(DIRECTIONS.values()), seed)
        for metric, figure in zip(DIRECTIONS, figures, strict=True):
            line = (figure.value, figure.low, figure.high, str(figure.better), len(scores))
            lines.append((name, metric, *line))
    return pd.DataFrame(lines, columns=["ranking", "metric", "mean", "low", "high", "better", "cases"])


def case_figures(scores: pd.DataFrame, directions: Mapping[str, Better], seed: int = 0) -> dict[str, Figure]:
    """Return the mean over cases of each column of ``directions``, with its interval.

    ``scores`` has one row a case; all columns share the same resamples.
    """
    columns = scores[list(directions)].to_numpy(np.float64)
    return dict(zip(directions, _figures(columns, tuple(directions.values()), seed), strict=True))


def resample_counts(rows: int, seed: int = 0, resamples: int = RESAMPLES) -> Iterator[Array]:
    """Yield how often each of ``rows`` is drawn, (block, rows), until there are ``resamples`` of them.

    For what is no mean of cases: sums weighted by these counts are the sums of a bootstrap sample.
    """
    rng, block = np.random.default_rng(seed), 50
    for start in range(0, resamples, block):
        size = min(block, resamples - start)
        drawn = rng.integers(0, rows, size=(size, rows)) + np.arange(size)[:, None] * rows
        yield np.bincount(drawn.ravel(), minlength=size * rows).reshape(size, rows).astype(np.float64)


def held_by_target(assets: pd.DataFrame) -> pd.DataFrame:
    """Return [debtor_id, target_kind, target_code, value]: several assets at one target add up (yen)."""
    return assets.groupby(TARGET)["value"].sum().reset_index()


def _as_cases(rows: pd.DataFrame, arrears: pd.Series) -> pd.DataFrame:
    value = rows["value"].astype(np.float64).fillna(0.0)
    return rows.assign(
        case=rows["debtor_id"],
        value=value,
        hit=(value >= HIT_FLOOR).astype(np.float64),
        arrears=rows["debtor_id"].map(arrears.astype(np.float64)),
    ).reset_index(drop=True)


def _hit_at(rows: pd.DataFrame, k: int) -> pd.Series:
    return (rows[rows["place"] <= k].groupby("case")["hit"].max() > 0).astype(np.float64)


def _cover_at(rows: pd.DataFrame, k: int) -> pd.Series:
    first = rows[(rows["place"] <= k) & (rows["hit"] > 0)].groupby("case")
    paid, owed = first["value"].sum(), first["arrears"].first()
    return (paid / owed.where(owed > 0)).clip(upper=1.0).fillna(1.0)


def _gained(rows: pd.DataFrame) -> pd.Series:
    shown = rows[rows["place"] <= 10]
    discounted = gains(shown["value"], shown["arrears"]) / np.log2(shown["place"] + 1.0)
    total: pd.Series = discounted.groupby(shown["case"]).sum()
    return total


def _ideal(truth: pd.DataFrame) -> pd.Series:
    best = truth.assign(gain=gains(truth["value"], truth["arrears"]))
    best = best.sort_values(["case", "gain"], ascending=[True, False], kind="stable")
    best = best.assign(place=best.groupby("case").cumcount() + 1)
    best = best[best["place"] <= 10]
    total: pd.Series = (best["gain"] / np.log2(best["place"] + 1.0)).groupby(best["case"]).sum()
    return total


def _figures(columns: Array, directions: tuple[Better, ...], seed: int) -> list[Figure]:
    """Return a figure per column of ``columns`` (cases x metrics); all share the same resamples."""
    if not len(columns):
        return [Figure(float("nan"), better=better) for better in directions]
    drawn = _resampled(columns, seed)
    figures = []
    for column, means, better in zip(columns.T, drawn.T, directions, strict=True):
        cases, usable = column[~np.isnan(column)], means[~np.isnan(means)]
        if len(cases):
            low, high = np.quantile(usable, [0.025, 0.975])
            figures.append(Figure(float(cases.mean()), float(low), float(high), better))
        else:
            figures.append(Figure(float("nan"), better=better))
    return figures


def _resampled(values: Array, seed: int) -> Array:
    """Return each column's mean (NaN left out) over ``RESAMPLES`` draws of the rows with replacement.

    Drawn in blocks, counted instead of copied: 8,000 rows take a fifth of a second and few megabytes.
    """
    present = ~np.isnan(values)
    filled = np.where(present, values, 0.0)
    means = []
    for weights in resample_counts(len(values), seed):
        counts = weights @ present
        means.append(np.divide(weights @ filled, counts, out=np.full_like(counts, np.nan), where=counts > 0))
    return np.concatenate(means)
