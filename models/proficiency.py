"""Proficiency: an officer's speed on like cases, with the case's difficulty taken out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]

KINDS = ("company", "salaried", "self_employed", "pensioner", "no_income")
"""The kinds of case on which officers may differ in speed."""

LEVELS = 5
FASTEST, SLOWEST = 5, 1


def case_kinds(profiles: pd.DataFrame) -> pd.Series:
    """Return the kind of each case (one of ``KINDS``, index of ``profiles``) by its largest income.

    A company is a company whatever it earns; a case without any known income is ``no_income``.
    """
    earned = pd.DataFrame(
        {
            "salaried": profiles["salary"],
            "self_employed": profiles["business"] + profiles["real_estate"].fillna(0.0),
            "pensioner": profiles["pension"],
        }
    ).fillna(0.0)
    kinds = earned.idxmax(axis=1).where(earned.max(axis=1) > 0, "no_income")
    return kinds.where(profiles["company"] != 1, "company").rename("kind").astype("str")


@dataclass(frozen=True)
class Speeds:
    """Log ratios of an officer's minutes to those of the office's mean officer; below zero is faster.

    ``growth``: change of the log ratio per unit of log(1 + months in post) for everybody, counted from
    ``usual`` (the mean of log(1 + months)). ``officers`` and ``kinds`` (key ``staff_id|kind``) are the
    shrunk personal effects; somebody unknown has none, and stands at the office's mean of like months.
    ``cases`` counts the work behind each officer. ``cuts``: borders between the five levels.
    """

    growth: float
    usual: float
    officers: Mapping[str, float]
    kinds: Mapping[str, float]
    cases: Mapping[str, int]
    cuts: tuple[float, ...]

    def log_ratio(self, staff_id: pd.Series, months: pd.Series, kind: pd.Series | None = None) -> Numbers:
        """Return the log ratio of each row; without ``kind``, that of the officer's usual work."""
        ratio = self.growth * (_tenure(months, self.usual) - self.usual)
        ratio = ratio + staff_id.map(dict(self.officers)).fillna(0.0).to_numpy(dtype=np.float64)
        if kind is not None:
            pair = pd.Series(staff_id.to_numpy() + "|" + kind.to_numpy(), dtype="str")
            ratio = ratio + pair.map(dict(self.kinds)).fillna(0.0).to_numpy(dtype=np.float64)
        return np.asarray(ratio, dtype=np.float64)

    def levels(self, staff_id: pd.Series, months: pd.Series) -> npt.NDArray[np.int64]:
        """Return the band of each officer, 1 (slowest fifth) to 5 (fastest fifth)."""
        place = np.searchsorted(np.asarray(self.cuts), self.log_ratio(staff_id, months), side="right")
        return (FASTEST - place).astype(np.int64)

    def to_text(self) -> str:
        """Return the speeds as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> Speeds:
        """Return the speeds that ``to_text`` wrote."""
        stored = json.loads(text)
        return cls(**{**stored, "cuts": tuple(stored["cuts"])})


def fit_speeds(residuals: pd.Series, officers: pd.DataFrame) -> Speeds:
    """Estimate the speeds from log(minutes) less what the case itself explains (empirical Bayes).

    ``officers``, parallel to ``residuals``: staff_id, months_in_post, kind. An officer's mean is drawn
    to the office's by the share of chance in it, so few cases say little. Growth is read within each
    officer, because those who stay may differ from those who leave.
    """
    frame = pd.DataFrame(
        {
            "rest": residuals.to_numpy(dtype=np.float64) - float(residuals.mean()),
            "staff_id": officers["staff_id"].to_numpy(),
            "pair": officers["staff_id"].to_numpy() + "|" + officers["kind"].to_numpy(),
            "tenure": _tenure(officers["months_in_post"], np.nan),
        }
    )
    usual = float(frame["tenure"].mean()) if frame["tenure"].notna().any() else 0.0
    frame["tenure"] = frame["tenure"].fillna(usual)
    growth = _growth(frame)
    frame["rest"] -= growth * (frame["tenure"] - usual)
    own = shrunk(frame["rest"], frame["staff_id"])
    frame["rest"] -= frame["staff_id"].map(own)
    now = own + growth * (frame.groupby("staff_id")["tenure"].max() - usual)
    cuts = tuple(float(cut) for cut in np.quantile(now, [0.2, 0.4, 0.6, 0.8]))
    kinds, cases = shrunk(frame["rest"], frame["pair"]), frame["staff_id"].value_counts().sort_index()
    return Speeds(
        growth, usual, _numbers(own), _numbers(kinds), {str(k): int(v) for k, v in cases.items()}, cuts
    )


def shrunk(values: pd.Series, groups: pd.Series) -> pd.Series:
    """Return the mean of ``values`` per group, drawn to zero by the share of chance in it.

    Worked example: with a chance variance of 1 and a variance of 0.25 between groups, a group of 12 keeps
    12 × 0.25 / (12 × 0.25 + 1) = 3/4 of its mean.
    """
    by = values.groupby(groups.to_numpy())
    mean, size = by.mean(), by.size().astype("float64")
    freedom = len(values) - len(mean)
    chance = float(((values - groups.map(mean)) ** 2).sum()) / freedom if freedom > 0 else 1.0
    spread = float((size * mean**2).sum() - chance * len(mean)) / float(size.sum())
    between = max(spread, 0.0)
    return mean * (size * between / (size * between + chance) if between + chance > 0 else 1.0)


def _growth(frame: pd.DataFrame) -> float:
    """Return the slope of the residual on tenure within officers; never one by which months make slower."""
    by = frame.groupby("staff_id")
    tenure = frame["tenure"] - by["tenure"].transform("mean")
    rest = frame["rest"] - by["rest"].transform("mean")
    spread = float((tenure**2).sum())
    return min(float((tenure * rest).sum()) / spread, 0.0) if spread > 0 else 0.0


def _tenure(months: pd.Series, missing: float) -> Numbers:
    tenure = np.log1p(np.maximum(months.to_numpy(dtype=np.float64, na_value=np.nan), 0.0))
    return np.where(np.isnan(tenure), missing, tenure)


def _numbers(effects: pd.Series) -> dict[str, float]:
    return {str(key): float(value) for key, value in effects.items()}
