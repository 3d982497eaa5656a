"""Letters: what the template of a letter is given, on a page and in a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from serving.desk.exchange import Exchange
from serving.desk.outbox import by_institution
from serving.desk.register import Batch
from serving.exchange.inquiry import Inquiry
from serving.exchange.request import ADDRESS, BORN, NAME, asked_of, long_day
from serving.web.translated import translated
from serving.wording import wording

STYLE = Path(__file__).parents[1] / "static" / "letters.css"


def letter_facts(exchange: Exchange, batch: Batch, items: Iterable[Inquiry], alone: bool) -> dict[str, Any]:
    """Return what the letters to ``items`` say; ``alone``: with its style in it, to be kept as a file."""
    items, months = tuple(items), exchange.settings.inquiry_months
    return {
        "batch": batch,
        "parts": by_institution(items),
        "names": {item.key: exchange.name_of(*item.key) for item in items},
        "asked": {each.target_kind: asked_of(each.target_kind, each.requested_on, months) for each in items},
        "day_ja": long_day,
        "placeholders": {"name": NAME, "address": ADDRESS, "born": BORN},
        "style": STYLE.read_text(encoding="utf-8") if alone else "",
    }


def letters_file(exchange: Exchange, batch: Batch, items: Iterable[Inquiry]) -> bytes:
    """Return the letters as one HTML file that needs no other."""
    facts = letter_facts(exchange, batch, items, True)
    page = (
        translated("ja").get_template("letters.html").render(w=wording("ja"), office=exchange.office, **facts)
    )
    return page.encode()
