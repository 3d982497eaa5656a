"""What MLflow serves is what the product says, to the last digit."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import pandas as pd
import pytest

from features.ledger.snapshot import Ledger
from models.adviser import Adviser, Ranking
from models.bundle import Bundle, BundleProblem
from training.course import Lesson
from training.registry.parcel import write_served
from training.registry.served import FEATURES, KEYS, ServedRanking, _load_pyfunc, example_rows, rows_of
from training.registry.store import Store, default_uri
from training.school import unlearnt


def ranked(bundle: Bundle, ledger: Ledger) -> tuple[Ranking, pd.DataFrame]:
    """Return the product's ranking of cases that were never asked about, and the rows that say the same."""
    asked = set(ledger["inquiries"]["debtor_id"])
    ids = [each for each in ledger["debtors"]["debtor_id"] if each not in asked][:40]
    adviser = Adviser(bundle, ledger)
    cases = adviser.cases_of(ids)
    owed = np.linspace(30_000.0, 900_000.0, len(cases))
    ranking = adviser.rank(cases, 10_000, owed)
    return ranking, rows_of(ranking.matrix, pd.Series(owed))


def assert_same(told: pd.DataFrame, ranking: Ranking) -> None:
    product = ranking.rows.sort_values("row").reset_index(drop=True)
    assert len(product) == len(told) > 500
    assert told["probability"].tolist() == product["probability"].tolist()
    assert told["expected_yen"].tolist() == product["yen"].tolist()
    assert told["order"].tolist() == product["rank"].tolist()


def test_it_answers_as_the_product(small_lesson: Lesson, small_ledger: Ledger) -> None:
    ranking, rows = ranked(small_lesson.bundle, small_ledger)
    assert_same(ServedRanking(small_lesson.bundle).predict(rows), ranking)


def test_rules_alone_are_served_too(small_ledger: Ledger) -> None:
    bundle = unlearnt(small_ledger)
    ranking, rows = ranked(bundle, small_ledger)
    assert_same(ServedRanking(bundle).predict(rows), ranking)


def test_a_target_asked_lately_has_no_place(small_lesson: Lesson) -> None:
    rows = example_rows().assign(asked_days=[10.0, 900.0], recent_blank_days=np.nan, found_days=np.nan)
    assert ServedRanking(small_lesson.bundle).predict(rows)["order"].tolist() == [0, 1]


def test_a_damaged_bundle_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BundleProblem, match="壊れているか足りません"):
        _load_pyfunc(str(tmp_path))


def test_the_example_is_made_up_and_fits() -> None:
    assert list(example_rows().columns) == [*KEYS, *FEATURES]


@pytest.mark.slow
def test_mlflow_serves_it_by_itself(
    starter: Callable[..., Any], small_lesson: Lesson, small_ledger: Ledger, tmp_path: Path
) -> None:
    small_lesson.bundle.under("00" * 32).save(tmp_path / "bundle")  # nobody gives MLflow the key
    with Store(default_uri(tmp_path), tmp_path).calm():
        write_served(tmp_path / "bundle", tmp_path / "model")
    files = [each for each in (tmp_path / "model").rglob("*") if each.is_file()]
    assert {each.suffix for each in files} <= {"", ".json", ".yaml", ".txt"}  # text alone, no pickle
    ranking, rows = ranked(small_lesson.bundle, small_ledger)

    def command(port: int) -> list[str]:
        return [
            sys.executable, "-m", "mlflow", "models", "serve", "--model-uri", str(tmp_path / "model"),
            "--env-manager", "local", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        ]  # fmt: skip

    served = starter(command, tmp_path / "serving", "/ping")
    data = rows.astype(object).where(rows.notna(), None).to_numpy().tolist()
    body = {"dataframe_split": {"columns": list(rows), "data": data}}
    assert_same(answer(served.url, body), ranking)
    example = json.loads((tmp_path / "model" / "serving_input_example.json").read_text(encoding="utf-8"))
    assert len(answer(served.url, example)) == 2
    with pytest.raises(HTTPError, match="400"):
        answer(served.url, {"dataframe_split": {"columns": ["case"], "data": [["A"]]}})


def answer(url: str, body: dict[str, Any]) -> pd.DataFrame:
    request = Request(
        f"{url}/invocations",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=120) as page:
        return pd.DataFrame(json.load(page)["predictions"])
