"""Difficulty: the minutes that a case will need, from what is known before the work starts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
import pandas as pd

from features.contacts import HARDSHIP_FEATURES
from features.profile import PROFILE_FEATURES
from models.growth import HARDEST
from models.proficiency import LEVELS, Paces, Speeds, case_kinds, fit_speeds
from models.recurrence import recurring_share
from models.trees import text_of

Numbers = npt.NDArray[np.float64]

INPUTS: tuple[str, ...] = tuple(f.name for f in PROFILE_FEATURES if f.name not in HARDSHIP_FEATURES)
"""The columns of the profile that a forecast of minutes reads; hardship is none of them."""

_READ = tuple(f for f in PROFILE_FEATURES if f.name in INPUTS)
_NAMES = (
    tuple(f.absent if f.unit == "flag" else f.label for f in _READ),
    tuple(f.sentence if f.unit == "flag" else f.label for f in _READ),
)

FOLDS = 4
ROUNDS = 200
ALTERNATIONS = 2  # officers and cases are told apart in turn; measured to stand still after two
INTERVAL = (0.1, 0.9)
FORM = 3  # of the stored text
SETTINGS: Mapping[str, object] = {
    "objective": "regression",
    "learning_rate": 0.06,
    "num_leaves": 7,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.5,
    "lambda_l2": 5.0,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
"""Small trees: minutes are noisy, and deeper ones forecast later work worse on both example cities."""


@dataclass(frozen=True)
class Difficulty:
    """Minutes of the office's mean officer. ``handling`` and ``selecting`` forecast their logarithms.

    ``low`` and ``high``: log distances from the median to the 80 % interval. ``cuts``: borders in minutes
    between the levels 1 to 5 (fifths of the work it was fitted on). ``usual`` and ``spread``: mean and
    standard deviation of the expected log minutes. ``recurring``: see ``models.recurrence``. ``speeds``: see
    ``Speeds``.
    """

    handling: lgb.Booster
    selecting: lgb.Booster
    low: float
    high: float
    cuts: tuple[float, ...]
    usual: float
    spread: float
    recurring: float
    speeds: Speeds

    def predict(self, profiles: pd.DataFrame, before: Numbers | None = None) -> pd.DataFrame:
        """Return minutes, low, high, selecting_minutes, hardness (float64), level (int64) per row.

        ``minutes`` is the median. ``before``: log minutes that earlier work on the same debtor adds (see
        ``known_before``). ``hardness``: standard deviations of the log minutes from the usual, -2 to 2.
        """
        table = profiles[list(INPUTS)].to_numpy(dtype=np.float64)
        known = 0.0 if before is None else before
        expected = np.asarray(self.handling.predict(table), dtype=np.float64) + known
        picking = np.asarray(self.selecting.predict(table), dtype=np.float64) + known
        minutes = np.exp(expected)
        columns = {
            "minutes": minutes,
            "low": np.exp(expected + self.low),
            "high": np.exp(expected + self.high),
            "selecting_minutes": np.minimum(np.exp(picking), minutes),
            "hardness": self.hardness(expected),
            "level": (1 + np.searchsorted(np.asarray(self.cuts), minutes, side="right")).astype(np.int64),
        }
        return pd.DataFrame(columns, index=profiles.index)

    def hardness(self, log_minutes: Numbers) -> Numbers:
        """Return standard deviations from the usual expected log minutes, cut off at 2 on either side."""
        return np.asarray(np.clip((log_minutes - self.usual) / self.spread, -HARDEST, HARDEST))

    def contributions(self, profiles: pd.DataFrame) -> pd.DataFrame:
        """Return the exact TreeSHAP of log(minutes): one column per input, and ``base``; rows add up."""
        table = profiles[list(INPUTS)].to_numpy(dtype=np.float64)
        shares = np.zeros((0, len(INPUTS) + 1))  # the library cannot explain an empty table
        if len(table):
            shares = np.asarray(self.handling.predict(table, pred_contrib=True))
        return pd.DataFrame(shares, index=profiles.index, columns=[*INPUTS, "base"])

    def drivers(self, profiles: pd.DataFrame, top: int = 2) -> list[tuple[str, ...]]:
        """Return per row, in Japanese, the up to ``top`` inputs that lengthen the work most.

        A flag is named by its fact (電話番号の把握がない), a number by its label (未納の件数).
        """
        shares = self.contributions(profiles)[list(INPUTS)].to_numpy()
        order = np.argsort(-shares, axis=1, kind="stable")[:, :top]
        values = np.take_along_axis(profiles[list(INPUTS)].to_numpy(dtype=np.float64), order, axis=1)
        set_flags = (values == 1).astype(np.int64)
        longer = np.take_along_axis(shares, order, axis=1) > 0
        return [
            tuple(_NAMES[flag][place] for place, flag, lengthens in zip(*each, strict=True) if lengthens)
            for each in zip(order, set_flags.tolist(), longer, strict=True)
        ]

    def to_text(self) -> str:
        """Return the whole model as JSON, its trees in LightGBM's own text."""
        stored = {
            "handling": text_of(self.handling),
            "selecting": text_of(self.selecting),
            "low": self.low,
            "high": self.high,
            "cuts": self.cuts,
            "usual": self.usual,
            "spread": self.spread,
            "recurring": self.recurring,
            "form": FORM,
            "speeds": self.speeds.to_text(),
            "inputs": INPUTS,
        }
        return json.dumps(stored, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_text(cls, text: str, key: str = "") -> Difficulty:
        """Return the model that ``to_text`` wrote; ValueError when it was made for other inputs.

        ``key``: of the officers' pseudonyms; ForeignKeyError when it is another one.
        """
        stored = json.loads(text)
        if tuple(stored["inputs"]) != INPUTS or stored.get("form") != FORM:
            raise ValueError("難易度モデルは別の特徴量で作られています。学習をやり直してください。")
        return cls(
            lgb.Booster(model_str=stored["handling"]),
            lgb.Booster(model_str=stored["selecting"]),
            float(stored["low"]),
            float(stored["high"]),
            tuple(stored["cuts"]),
            float(stored["usual"]),
            float(stored["spread"]),
            float(stored["recurring"]),
            Speeds.from_text(stored["speeds"], key),
        )


def fit_difficulty(
    profiles: pd.DataFrame,
    minutes: pd.DataFrame,
    officers: pd.DataFrame,
    *,
    seed: int = 0,
    num_threads: int = 1,
    rounds: int = ROUNDS,
) -> Difficulty:
    """Fit the minutes of recorded work; what is the officer's is told apart from what is the case's.

    ``profiles``: ``build_profiles`` on the eve of each start. ``minutes``: handling_minutes (missing where
    the work is still open), selecting_minutes (above zero), and debtor_id where it is known. ``officers``:
    staff_id, months_in_post. All three run in parallel. ValueError when there is no work to learn from.
    """
    ended = minutes["handling_minutes"].notna().to_numpy()
    if ended.sum() < 2 * FOLDS:
        raise ValueError(
            "終了した担当が少なすぎて難易度を学習できません。担当（assignments）を確認してください。"
        )
    settings = {**SETTINGS, "seed": seed, "num_threads": num_threads}
    table = profiles[list(INPUTS)].to_numpy(dtype=np.float64)
    total, choosing = _logs(minutes["handling_minutes"]), _logs(minutes["selecting_minutes"])
    known = officers[["staff_id", "months_in_post"]].assign(kind=case_kinds(profiles).to_numpy())
    paces, cases = _told_apart(table, (total, choosing), known, settings, rounds)
    left = (total - paces.handling - cases)[ended]
    low, high = np.quantile(left, INTERVAL)
    edges = np.quantile(np.exp(cases[ended]), np.arange(1, LEVELS) / LEVELS)
    debtors = minutes["debtor_id"][ended] if "debtor_id" in minutes else None
    return Difficulty(
        _trees(table, total - paces.handling, settings, rounds),
        _trees(table, choosing - paces.choosing, settings, rounds),
        float(low),
        float(high),
        tuple(float(edge) for edge in edges),
        float(cases[ended].mean()),
        _spread(cases[ended]),
        0.0 if debtors is None else recurring_share(left, debtors),
        paces.speeds,
    )


def _told_apart(
    table: Numbers,
    logs: tuple[Numbers, Numbers],
    officers: pd.DataFrame,
    settings: Mapping[str, object],
    rounds: int,
) -> tuple[Paces, Numbers]:
    """Return the officers' paces and the out-of-fold log minutes of each case, estimated in turn.

    ``logs``: of the whole handling and of choosing.
    """
    total, choosing = logs
    pace, picking = np.zeros(len(total)), np.zeros(len(total))
    for _ in range(ALTERNATIONS):
        cases = _out_of_fold(table, total - pace, settings, rounds)
        picks = _out_of_fold(table, choosing - picking, settings, rounds)
        hardness = np.clip((cases - cases.mean()) / _spread(cases), -HARDEST, HARDEST)
        rest = pd.DataFrame({"handling": total - cases, "choosing": choosing - picks})
        paces = fit_speeds(rest, officers.assign(hardness=hardness))
        pace, picking = paces.handling, paces.choosing
    return paces, cases


def _out_of_fold(table: Numbers, logs: Numbers, settings: Mapping[str, object], rounds: int) -> Numbers:
    """Return a forecast for every row by trees that did not see it; rows without minutes teach nothing."""
    fold = np.arange(len(logs)) % FOLDS
    found = np.empty(len(logs))
    for held in range(FOLDS):
        trees = _trees(table[fold != held], logs[fold != held], settings, rounds)
        found[fold == held] = np.asarray(trees.predict(table[fold == held]))
    return found


def _trees(table: Numbers, logs: Numbers, settings: Mapping[str, object], rounds: int) -> lgb.Booster:
    told = ~np.isnan(logs)
    data = lgb.Dataset(table[told], logs[told], feature_name=list(INPUTS))
    return lgb.train(dict(settings), data, num_boost_round=rounds)


def _spread(logs: Numbers) -> float:
    return max(float(logs.std()), 1e-3)


def _logs(minutes: pd.Series) -> Numbers:
    known = np.asarray(minutes.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
    return np.log(np.maximum(known, 1.0))
