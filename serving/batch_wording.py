"""What a batch of inquiries is called: by its number within the fiscal year."""

from __future__ import annotations

from features.ledger.days import era_fiscal_year
from serving.desk.register import Batch
from serving.wording import Wording


def batch_name(batch: Batch, w: Wording) -> str:
    """Return the name of a batch."""
    return w("batch.name", number=batch_number(batch, w))


def batch_number(batch: Batch, w: Wording) -> str:
    """Return the number of a batch; one from before batches were numbered by year keeps its own."""
    if not batch.in_year:
        return w("batch.numbered", number=batch.number)
    year = era_fiscal_year(batch.fiscal_year) if w.language == "ja" else str(batch.fiscal_year)
    return w("batch.numbered.year", year=year, number=batch.in_year)


def batch_file(batch: Batch, kind: str, code: str, ending: str = "") -> str:
    """Return the name of a file of a batch: its year and number, and the institution's kind and code."""
    number = f"{batch.fiscal_year}-{batch.in_year}" if batch.in_year else f"{batch.number}"
    name = "-".join(part for part in ("shokai", number, kind, code) if part)
    return f"{name}.{ending}" if ending else name
