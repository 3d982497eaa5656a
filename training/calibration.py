"""Whether a probability means what it says: reliability, calibration error and resolution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from training.metrics import Better, Figure, resample_counts

BINS = 10


@dataclass(frozen=True)
class Calibration:
    """How well forecasts agree with outcomes.

    ``error``: expected calibration error (lower is better). ``resolution``: how far the outcomes of the bins
    lie from the mean outcome (higher is better; a constant forecast has none). ``table``: one row per bin
    [bin, count, predicted, observed, low, high].
    """

    error: float
    resolution: float
    table: pd.DataFrame


def reliability(probability: npt.ArrayLike, outcome: npt.ArrayLike, bins: int = BINS) -> pd.DataFrame:
    """Return the reliability table over ``bins`` equal-mass bins, least probable first.

    ``low`` and ``high`` are the 95 % Wilson interval of the observed share. Equal probabilities may be cut
    between bins by row order, which changes no mean of theirs.
    """
    forecast, happened = np.asarray(probability, np.float64), np.asarray(outcome, np.float64)
    if forecast.shape != happened.shape or forecast.ndim != 1:
        raise ValueError("probability and outcome must be two arrays of one length")
    if len(forecast) == 0 or np.isnan(forecast).any() or forecast.min() < 0 or forecast.max() > 1:
        raise ValueError("probabilities must be present and between 0 and 1")
    rows = pd.DataFrame({"bin": _places(forecast, bins), "predicted": forecast, "observed": happened})
    table = rows.groupby("bin").agg(
        count=("observed", "size"), predicted=("predicted", "mean"), observed=("observed", "mean")
    )
    return _with_interval(table.reset_index())


def calibration(probability: npt.ArrayLike, outcome: npt.ArrayLike, bins: int = BINS) -> Calibration:
    """Return error, resolution and table of forecasts ``probability`` against 0/1 ``outcome``.

    >>> calibration([0.5, 0.5], [1, 0], bins=1).error
    0.0
    """
    table = reliability(probability, outcome, bins)
    share = table["count"] / table["count"].sum()
    base = float((share * table["observed"]).sum())
    error = float((share * (table["predicted"] - table["observed"]).abs()).sum())
    return Calibration(error, float((share * (table["observed"] - base) ** 2).sum()), table)


def calibration_figures(
    probability: npt.ArrayLike, outcome: npt.ArrayLike, case: npt.ArrayLike, bins: int = BINS, seed: int = 0
) -> dict[str, Figure]:
    """Return ``error`` and ``resolution`` with their 95 % intervals; whole cases are resampled.

    The bins are those of the sample itself. Noise adds to both, so that an interval may lie wholly above the
    figure of a small sample.
    """
    forecast, happened = np.asarray(probability, np.float64), np.asarray(outcome, np.float64)
    found = calibration(forecast, happened, bins)
    number = pd.factorize(np.asarray(case))[0]
    cells = number * bins + _places(forecast, bins)
    size = (int(number.max()) + 1) * bins
    count, told, came = (
        np.bincount(cells, weights, minlength=size).reshape(-1, bins)
        for weights in (None, forecast, happened)
    )
    drawn = []
    for times in resample_counts(len(count), seed):
        mass = times @ count
        share = mass / mass.sum(axis=1, keepdims=True)
        held = np.maximum(mass, 1.0)
        rate = (times @ came) / held
        base = (share * rate).sum(axis=1, keepdims=True)
        error = (share * np.abs((times @ told) / held - rate)).sum(axis=1)
        drawn.append(np.column_stack([error, (share * (rate - base) ** 2).sum(axis=1)]))
    low, high = np.quantile(np.concatenate(drawn), [0.025, 0.975], axis=0)
    return {
        "error": Figure(found.error, float(low[0]), float(high[0]), Better.LOWER),
        "resolution": Figure(found.resolution, float(low[1]), float(high[1]), Better.HIGHER),
    }


def _places(forecast: npt.NDArray[np.float64], bins: int) -> npt.NDArray[np.int64]:
    """Return the bin of each forecast, of equal mass, least probable first."""
    order = np.argsort(forecast, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) * min(bins, len(order)) // len(order)
    return place


def _with_interval(table: pd.DataFrame) -> pd.DataFrame:
    z, n, p = 1.959964, table["count"], table["observed"]
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return table.assign(low=(centre - half).clip(lower=0), high=(centre + half).clip(upper=1))
