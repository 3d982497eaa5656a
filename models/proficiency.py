"""Proficiency: an officer's speed on like cases, with the case's difficulty taken out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.effects import officer_effects
from models.growth import HARDEST, Growth, fit_growth, within
from models.pseudonym import ForeignKeyError, pseudonym

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

KINDS = ("company", "salaried", "self_employed", "pensioner", "no_income")
"""The kinds of case on which officers may differ in speed."""

TRAITS = ("all", *KINDS, "hard")
"""What an officer's speed may hang on: every case, its kind, and how hard it is."""
_ALIKE = np.array([0, *[1] * len(KINDS), 2])

LEVELS = 5
FASTEST, SLOWEST = 5, 1
MOST_CHOOSING = 0.5  # of the evidence on an officer; what counts in the end is the whole handling
FEW = 10  # ended cases below which an officer says nothing about how open work differs from ended work


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

    ``growth``: what the months in post do for everybody. ``own``: per staff_id the shrunk personal effect of
    each of ``TRAITS``; somebody unknown has none, and stands at the office's mean of like months. ``cases``
    counts the ended work behind each officer. ``cuts``: borders between the five levels. ``key``: see
    ``pseudonym``; where there is one, ``own`` and ``cases`` are by the pseudonym of the staff_id.
    """

    growth: Growth
    own: Mapping[str, tuple[float, ...]]
    cases: Mapping[str, int]
    cuts: tuple[float, ...]
    key: str = field(default="", repr=False)

    def under(self, key: str) -> Speeds:
        """Return the same speeds with pseudonyms under ``key``; ValueError when they have another key."""
        if self.key == key:
            return self
        if self.key:
            raise ForeignKeyError("the speeds are under another key")
        own = {pseudonym(name, key): effects for name, effects in self.own.items()}
        cases = {pseudonym(name, key): count for name, count in self.cases.items()}
        return replace(self, own=own, cases=cases, key=key)

    def ended(self, staff_id: pd.Series) -> list[int]:
        """Return how much ended work is behind each officer."""
        return [self.cases.get(pseudonym(str(each), self.key), 0) for each in staff_id]

    def log_ratio(
        self,
        staff_id: pd.Series,
        months: pd.Series,
        kind: pd.Series | None = None,
        hardness: Numbers | None = None,
    ) -> Numbers:
        """Return the log ratio of each row (the four run in parallel); months unknown count as usual.

        Without ``kind`` and ``hardness`` (see ``Difficulty``) it is that of the officer's usual work.
        """
        hard = np.zeros(len(staff_id)) if hardness is None else hardness
        grown = np.nan_to_num(self.growth.log_ratio(_months(months), hard))
        own = self._own(staff_id)
        return np.asarray(grown + (own * _traits(kind, hard)).sum(axis=1), dtype=np.float64)

    def between(self, kind: pd.Series, hardness: Numbers, officers: pd.DataFrame) -> Numbers:
        """Return the log ratio of every case with every officer, shape (cases, officers).

        ``officers``: staff_id, months_in_post.
        """
        grown = self.growth.log_ratio(_months(officers["months_in_post"])[None, :], hardness[:, None])
        own = _traits(kind, hardness) @ self._own(officers["staff_id"]).T
        return np.asarray(np.nan_to_num(grown) + own, dtype=np.float64)

    def levels(self, staff_id: pd.Series, months: pd.Series) -> npt.NDArray[np.int64]:
        """Return the band of each officer, 1 (slowest fifth) to 5 (fastest fifth)."""
        place = np.searchsorted(np.asarray(self.cuts), self.log_ratio(staff_id, months), side="right")
        return (FASTEST - place).astype(np.int64)

    def _own(self, staff_id: pd.Series) -> Numbers:
        nothing = (0.0,) * len(TRAITS)
        rows = [self.own.get(pseudonym(str(each), self.key), nothing) for each in staff_id]
        return np.asarray(rows, dtype=np.float64).reshape(-1, len(TRAITS))

    def to_text(self) -> str:
        """Return the speeds as JSON, without the key."""
        stored = {name: value for name, value in asdict(self).items() if name != "key"}
        return json.dumps(stored | {"seal": pseudonym("", self.key)}, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_text(cls, text: str, key: str = "") -> Speeds:
        """Return the speeds that ``to_text`` wrote; ForeignKeyError when it was under another key."""
        stored = json.loads(text)
        if stored["seal"] != pseudonym("", key):
            raise ForeignKeyError("the speeds were stored under another key")
        growth = stored["growth"]
        return cls(
            Growth(tuple(growth["steps"]), growth["slope"], growth["usual"]),
            {name: tuple(effects) for name, effects in stored["own"].items()},
            stored["cases"],
            tuple(stored["cuts"]),
            key,
        )


@dataclass(frozen=True)
class Paces:
    """``speeds`` of the whole handling; what they, and those of choosing, make of each row's log minutes."""

    speeds: Speeds
    handling: Numbers
    choosing: Numbers


