"""Letters: what the template of a letter is given, on a page and in a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from features.authority import OFFICES
from serving.batch_wording import batch_number
from serving.desk.exchange import Exchange
from serving.desk.outbox import by_institution
from serving.desk.register import Batch
from serving.exchange.inquiry import Inquiry
from serving.exchange.request import asked_of, blank_of, long_day, placed
from serving.web.translated import translated
from serving.wording import wording

STYLE = Path(__file__).parents[1] / "static" / "letters.css"


def letter_facts(exchange: Exchange, batch: Batch, items: Iterable[Inquiry], alone: bool) -> dict[str, Any]:
    """Return what the letters to ``items`` say; ``alone``: with its style in it, to be kept as a file."""
    items, months = tuple(items), exchange.settings.inquiry_months
    companies = exchange.office.correspondence.companies
    return {
        "batch": batch,
        "parts": by_institution(items),
        "names": {item.key: exchange.name_of(*item.key) for item in items},
        "asked": {each.target_kind: asked_of(each.target_kind, each.requested_on, months) for each in items},
        "day_ja": long_day,
        "about": {each.debtor_id: about(each.debtor_id in companies, batch.restricted) for each in items},
        "blanks": {each.target_kind: blank_of(each.target_kind) for each in items},
        "offices": OFFICES,
        "title": batch_number(batch, wording("ja")),
        "style": STYLE.read_text(encoding="utf-8") if alone else "",
    }


def about(company: bool, restricted: bool) -> tuple[tuple[str, str], ...]:
    """Return the rows of a letter that say whom it is about: a label each, and what is to be filled in.

    >>> about(company=True, restricted=True)
    (('法人名', '{{法人名}}'),)
    """
    labels = ("カナ氏名", "生年月日", "住所", "法人名", "所在地")
    filled = zip(labels, placed(company, restricted), strict=True)
    return tuple((label, text) for label, text in filled if text)


def letters_file(exchange: Exchange, batch: Batch, items: Iterable[Inquiry]) -> bytes:
    """Return the letters as one HTML file that needs no other."""
    facts = letter_facts(exchange, batch, items, True)
    page = (
        translated("ja").get_template("letters.html").render(w=wording("ja"), office=exchange.office, **facts)
    )
    return page.encode()
