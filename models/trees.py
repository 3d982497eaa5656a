"""Trees: a LightGBM model as text that depends on the data and the settings alone."""

from __future__ import annotations

import re

import lightgbm as lgb

_THREADS = re.compile(r"^\[num_threads: \d+\]$", re.M)


def text_of(model: lgb.Booster) -> str:
    """Return the model in LightGBM's own text form.

    The number of threads that grew it is left out: the trees are the same with any, and so is then the text.
    """
    return _THREADS.sub("[num_threads: 0]", model.model_to_string())
