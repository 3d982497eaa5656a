"""What is filed with a training: plots that can be read, tables, a card, and nothing about anybody."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from features.ledger.snapshot import Ledger
from features.matrix import CATALOGUE, CATALOGUE_VERSION
from models.ranker import INPUTS, RankerSettings
from training.course import Lesson
from training.disparity import AGES, COMPANY, DEBTS, INCOMES
from training.papers.card import as_html, as_markdown, card_of
from training.papers.evidence import NAMES, Evidence, evidence_of
from training.papers.folder import write_papers
from training.papers.group_words import GROUP_WORDS
from training.present import INSTITUTIONS
from training.record import TrainingRecord
from training.registry.served import example_rows, write_served
from training.registry.store import Store, default_uri
from training.school import figures_of, parts_of, unlearnt

SETTINGS = RankerSettings(rounds=40, size_rounds=20, threads=1)
PLOTS = {"gain.svg", "shap.svg", "calibration.svg", "learning_curve.svg", "lift.svg"}


@pytest.fixture(scope="module")
def evidence(small_lesson: Lesson, small_ledger: Ledger) -> Evidence:
    found = evidence_of(small_lesson, small_ledger, SETTINGS)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def record(small_lesson: Lesson, small_ledger: Ledger) -> TrainingRecord:
    rows = {name: len(frame) for name, frame in small_ledger.frames.items()}
    figures, parts = figures_of(small_lesson), parts_of(small_lesson)
    params = {"folder": "town", "rounds": 40}
    return TrainingRecord(
        params, figures, small_ledger.fingerprint, rows, 3, 0, CATALOGUE_VERSION, parts=parts
    )


@pytest.fixture(scope="module")
def papers(
    small_lesson: Lesson, evidence: Evidence, record: TrainingRecord, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    write_papers(record, small_lesson.bundle, evidence, folder)
    return folder


def test_everything_is_there(papers: Path) -> None:
    assert {each.name for each in (papers / "plots").iterdir()} == PLOTS
    assert {each.name for each in (papers / "card").iterdir()} == {"model_card.md", "model_card.html"}
    catalogue = pd.read_csv(papers / "tables" / "catalogue.csv")
    assert catalogue["name"].tolist() == [each.name for each in CATALOGUE]
    assert catalogue[["unit", "meaning"]].notna().all(axis=None)


@pytest.mark.parametrize("name", sorted(PLOTS))
def test_a_plot_is_whole_speaks_both_languages_and_loads_nothing(papers: Path, name: str) -> None:
    text = (papers / "plots" / name).read_text(encoding="utf-8")
    root = ET.fromstring(text)
    words = "".join(root.itertext())
    assert re.search(r"[ぁ-ん]", words)
    assert re.search(r"[a-z]{4}", words)
    assert "nan" not in text
    assert not re.search(r"href|<script|<image", text)


def test_gains_add_up_and_every_input_has_a_name(evidence: Evidence) -> None:
    assert evidence.gains["gain"].sum() == pytest.approx(1.0)
    assert set(evidence.gains["feature"]) == set(INPUTS) <= set(NAMES)
    assert evidence.reasons["mean_share"].is_monotonic_decreasing


def test_asking_everybody_finds_everything(evidence: Evidence) -> None:
    assert evidence.lift.iloc[-1][["inquiries", "ranker", "know_how", "lift"]].tolist() == [1.0] * 4
    assert evidence.lift["ranker"].is_monotonic_increasing


def test_the_growth_curve_ends_with_the_training_itself(evidence: Evidence) -> None:
    assert evidence.growth["cases"].is_monotonic_increasing
    assert evidence.growth["value"].between(0, 1).all()
    assert len(evidence.growth) > 1


def test_every_group_has_words() -> None:
    groups = {name for bands in (AGES, INCOMES, DEBTS) for name, _ in bands}
    assert groups | {COMPANY, "all", "unknown", "age", "income", "debt"} == set(GROUP_WORDS)


def test_the_card_says_what_an_auditor_asks(
    small_lesson: Lesson, evidence: Evidence, record: TrainingRecord
) -> None:
    sections = card_of(record, small_lesson.bundle, evidence)
    titles = [each.title.en for each in sections]
    assert titles == [
        "Intended use", "Data", "Figures", "Fairness", "Limits", "Law", "Versions and settings"
    ]  # fmt: skip
    for page in (as_markdown(sections), as_html(sections)):
        for fact in (record.data_hash, record.commit, "国税徴収法 141", "asked_hit_at_1", "lightgbm"):
            assert fact in page
        assert "rows set aside" in page
        assert "65歳以上" in page


def test_a_card_of_the_rules_says_that_nothing_was_learnt(
    record: TrainingRecord, small_ledger: Ledger
) -> None:
    sections = card_of(record, unlearnt(small_ledger), None)
    assert "Fairness" not in [each.title.en for each in sections]
    assert "何も学習せず" in as_markdown(sections)


def test_each_fold_has_figures_with_intervals(record: TrainingRecord) -> None:
    assert [part.name for part in record.parts] == ["fold-1", "fold-2", "fold-3"]
    for part in record.parts:
        figure = part.metrics["asked_hit_at_1"]
        assert figure.low <= figure.value <= figure.high


def test_nothing_that_is_kept_names_anybody(papers: Path, small_lesson: Lesson, small_ledger: Ledger) -> None:
    """Debtors, officers, employers and payers, by number or name: in no artifact of a run."""
    home = papers.parent / "home"
    small_lesson.bundle.under("00" * 32).save(home / "bundle")
    with Store(default_uri(home), home).calm():
        write_served(home / "bundle", home / "model")
    targets = small_ledger["targets"]
    public = targets["target_kind"].isin(INSTITUTIONS)  # the bundle knows them, to notice mergers
    secret = set(small_ledger["debtors"]["debtor_id"]) | set(targets.loc[~public, "name"].dropna())
    secret -= {
        "ゆうちょ銀行"
    }  # features of the catalogue and rules of the office speak of it, of nobody's account
    secret |= set(small_ledger["incomes"]["employer_id"].dropna())
    secret |= set(small_ledger["incomes"]["payer_id"].dropna())
    secret |= set(small_ledger["staff"]["staff_id"])
    files = [each for each in (*papers.rglob("*"), *(home / "model").rglob("*")) if each.is_file()]
    assert len(files) > 15
    for file in files:
        words = set(re.findall(r"[^\s\"',:;|<>\[\](){}]+", file.read_text(encoding="utf-8")))
        assert words & secret == set(), file.name


def test_the_example_is_no_record(small_lesson: Lesson) -> None:
    assert small_lesson.matrix is not None
    real = small_lesson.matrix.values
    made = example_rows()[list(real.columns)].iloc[0]
    assert not (real == made.astype("float32")).all(axis=1).any()
