"""A sign of drift in words: what is watched, by the name that officers and data staff know."""

from __future__ import annotations

import math

from features.matrix import CATALOGUE
from serving.wording import Wording
from training.drift import Sign


def name_of(sign: Sign, words: Wording) -> str:
    """Return the name of what a sign watches, in the language of ``words``."""
    if sign.what in {"input", "missing"}:
        known = next((f for f in CATALOGUE if f.name == sign.name), None)
        if known is None:
            return words("drift.rules")
        # The catalogue's meanings are part of its version, and name groups as columns do: direct_debit.
        return known.label if words.language == "ja" else known.meaning.replace("_", " ")
    if sign.what == "outcome":
        return words.term("kind", sign.name)
    if sign.what == "institution":
        return sign.named or sign.name
    return words(f"drift.{sign.what}.name")


def told(sign: Sign, words: Wording) -> str:
    """Return a flagged sign as one sentence."""
    left = sign.what == "institution" and not math.isnan(sign.then)
    key = "institution.gone" if left else sign.what
    return words(
        f"drift.told.{key}",
        name=name_of(sign, words),
        then=f"{sign.then:.1%}",
        now=f"{sign.now:.1%}",
        value=f"{sign.value:.2f}",
        bound=f"{sign.bound:.2f}",
    )
