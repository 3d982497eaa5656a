"""The served model: a bundle that MLflow can serve by itself, without a ledger, a page or a pickle.

MLflow names this module in the model's folder and calls ``_load_pyfunc``; the model is built anew from the
bundle's text files. It takes rows of the matrix (one row a case and target: the features of the catalogue,
the kind of the target, the arrears) and answers as the product does where the case has no answers of its own
yet. A case's tables alone would not do: many features tell how a target answered about everybody else, which
only the whole ledger knows.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from features.candidates import Pairs
from features.matrix import CATALOGUE, Matrix
from models.appraisal import appraise
from models.bundle import Bundle, load_bundle
from models.quiet import may_be_asked

FEATURES = tuple(each.name for each in CATALOGUE)
KEYS = ("case", "target_kind", "owed")
"""What a row says beside its features: a name that rows of one case share, the target's kind, yen it owes."""

_UNITS: Mapping[str, float] = {
    "yen": 120_000.0,
    "days": 400.0,
    "years": 2.0,
    "months": 8.0,
    "minutes": 30.0,
    "count": 1.0,
    "people": 2.0,
    "share": 0.3,
    "flag": 0.0,
    "log-odds": -1.0,
    "score": 0.5,
}
"""A made-up value of each unit, for the example: no record of anybody."""


@dataclass(frozen=True)
class ServedRanking:
    """A bundle behind MLflow's ``predict``."""

    bundle: Bundle

    def predict(self, rows: pd.DataFrame, params: Mapping[str, object] | None = None) -> pd.DataFrame:
        """Return probability, expected_yen and order of each row of ``rows``, in their order.

        ``rows``: the columns ``KEYS`` and ``FEATURES``. ``order`` counts within the case, 1 = ask first, and
        is 0 for a target asked so lately that it is not proposed again yet. Ties go to the row that
        comes first.
        """
        matrix = _matrix_of(rows, self.bundle.opt_in)
        arrears = rows["owed"].to_numpy(dtype=np.float64)
        scores = appraise(self.bundle, matrix, arrears)
        told = pd.DataFrame(
            {
                "case": matrix.pairs.case,
                "free": may_be_asked(matrix.values),
                "share": np.clip(scores.share, 0.0, 1.0),
                "score": scores.score,
            }
        )
        falling = told.sort_values(["case", "share", "score"], ascending=[True, False, False], kind="stable")
        place = falling[falling["free"]].groupby("case").cumcount() + 1
        return pd.DataFrame(
            {
                "probability": scores.probability,
                "expected_yen": np.floor(told["share"].to_numpy() * arrears).astype(np.int64),
                "order": place.reindex(told.index, fill_value=0).to_numpy(dtype=np.int64),
            }
        )


def rows_of(matrix: Matrix, arrears: pd.Series) -> pd.DataFrame:
    """Return the rows that say to a served model what ``matrix`` says; ``arrears``: yen per case."""
    case = matrix.pairs.case
    keys = pd.DataFrame(
        {
            "case": case.astype(str),
            "target_kind": matrix.pairs.kinds.astype(str),
            "owed": arrears.to_numpy(dtype=np.float64)[case],
        }
    )
    return pd.concat([keys, matrix.values.astype(np.float64)], axis=1)


def example_rows() -> pd.DataFrame:
    """Return made-up rows: two targets of one case."""
    row = {feature.name: _UNITS[feature.unit] for feature in CATALOGUE}
    keys = pd.DataFrame({"case": ["A", "A"], "target_kind": ["bank", "employer"], "owed": 250_000.0})
    return pd.concat([keys, pd.DataFrame([row, row])], axis=1)


def write_served(bundle: Path, folder: Path) -> None:
    """Write the bundle as a model folder of MLflow; to be called inside ``Store.calm``."""
    import mlflow.pyfunc  # noqa: PLC0415
    from mlflow.models import ModelSignature  # noqa: PLC0415
    from mlflow.types import ColSpec, DataType, Schema  # noqa: PLC0415

    kinds = {"case": DataType.string, "target_kind": DataType.string}
    inputs = [ColSpec(kinds.get(name, DataType.double), name) for name in (*KEYS, *FEATURES)]
    outputs = [
        ColSpec(DataType.double, "probability"),
        ColSpec(DataType.long, "expected_yen"),
        ColSpec(DataType.long, "order"),
    ]
    with tempfile.TemporaryDirectory(prefix="tegakari-") as scratch:
        # MLflow names the folder inside the model after the one it was given.
        named = Path(shutil.copytree(bundle, Path(scratch) / "bundle"))
        mlflow.pyfunc.save_model(
            str(folder),
            loader_module=__name__,
            data_path=str(named),
            signature=ModelSignature(Schema(inputs), Schema(outputs)),
            input_example=example_rows(),
            pip_requirements=[f"{name}=={version(name)}" for name in ("tegakari", "mlflow")],
        )


def _load_pyfunc(path: str) -> ServedRanking:
    # The key of the officers' pseudonyms stays in the office, and ranking needs nobody's speed.
    return ServedRanking(load_bundle(Path(path), matching=False))


def _matrix_of(rows: pd.DataFrame, opt_in: tuple[str, ...]) -> Matrix:
    case, names = pd.factorize(rows["case"])
    targets = pd.DataFrame({"target_kind": rows["target_kind"].to_numpy(dtype=object)})
    pairs = Pairs(pd.DataFrame({"case": names}), case.astype(np.int64), np.arange(len(rows)), targets)
    closed = [each.name for each in CATALOGUE if each.opt_in and each.opt_in not in opt_in]
    values = rows[list(FEATURES)].reset_index(drop=True).assign(**dict.fromkeys(closed, float("nan")))
    return Matrix(pairs, values.astype("float32"), pd.DataFrame())