def fit_speeds(rest: pd.DataFrame, officers: pd.DataFrame) -> Paces:
    """Estimate the speeds from log minutes less what the case itself explains.

    ``rest``: columns handling (NaN where the work is still open) and choosing. ``officers``, parallel:
    staff_id, months_in_post, kind, hardness. Growth is read within each officer, in either kind of minutes
    on its own; what is left is the officer's, and both kinds of minutes speak of it: ``_evidence``.
    """
    who, names = pd.factorize(officers["staff_id"], sort=True)
    place = np.asarray(who, dtype=np.intp)
    hard = officers["hardness"].to_numpy(dtype=np.float64)
    months = _months(officers["months_in_post"])
    months = np.where(np.isnan(months), np.nanmean(np.append(months, 0.0)), months)
    handling, choosing = rest["handling"].to_numpy(np.float64), rest["choosing"].to_numpy(np.float64)
    ended = ~np.isnan(handling)
    growth = fit_growth(handling[ended], months[ended], hard[ended], place[ended])
    picking = fit_growth(choosing[ended], months[ended], hard[ended], place[ended])
    grown, picked = growth.log_ratio(months, hard), picking.log_ratio(months, hard)
    left, weights = _evidence(handling - grown, choosing - picked, place)
    traits = _traits(officers["kind"], hard)
    effects = officer_effects(left, traits, place, _ALIKE, weights=weights)
    own = (traits * effects.own[place]).sum(axis=1)
    latest = np.zeros(len(names))
    np.maximum.at(latest, place, months)
    now = effects.own[:, 0] + growth.log_ratio(latest)
    speeds = Speeds(
        growth,
        {str(name): tuple(float(x) for x in effects.own[row]) for row, name in enumerate(names)},
        {str(name): int(count) for name, count in zip(names, np.bincount(place, ended), strict=True)},
        tuple(float(cut) for cut in np.quantile(now, [0.2, 0.4, 0.6, 0.8])),
    )
    return Paces(speeds, grown + own, picked + own)


def _evidence(handling: Numbers, choosing: Numbers, place: Places) -> tuple[Numbers, Numbers]:
    """Return per row what speaks of its officer, and how much the row counts.

    Of ended work both minutes speak, weighed by how much chance each holds (the best unbiased mix of two
    measures of one thing). Open work has only the minutes of choosing; how they differ from those of ended
    work is read from officers who have both, because what is still open is not like what has ended.
    """
    ended = ~np.isnan(handling)
    both = np.stack([handling[ended], choosing[ended]], axis=1)
    chance = np.cov(within(both, place[ended]), rowvar=False) + 1e-9 * np.eye(2)
    share = np.linalg.solve(chance, np.ones(2))
    pick = float(np.clip(share[1] / share.sum(), 0.0, MOST_CHOOSING))
    mix = np.array([1.0 - pick, pick])
    left, weights = np.array(choosing), np.ones(len(choosing))
    left[ended] = both @ mix
    left[ended] -= left[ended].mean()
    if not ended.all():
        left[~ended] -= _open_differs(choosing, ended, place)
        weights[~ended] = float(mix @ chance @ mix) / float(chance[1, 1])
    return left, np.clip(weights, 0.0, 1.0)


def _open_differs(choosing: Numbers, ended: npt.NDArray[np.bool_], place: Places) -> float:
    """Return the mean log minutes of choosing in open work, with the officers who have both set equal."""
    size = np.bincount(place[ended], minlength=int(place.max()) + 1)
    mean = np.bincount(place[ended], choosing[ended], minlength=len(size)) / np.maximum(size, 1)
    told = ~ended & (size[place] >= FEW)
    if not told.any():
        return float(choosing[~ended].mean())
    return float(choosing[ended].mean() + (choosing - mean[place])[told].mean())


def _traits(kind: pd.Series | None, hardness: Numbers) -> Numbers:
    """Return the columns ``TRAITS`` of each row; without a kind an officer's usual work is meant."""
    flags = [np.zeros(len(hardness)) if kind is None else (kind == name).to_numpy() for name in KINDS]
    hard = np.clip(hardness, -HARDEST, HARDEST)
    return np.stack([np.ones(len(hardness)), *flags, hard], axis=1).astype(np.float64)


def _months(months: pd.Series) -> Numbers:
    known: Numbers = np.maximum(months.to_numpy(dtype=np.float64, na_value=np.nan), 0.0)
    return known
