"""The appraisal: what a bundle expects of each pair, by what was learnt or by the officers' rules."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from features.matrix import Matrix
from models.bundle import Bundle
from models.know_how import know_how_forecast
from models.ranker import Scores, rule_frame

Floats = npt.NDArray[np.float64]


def appraise(bundle: Bundle, matrix: Matrix, arrears: Floats) -> Scores:
    """Return the scores of every pair of ``matrix``; ``arrears``: yen that its case owes, (n,)."""
    if bundle.ranker is not None:
        return bundle.ranker.scores(matrix)
    frame = rule_frame(matrix, matrix.pairs.kinds)
    told = know_how_forecast(frame, arrears, medians=bundle.medians)
    probability = told["probability"].to_numpy(dtype=float)
    share = told["expected_yen"].to_numpy(dtype=float) / np.maximum(arrears, 1.0)
    return Scores(np.log(probability / (1 - probability)), probability, np.clip(share, 0.0, 1.0))
