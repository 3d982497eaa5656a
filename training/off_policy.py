"""What a new ranking would have earned on cases that were chosen by an old one.

The log has one row per logged action: ``reward`` (yen or 0/1), ``propensity`` (probability of that action
under the old policy), ``new_propensity`` (under the new one) and, for the direct and the doubly robust
estimate, ``predicted_logged`` (the model's reward of the logged action) and ``predicted_new`` (its expected
reward under the new policy). Rows that belong together, such as the inquiries of one case, may say so in a
column ``cluster``: the interval then counts clusters, not rows. Inverse propensities: Horvitz and Thompson
1952; self-normalised: Swaminathan and Joachims 2015; doubly robust: Dudik, Langford and Li 2011; effective
sample size: Kish 1965.
"""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from numbers import Real
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

Method = Literal["ips", "snips", "dm", "dr"]
Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CLIP = 100.0
THIN_SHARE = 0.1
THIN_ROWS = 30.0
Z95 = 1.959963984540054

_WEIGHED = ("reward", "propensity", "new_propensity")
_NEEDS: dict[str, tuple[str, ...]] = {
    "ips": _WEIGHED,
    "snips": _WEIGHED,
    "dm": ("predicted_new",),
    "dr": (*_WEIGHED, "predicted_logged", "predicted_new"),
}


class OffPolicyProblem(ValueError):  # noqa: N818 - a finding about the log, not a fault of the program
    """The log cannot carry the estimate; the message says what is wrong and what to do."""


class OffPolicyWarning(UserWarning):
    """The estimate stands on little: weights were clipped, or few rows carry it."""


@dataclass(frozen=True)
class Estimate:
    """Mean reward of the new policy, 95 % interval, and the number of rows that effectively speak for it."""

    value: float
    low: float
    high: float
    effective_n: float


def estimate(log: pd.DataFrame, method: Method, clip: float = CLIP) -> Estimate:
    """Return the value of the new policy from ``log`` by ``ips``, ``snips``, ``dm`` or ``dr``.

    Weights new_propensity / propensity above ``clip`` are cut to it, with an OffPolicyWarning; so is thin
    overlap warned of (effective rows below a tenth of the rows, or below 30). Raises OffPolicyProblem on an
    unknown method, a clip that is no finite number above zero, columns missing or given twice, missing
    values, propensities outside (0, 1], and where no logged action is one that the new policy would take.
    ``dm`` uses no weights: it is as good as its model and no better.
    """
    _check_terms(method, clip)
    _check_shape(log)
    _check(log, method)
    cluster = pd.factorize(log["cluster"])[0] if "cluster" in log.columns else np.arange(len(log))
    if method == "dm":
        return _mean(log["predicted_new"].to_numpy(np.float64), float(len(log)), cluster)
    weight = _weights(log, clip)
    effective = _effective(weight)
    _warn_thin(effective, len(log))
    reward = log["reward"].to_numpy(np.float64)
    if method == "ips":
        return _mean(weight * reward, effective, cluster)
    if method == "snips":
        return _ratio(weight, reward, effective, cluster)
    surprise = weight * (reward - log["predicted_logged"].to_numpy(np.float64))
    return _mean(log["predicted_new"].to_numpy(np.float64) + surprise, effective, cluster)


def _check_terms(method: object, clip: object) -> None:
    if method not in get_args(Method):
        raise OffPolicyProblem(f"unknown method {method!r}: use one of {', '.join(get_args(Method))}")
    number = isinstance(clip, Real) and not isinstance(clip, bool)
    if not (number and 0 < clip <= sys.float_info.max):  # type: ignore[operator]
        raise OffPolicyProblem(f"clip must be a finite number above zero, not {clip!r}")


def _check_shape(log: object) -> None:
    if not isinstance(log, pd.DataFrame):
        raise OffPolicyProblem(f"the log must be a DataFrame, not a {type(log).__name__}")
    twice = log.columns[log.columns.duplicated()].unique()
    if len(twice):
        raise OffPolicyProblem(f"columns are in the log more than once: {', '.join(map(str, twice))}")


