"""The ranker: which target first, by what is expected to be recovered within the arrears."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
import pandas as pd

from features.contacts import HARDSHIP_FEATURES
from features.matrix import CATALOGUE, Matrix
from models.blend import Blend, fit_blend
from models.calibration import Curve, fit_curve
from models.know_how import know_how_scores
from models.trees import text_of

Floats = npt.NDArray[np.float64]

RULES = "know_how_score"
_BY_CODE = ("contacts_means_", "contacts_result_")
INPUTS: tuple[str, ...] = (
    *(f.name for f in CATALOGUE if f.name not in HARDSHIP_FEATURES and not f.name.startswith(_BY_CODE)),
    RULES,
)
"""What the ranker reads: the catalogue but for signs of hardship, and the officers' rules as one score."""

FOLDS = 3


@dataclass(frozen=True)
class RankerSettings:
    """How the trees are grown. Shallow trees: an exact reason costs depth squared times leaves.

    ``unasked_weight``: what all pairs that nobody asked weigh together, against all that were answered.
    """

    rounds: int = 200
    size_rounds: int = 120
    leaves: int = 15
    learning_rate: float = 0.05
    least_rows: int = 60
    unasked_weight: float = 0.5
    seed: int = 0
    threads: int = 2


@dataclass(frozen=True)
class Outcomes:
    """What came of pairs, all (n,): ``hit`` 0/1, ``share`` of the arrears found (0..1), ``asked`` or not.

    A pair that nobody asked has no outcome; its zeros count as *probably none*, with a small weight. Officers
    ask what looks promising: a model that met asked targets alone believes that the others do as well.
    """

    hit: Floats
    share: Floats
    asked: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Scores:
    """Per pair, (n,): ``score`` (log-odds), ``probability`` of a hit, expected ``share`` of the arrears."""

    score: Floats
    probability: Floats
    share: Floats


@dataclass(frozen=True)
class Ranker:
    """``hit`` forecasts the log-odds of a hit, ``size`` those of the share of the arrears that a hit covers.

    ``probability`` and ``share`` turn the two (the first blended with the officers' rules) into a probability
    and into the share of the arrears that a hit covers, calibrated on cases not fitted on. Their product is
    what is expected to be recovered, and the order. The score, which the reasons take apart, is the sum of
    the two log-odds.
    """

    hit: lgb.Booster
    size: lgb.Booster
    blend: Blend
    probability: Curve
    share: Curve

    def scores(self, matrix: Matrix) -> Scores:
        """Return the scores of every pair of ``matrix``."""
        table = inputs_of(matrix)
        hit = self.blend.of(_raw(self.hit, table), _rules(table))
        size = _raw(self.size, table)
        probability = self.probability.at(hit)
        return Scores(hit + size, probability, probability * self.share.at(size))

    def contributions(self, table: pd.DataFrame) -> tuple[Floats, float]:
        """Return each input's exact share of each row's score, (n, inputs), and the base of every score.

        TreeSHAP without a background sample (shap's path-dependent mode, exact), in log-odds. The shares of
        the two models add, as their scores do; what the blend takes from the rules goes to their column.
        """
        (hit, hit_base), (size, size_base) = (_shares(each, table) for each in self._explainers)
        shares = self.blend.trees * hit + size
        column = table.columns.get_loc(RULES)
        shares[:, column] += self.blend.rules * (_rules(table) - self.blend.centre)
        return shares, self.blend.trees * hit_base + self.blend.shift + size_base

    @cached_property
    def _explainers(self) -> tuple[Any, Any]:
        return _explainer(self.hit), _explainer(self.size)

    def to_texts(self) -> dict[str, str]:
        """Return the ranker as named texts (LightGBM's own text form and JSON)."""
        curves = {
            "blend": asdict(self.blend),
            "probability": asdict(self.probability),
            "share": asdict(self.share),
        }
        return {
            "ranker_hit.txt": text_of(self.hit),
            "ranker_size.txt": text_of(self.size),
            "ranker_curves.json": json.dumps(curves),
        }

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> Ranker:
        """Return the ranker of ``to_texts``; errors of LightGBM or JSON where the texts are damaged."""
        curves = json.loads(texts["ranker_curves.json"])
        return cls(
            lgb.Booster(model_str=texts["ranker_hit.txt"]),
            lgb.Booster(model_str=texts["ranker_size.txt"]),
            Blend(**curves["blend"]),
            Curve(**{key: tuple(value) for key, value in curves["probability"].items()}),
            Curve(**{key: tuple(value) for key, value in curves["share"].items()}),
        )


def inputs_of(matrix: Matrix) -> pd.DataFrame:
    """Return the ranker's inputs of ``matrix``: float32, columns ``INPUTS``."""
    return matrix.values.assign(know_how_score=rule_scores(matrix).astype("float32"))[list(INPUTS)]


def rule_scores(matrix: Matrix) -> Floats:
    """Return the officers' rules' log-odds of every pair, (n,)."""
    return know_how_scores(rule_frame(matrix, _kinds(matrix))).to_numpy(dtype=float)


def rule_frame(matrix: Matrix, kinds: npt.NDArray[np.object_]) -> pd.DataFrame:
    """Return the matrix as the officers' rules read it: with ``target_kind``."""
    return matrix.values.assign(target_kind=kinds)


