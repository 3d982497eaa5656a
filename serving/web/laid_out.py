"""Pieces of pages that are the same whoever looks at them: each is laid out once."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from markupsafe import Markup

from serving.web.translated import translated
from serving.wording import wording

MOST_KEPT = 20_000
"""Pieces kept, of about a kilobyte each."""


def lay_out(template: str, part: str, language: str, *about: object) -> Markup:
    """Return what the macro ``part`` of a template makes of this; it sees nothing else but the wording."""
    macro = getattr(translated(language).get_template(template).module, part)
    piece: Markup = macro(wording(language), *about)
    return piece


@lru_cache(maxsize=MOST_KEPT)
def laid_out(template: str, part: str, language: str, *about: Hashable) -> Markup:
    """Return what the macro ``part`` of a template makes of exactly this.

    It sees nothing but the wording and what it is given, so what is kept stays true for as long as the
    process lives; who may see a piece is decided before it is asked for.
    """
    return lay_out(template, part, language, *about)
