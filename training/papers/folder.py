"""The folder of papers of one training: plots, the tables they were drawn from, and the model card."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from models.bundle import Bundle
from training.papers.card import as_html, as_markdown, card_of
from training.papers.evidence import Evidence, catalogue_table
from training.papers.plots import plots_of
from training.record import TrainingRecord

PLOTS, TABLES, CARD = "plots", "tables", "card"


def write_papers(record: TrainingRecord, bundle: Bundle, evidence: Evidence | None, folder: Path) -> None:
    """Write ``plots/*.svg``, ``tables/*.csv`` and ``card/model_card.md`` and ``.html`` below ``folder``."""
    for name in (PLOTS, TABLES, CARD):
        (folder / name).mkdir(parents=True, exist_ok=True)
    tables = {"catalogue": catalogue_table()}
    if evidence is not None:
        tables |= {each.name: getattr(evidence, each.name) for each in fields(Evidence)}
        for name, text in plots_of(evidence).items():
            (folder / PLOTS / name).write_text(text, encoding="utf-8")
    for name, table in tables.items():
        table.to_csv(folder / TABLES / f"{name}.csv", index=False, lineterminator="\n")
    sections = card_of(record, bundle, evidence)
    (folder / CARD / "model_card.md").write_text(as_markdown(sections), encoding="utf-8")
    (folder / CARD / "model_card.html").write_text(as_html(sections), encoding="utf-8")