def _kinds(matrix: Matrix) -> npt.NDArray[np.object_]:
    return np.asarray(matrix.pairs.kinds, dtype=object)


@dataclass(frozen=True)
class HeldBack:
    """What models said of pairs they were not fitted on, all (n,).

    ``share``, ``probability``, the officers' ``rules``' score, and the number of the ``fold`` held back.
    """

    share: Floats
    probability: Floats
    rules: Floats
    fold: npt.NDArray[np.int64]


def fit_ranker(matrix: Matrix, outcomes: Outcomes, settings: RankerSettings) -> tuple[Ranker, HeldBack]:
    """Fit on answered pairs and unasked ones. Rows of one case stay in one fold.

    The curves see only scores of cases that were not fitted on, with the same weights as the trees.
    """
    table = inputs_of(matrix)
    weight = weights_of(outcomes, settings)
    fold = _folds(matrix, settings.seed)
    trees, size = np.zeros(len(table)), np.zeros(len(table))
    for number in range(FOLDS):
        held = fold == number
        hit_model, size_model = _fit(table, outcomes, weight, ~held, settings)
        trees[held], size[held] = _raw(hit_model, table[held]), _raw(size_model, table[held])
    blend = fit_blend(trees, _rules(table), outcomes.hit, weight)
    hit = blend.of(trees, _rules(table))
    found = outcomes.hit > 0
    ranker = Ranker(
        *_fit(table, outcomes, weight, np.ones(len(table), dtype=bool), settings),
        blend,
        fit_curve(hit, outcomes.hit, weight),
        fit_curve(size[found], outcomes.share[found], weight[found]),
    )
    probability = ranker.probability.at(hit)
    return ranker, HeldBack(probability * ranker.share.at(size), probability, _rules(table), fold)


def weights_of(outcomes: Outcomes, settings: RankerSettings) -> Floats:
    """Return the weight of each pair, (n,): 1 for an answered one, an equal small part for each other."""
    asked, others = int(outcomes.asked.sum()), int((~outcomes.asked).sum())
    return np.where(outcomes.asked, 1.0, settings.unasked_weight * asked / max(others, 1))


def _folds(matrix: Matrix, seed: int) -> npt.NDArray[np.int64]:
    cases = np.random.default_rng(seed).permutation(len(matrix.pairs.cases)) % FOLDS
    return np.asarray(cases[matrix.pairs.case], dtype=np.int64)


def _fit(
    table: pd.DataFrame,
    outcomes: Outcomes,
    weight: Floats,
    rows: npt.NDArray[np.bool_],
    settings: RankerSettings,
) -> tuple[lgb.Booster, lgb.Booster]:
    found = rows & (outcomes.hit > 0)
    hit = grow_hits(table, outcomes, weight, rows, settings)
    size = _grow(
        table[found],
        outcomes.share[found],
        weight[found],
        objective="cross_entropy",
        rounds=settings.size_rounds,
        settings=settings,
    )
    return hit, size


def grow_hits(
    table: pd.DataFrame,
    outcomes: Outcomes,
    weight: Floats,
    rows: npt.NDArray[np.bool_],
    settings: RankerSettings,
) -> lgb.Booster:
    """Return trees that forecast a hit, grown on the flagged rows of ``table``."""
    label, mass, rounds = outcomes.hit[rows], weight[rows], settings.rounds
    return _grow(table[rows], label, mass, objective="binary", rounds=rounds, settings=settings)


def _grow(
    table: pd.DataFrame,
    label: Floats,
    weight: Floats,
    *,
    objective: str,
    rounds: int,
    settings: RankerSettings,
) -> lgb.Booster:
    parameters = {
        "objective": objective,
        "learning_rate": settings.learning_rate,
        "num_leaves": settings.leaves,
        "max_depth": 6,
        "min_data_in_leaf": settings.least_rows,
        "feature_fraction": 0.5,
        "lambda_l2": 5.0,
        "seed": settings.seed,
        "num_threads": settings.threads,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }
    data = lgb.Dataset(table.to_numpy(), label, weight=weight, feature_name=list(table.columns))
    return lgb.train(parameters, data, rounds)


def _rules(table: pd.DataFrame) -> Floats:
    return table[RULES].to_numpy(dtype=np.float64)


def _explainer(model: lgb.Booster) -> Any:  # noqa: ANN401 - shap ships no types
    with warnings.catch_warnings():
        # Its plots use names that matplotlib is about to retire; no plot is drawn here.
        warnings.simplefilter("ignore")
        import shap  # noqa: PLC0415 - it takes a second, and a ranking without reasons needs none

        return shap.TreeExplainer(model)


def _shares(explainer: Any, table: pd.DataFrame) -> tuple[Floats, float]:  # noqa: ANN401
    # As from a call it does not warn that two-class output was a list in an older release: to silence that
    # would not be safe between the threads of a service.
    shares = np.asarray(explainer.shap_values(table.to_numpy(), from_call=True), dtype=np.float64)
    return shares, float(np.ravel(explainer.expected_value)[-1])


def _raw(model: lgb.Booster, table: pd.DataFrame) -> Floats:
    return np.asarray(model.predict(table.to_numpy(), raw_score=True), dtype=np.float64)