def _check(log: pd.DataFrame, method: str) -> None:
    missing = [name for name in _NEEDS[method] if name not in log.columns]
    if missing:
        raise OffPolicyProblem(f"method {method} needs the columns {', '.join(missing)}")
    if log.empty:
        raise OffPolicyProblem("the log is empty: nothing can be estimated from it")
    for name in dict.fromkeys((*_NEEDS[method], "propensity", "new_propensity")):
        if name in log.columns:
            _check_column(name, log[name])
    lone = int(log["cluster"].isna().sum()) if "cluster" in log.columns else 0
    if lone:
        raise OffPolicyProblem(f"cluster is missing in {lone} rows: say of each row where it belongs")


def _check_column(name: str, column: pd.Series) -> None:
    values = _numbers(name, column)
    broken = ~np.isfinite(values)
    if broken.any():
        raise OffPolicyProblem(f"{name} is missing or not finite in {int(broken.sum())} rows")
    if name == "propensity" and ((values <= 0) | (values > 1)).any():
        count = int(((values <= 0) | (values > 1)).sum())
        raise OffPolicyProblem(f"propensity must be in (0, 1]: {count} rows are outside")
    if name == "new_propensity" and ((values < 0) | (values > 1)).any():
        count = int(((values < 0) | (values > 1)).sum())
        raise OffPolicyProblem(f"new_propensity must be in [0, 1]: {count} rows are outside")


def _numbers(name: str, column: pd.Series) -> Array:
    try:
        return column.to_numpy(np.float64, na_value=np.nan)
    except (TypeError, ValueError) as wrong:
        raise OffPolicyProblem(f"{name} must hold numbers") from wrong


def _weights(log: pd.DataFrame, clip: float) -> Array:
    with np.errstate(over="ignore"):  # what is too large for a float is cut like any other weight
        raw = log["new_propensity"].to_numpy(np.float64) / log["propensity"].to_numpy(np.float64)
    if not (raw > 0).any():
        raise OffPolicyProblem(
            "no overlap: the new policy takes none of the logged actions, so the log says nothing of it"
        )
    clipped = int((raw > clip).sum())
    if clipped:
        text = f"clipping: {clipped} of {len(raw)} weights were above {clip:g} and were cut to it"
        warnings.warn(text, OffPolicyWarning, stacklevel=3)
    weights: Array = np.minimum(raw, clip)
    return weights


def _effective(weight: Array) -> float:
    """Return Kish's size; of shares of the largest weight, whose squares neither overflow nor all vanish."""
    share = weight / weight.max()
    return float(share.sum() ** 2 / (share**2).sum())


def _warn_thin(effective: float, rows: int) -> None:
    if effective < max(THIN_SHARE * rows, min(THIN_ROWS, rows / 2)):
        text = f"thin overlap: {effective:.1f} effective rows of {rows} carry the estimate"
        warnings.warn(text, OffPolicyWarning, stacklevel=3)


def _mean(terms: Array, effective: float, cluster: Ints) -> Estimate:
    value = float(terms.mean())
    return _within(value, (terms - value) / len(terms), effective, cluster)


def _ratio(weight: Array, reward: Array, effective: float, cluster: Ints) -> Estimate:
    """Return the self-normalised mean; its error by the delta method for a ratio of means."""
    value = float((weight * reward).sum() / weight.sum())
    return _within(value, weight * (reward - value) / weight.sum(), effective, cluster)


def _within(value: float, influence: Array, effective: float, cluster: Ints) -> Estimate:
    """Return ``value`` with the interval that the influence of each cluster of rows gives."""
    each = np.bincount(cluster, influence)
    if len(each) < 2:
        return Estimate(value, float("-inf"), float("inf"), effective)
    error = float(np.sqrt((each**2).sum() * len(each) / (len(each) - 1)))
    return Estimate(value, value - Z95 * error, value + Z95 * error, effective)
